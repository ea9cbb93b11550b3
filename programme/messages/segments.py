"""How many text messages a text takes, and which of its characters make it more."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""GSM 03.38: these take two of the 160 places."""
MOST_NAMED = 8
"""With more, the text is in letters of its own."""
PLAINER = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
"""What keyboards put in by themselves, and what says the same within the small alphabet."""


@dataclass(frozen=True)
class Length:
    """How long a text is as text messages. `used` and `room` count places, over all of them."""

    segments: int
    used: int
    room: int
    outside: tuple[str, ...]
    """The characters outside the small alphabet: one is enough to leave 70 places for 160."""

    @property
    def in_words(self) -> str:
        """ "1 text message, 143 of 160" """
        noun = "text message" if self.segments == 1 else "text messages"
        return f"{self.segments} {noun}, {self.used} of {self.room}"

    @property
    def why(self) -> str:
        """Which characters take the room, and what to write instead; empty when none does."""
        if not self.outside:
            return ""
        sentence = (
            f"{_named(self.outside)} not in the small alphabet of text messages, so one holds 70 "
            "characters and not 160."
        )
        instead = [f"{PLAINER[each]} for {each}" for each in self.outside if each in PLAINER]
        return f"{sentence} Write {', '.join(instead)}." if instead else sentence


def measure(text: str) -> Length:
    """How long a text is: 160 places in one text message, 153 in each of several.

    A single character outside the alphabet of GSM 03.38 makes it 70 and 67.
    """
    outside = tuple(dict.fromkeys(each for each in text if each not in BASIC | EXTENDED))
    if outside:
        return _length([len(each.encode("utf-16-le")) // 2 for each in text], 70, 67, outside)
    return _length([2 if each in EXTENDED else 1 for each in text], 160, 153, ())


def count_segments(text: str) -> int:
    """How many text messages a text takes."""
    return measure(text).segments


def _named(outside: tuple[str, ...]) -> str:
    if len(outside) > MOST_NAMED:
        return "Its letters are"
    named = ", ".join(f"“{each}”" for each in outside)
    return f"{named} is" if len(outside) == 1 else f"{named} are"


def _length(widths: list[int], alone: int, of_several: int, outside: tuple[str, ...]) -> Length:
    """A character of two places is never cut in half."""
    used = sum(widths)
    if used <= alone:
        return Length(1, used, alone, outside)
    segments, filled = 1, 0
    for width in widths:
        if filled + width > of_several:
            segments, filled = segments + 1, 0
        filled += width
    return Length(segments, used, segments * of_several, outside)
