"""Postcodes by the shape that BS 7666 gives them, and no list of which exist."""

import re

_SHAPE = re.compile(
    r"(GIR0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]?|[0-9][A-HJKPS-UW])"
    r"[0-9][ABD-HJLNP-UW-Z]{2})"
)
_IN_TEXT = re.compile(r"\b(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? *[0-9][A-Z]{2})\b", re.IGNORECASE)


def is_postcode(text: str) -> bool:
    return tidy_postcode(text) is not None


def tidy_postcode(text: str) -> str | None:
    """`l8 1tj` becomes `L8 1TJ`; None when it is not a whole postcode."""
    letters = "".join(text.split()).upper()
    if not letters.isascii() or not _SHAPE.fullmatch(letters):
        return None
    return f"{letters[:-3]} {letters[-3:]}"


def take_postcode(text: str) -> tuple[str, str | None]:
    """The text without its last whole postcode, and that postcode, tidy."""
    for found in reversed(list(_IN_TEXT.finditer(text))):
        if postcode := tidy_postcode(found.group()):
            return text[: found.start()] + text[found.end() :], postcode
    return text, None
