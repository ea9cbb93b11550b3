"""Children in one cell: `Nicholas 16; Ellie 9`, `Ola (4)`, `Zoe (12) and Cara, 8`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from programme.people.imports.dates import read_date
from programme.people.imports.found import Found, is_nothing
from programme.people.imports.names import tidy_name

OLDEST = 25
_LETTER = r"[^\W\d_]"
_DAY = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} (?:19|20)\d{2}"
    r"|(?<!\d)[34]\d{4}(?!\d)"  # a day as a spreadsheet counts them
)
_AGED = re.compile(
    rf"(?P<name>{_LETTER}[^\d;,\n&/()]{{0,60}}?)?"
    r"[\s,:;(\[=\-–]{0,6}"
    r"(?:(?:aged?|born(?: in)?|dob|b|d\.o\.b|yob|year of birth)[.:]?\s*)?"
    r"(?P<number>(?:19|20)\d{2}|\d{1,2})(?:[.,½¼¾]\d?)?\s*"
    r"(?P<unit>(?:months?|mths?|mos?|weeks?|wks?|m|days?)\b|(?:years?|yrs?|y/?o?)\b)?"
    r"(?:\s*(?:old|of age|[oO]ld))?[\s)\]]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[;,\n&/+|]|\band\b|\ba\b(?=\s+[A-Z]))\s*", re.IGNORECASE)
_NOT_NAMES = re.compile(
    r"\b(twins?|triplets?|and|aged?|born|dob|both|child(ren)?|kids?|son|daughter|boy|girl|years?"
    r"|old|yrs?|b|ages?|expecting|due|baby|bump|unborn|names?|is)\b",
    re.IGNORECASE,
)
_NAME = re.compile(rf"{_LETTER}[^\W\d_'’\-]*(?:['’\-]{_LETTER}+)*")


@dataclass(frozen=True, slots=True)
class Child:
    """A first name and a birth year, no more. The year is None when the cell has no age."""

    first_name: str
    birth_year: int | None


def read_children(text: str, on: date) -> Found[tuple[Child, ...]]:
    """Birth years are `on`'s year less the age: they may be one too late."""
    if is_nothing(text):
        return Found(())
    children = tuple(_children(_DAY.sub(_year_of, text), on))
    return Found(children, notices=tuple(_doubts(text, children, on)))


def is_children(text: str) -> bool:
    """A name with a small number after it, once or more."""
    found = [match for match in _AGED.finditer(text) if match["name"] and match["number"]]
    return bool(found) and len(text) < 200 and not re.search(r"\d{5}", text)


def _year_of(found: re.Match[str]) -> str:
    day = read_date(found.group())
    return str(day.year) if day else " "


def _children(text: str, on: date) -> Iterator[Child]:
    position = 0
    for found in _AGED.finditer(text):
        yield from _without_age(text[position : found.start()])
        position = found.end()
        yield from _with_age(found, on)
    yield from _without_age(text[position:])


def _with_age(found: re.Match[str], on: date) -> Iterator[Child]:
    """Before an age may stand several names: the last one is the one that has it."""
    *others, last = _BETWEEN.split(found["name"] or "")
    yield from _without_age(";".join(others))
    if name := _first_name(last):
        yield Child(name, _birth_year(int(found["number"]), found["unit"] or "", on))


def _without_age(text: str) -> Iterator[Child]:
    for part in _BETWEEN.split(text):
        if name := _first_name(part):
            yield Child(name, None)


def _first_name(text: str) -> str:
    found = _NAME.search(_NOT_NAMES.sub(" ", text))
    return tidy_name(found.group()) if found and len(found.group()) > 1 else ""


def _birth_year(number: int, unit: str, on: date) -> int | None:
    if number >= 1900:
        return number if on.year - OLDEST <= number <= on.year else None
    if unit.lower().startswith(("mo", "mth", "m")):
        return (on.year * 12 + on.month - 1 - number) // 12
    if unit.lower().startswith(("w", "d")):
        return on.year
    return on.year - number if number <= OLDEST else None


def _doubts(text: str, children: tuple[Child, ...], on: date) -> Iterator[str]:
    if not children:
        yield "no child's name could be read in the children's cell."
        return
    ageless = [child.first_name for child in children if child.birth_year is None]
    if ageless:
        yield f"no age, or none that fits a child, for {', '.join(ageless)}."
    if _has_longer_names(text):
        yield "only the children's first names are kept."


def _has_longer_names(text: str) -> bool:
    names = _AGED.sub(lambda found: f"{found['name'] or ''};", text)
    parts = _BETWEEN.split(_NOT_NAMES.sub(" ", names))
    return any(len(_NAME.findall(part)) > 1 for part in parts)
