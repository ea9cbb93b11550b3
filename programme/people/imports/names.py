"""Names in one column or two, with their particles, titles and nicknames."""

import re
from dataclasses import dataclass

from programme.people.imports.found import Found, is_nothing, notice, problem, shown
from programme.people.imports.relationships import is_relationship

_TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|rev|revd|sir|prof|lady|master|mr & mrs)(?:\.\s*|\s+)", re.IGNORECASE
)
_TITLE_LAST = re.compile(r"[\s,]+(?:mr|mrs|ms|miss|mx|dr)\.?$", re.IGNORECASE)
_NO_NICKNAME = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|rev|prof)\.?|(?:she|he|they)\b.*|(?:n[eé]e|formerly)\b.*",
    re.IGNORECASE,
)
_NICKNAME = re.compile(r"\s*(?:\(([^()]+)\)|(?<!\S)[\"“”'‘]([^\"“”]+?)[\"“”'’](?!\S))\s*")
_CALLED = re.compile(r"^(?:known as|aka|likes|prefers|goes by|a\.k\.a\.?)[:\s]+", re.IGNORECASE)
_TWO_PEOPLE = re.compile(r"\s(?:and|&|\+)\s|\s/\s", re.IGNORECASE)
_PARTICLES = {
    "ap", "ab", "ferch", "van", "von", "der", "den", "de", "da", "di", "du", "dos", "la", "le",
    "el", "al", "bin", "binti", "bint", "ibn", "st", "st.", "ten", "ter", "del", "della", "des",
    "mac", "ó", "ní", "nic", "abu", "zu", "af",
}  # fmt: skip
_NOT_GIVEN = {"unknown", "tbc", "tba", "none", "nil", "null"}
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Name:
    first: str = ""
    surname: str = ""
    known_as: str = ""


def read_name(*, first: str, surname: str, full: str) -> Found[Name]:
    """The two columns go before the one; what they leave blank the one fills."""
    first, surname, full = (_given(text) for text in (first, surname, full))
    if not (first or surname or full):
        return problem(Name(), "there is no name. Ask for it, or leave this person out for now.")
    if _TWO_PEOPLE.search(first or full):
        return problem(
            Name(),
            f"“{shown(first or full)}” looks like two people."
            " Give each a row of their own, or leave them out for now.",
        )
    return _checked(_together(first, surname, full))


def split_full_name(text: str) -> Name:
    """`Wilson, Karen`, `Karen Wilson`, `WILSON Karen`, `Karen "Kaz" Wilson`."""
    text, known_as = _without_nickname(_without_title(text))
    first, surname = _parts(text)
    return Name(tidy_name(_without_title(first)), tidy_name(surname), tidy_name(known_as))


def put_comma_after_surname(text: str) -> str:
    """For a column headed `Surname, first name` whose cells leave out the comma."""
    words = text.split()
    if "," in text or len(words) < 2:
        return text
    count = 1
    while count < len(words) - 1 and words[count - 1].casefold() in _PARTICLES:
        count += 1
    return f"{' '.join(words[:count])}, {' '.join(words[count:])}"


def _given(text: str) -> str:
    """`No` and `Na` are surnames, whatever they mean in other columns."""
    is_blank = is_nothing(text) and not text.strip().isalpha()
    return "" if is_blank or text.casefold() in _NOT_GIVEN else " ".join(text.split())


def _together(first: str, surname: str, full: str) -> Name:
    split = split_full_name(full)
    own_first, known_as = _without_nickname(_without_title(first))
    return Name(
        first=tidy_name(own_first) or split.first,
        surname=tidy_name(surname) or split.surname,
        known_as=tidy_name(known_as) or split.known_as,
    )


def _checked(name: Name) -> Found[Name]:
    if not re.search(r"[^\W\d_]", name.first):
        sentence = "there is no first name. Ask for it, or leave this person out for now."
        return problem(Name("", name.surname, name.known_as), sentence)
    if re.search(r"\d|@|https?:|www\.", name.first + name.surname) or _is_long(name):
        return problem(
            Name(),
            f"“{shown(f'{name.first} {name.surname}')}” does not look like a name."
            " Ask for it, or leave this person out for now.",
        )
    return Found(name) if name.surname else notice(name, "there is no surname.")


def _is_long(name: Name) -> bool:
    return len(name.first) + len(name.surname) > _LONGEST


def _without_title(text: str) -> str:
    return _TITLE_LAST.sub("", _TITLE.sub("", text.strip()))


def _without_nickname(text: str) -> tuple[str, str]:
    found = _NICKNAME.search(text)
    if not found or found.span() == (0, len(text)):
        return text, ""
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return rest, _nickname(_CALLED.sub("", found[1] or found[2]).strip())


def _nickname(text: str) -> str:
    """`(Mrs)`, `(she/her)`, `(née Jones)` and `(gran)` are nothing to call somebody by."""
    return "" if _NO_NICKNAME.fullmatch(text) or is_relationship(text) else text


def _parts(text: str) -> tuple[str, str]:
    """First names and surname."""
    if "," in text:
        surname, _, first = text.partition(",")
        return first.strip(" ,"), surname
    words = text.split()
    if len(words) < 2:
        return text, ""
    at = _shouted(words)
    if at:
        return " ".join(words[at:]), " ".join(words[:at])
    at = _start_of_surname(words)
    return " ".join(words[:at]), " ".join(words[at:])


def _shouted(words: list[str]) -> int:
    """`VAN DER BERG Anna`: how many words in capitals stand before others."""
    count = 0
    while count < len(words) and words[count].isupper() and len(words[count]) > 1:
        count += 1
    return count if count < len(words) else 0


def _start_of_surname(words: list[str]) -> int:
    for position in range(1, len(words) - 1):
        if words[position].casefold() in _PARTICLES:
            return position
    return len(words) - 1


def tidy_name(text: str) -> str:
    """A name in capitals only, or in none, is written as names are."""
    text = " ".join(text.split()).strip(" ,;")
    if len(text) > 2 and (text.isupper() or text.islower()):
        return " ".join(_cased(word) for word in text.casefold().split())
    return text


def _cased(word: str) -> str:
    if word in _PARTICLES:
        return word
    capital = re.sub(r"(^|[-'’])([^\W\d_])", lambda found: found[1] + found[2].upper(), word)
    return re.sub(r"^Mc([a-z])", lambda found: f"Mc{found[1].upper()}", capital)
