"""Dates as people write them, day first."""

import re
from datetime import date, timedelta

from programme.people.imports.found import Found, is_nothing, notice, problem, shown

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ISO_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*(?:of\s+)?([a-z]{3,9})[.,]?[\s\-/.]*(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_FIRST_SERIAL = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
_YES = {"y", "yes", "true", "1", "✓", "✔", "x", "given", "verbal", "consented", "signed", "ie"}
_REFUSED = {"n", "no", "false", "refused", "declined", "withdrawn", "not given", "nage"}
_EARLIEST = 1900


def read_consent_date(text: str, on: date) -> Found[date | None]:
    """`on` is the day of the import: a consent after it is worth a look."""
    word = text.strip().casefold()
    if word in _REFUSED:
        return problem(None, "the file says that consent was not given. Leave this person out.")
    if is_nothing(text) and word != "x":
        return Found(None)
    if word in _YES:
        return notice(None, "the file says that consent was given, but not when.")
    return _dated(text, on)


def read_date(text: str) -> date | None:
    """Day before month, always; month first only where day first cannot be."""
    lowered = text.strip().casefold()
    if serial := _SERIAL.fullmatch(lowered):
        return _from_serial(int(serial.group(1)))
    if found := _ISO.search(lowered) or _ISO_COMPACT.fullmatch(lowered):
        return _date(*map(int, found.groups()))
    if found := _NUMBERS.search(lowered):
        first, second, year = int(found[1]), int(found[2]), _full_year(found[3])
        return _date(year, second, first) or _date(year, first, second)
    return _from_words(lowered)


def is_month_first(text: str) -> bool:
    found = _NUMBERS.search(text)
    return found is not None and not _ISO.search(text) and int(found[2]) > 12


def may_be_month_first(text: str) -> bool:
    """`9/3/2026` is two days, and nothing in it says which."""
    found = _NUMBERS.search(text)
    if found is None or _ISO.search(text):
        return False
    return int(found[1]) != int(found[2]) and max(int(found[1]), int(found[2])) <= 12


def _dated(text: str, on: date) -> Found[date | None]:
    day = read_date(text)
    if day is None:
        return problem(
            None,
            f"the date {shown(text)} is not a day in the calendar."
            " Ask when consent was given, or leave this person out for now.",
        )
    if is_month_first(text):
        return notice(day, f"the date {shown(text)} was read as {_said(day)}, month first.")
    if day > on:
        return notice(day, f"the consent of {_said(day)} lies in the future.")
    return Found(day)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _from_serial(number: int) -> date | None:
    return _FIRST_SERIAL + timedelta(days=number) if 20_000 <= number <= 80_000 else None


def _from_words(text: str) -> date | None:
    if found := _DAY_MONTH.search(text):
        day, month, year = found.groups()
        return _date(_full_year(year), _month(month), int(day))
    if found := _MONTH_DAY.search(text):
        month, day, year = found.groups()
        return _date(int(year), _month(month), int(day))
    return None


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else 0


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else 2000 + year if year < 70 else 1900 + year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST else None
    except ValueError:
        return None
