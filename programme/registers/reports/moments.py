"""A moment as a report writes it: which days it may mean, and what the clock said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from programme.registers.reports.months import month_named
from programme.registers.reports.zones import zone_at_end


class Order(StrEnum):
    """How the three numbers of a date may be read."""

    YEAR_MONTH_DAY = "year, month, day"
    YEAR_DAY_MONTH = "year, day, month"
    DAY_MONTH_YEAR = "day, month, year"
    MONTH_DAY_YEAR = "month, day, year"
    SHORT_YEAR_FIRST = "short year, month, day"
    IN_WORDS = "month in words"


Days = tuple[tuple[Order, date], ...]
YEAR_FIRST = (Order.YEAR_MONTH_DAY, Order.YEAR_DAY_MONTH)
YEAR_LAST = (Order.DAY_MONTH_YEAR, Order.MONTH_DAY_YEAR, Order.SHORT_YEAR_FIRST)


@dataclass(frozen=True, slots=True)
class Moment:
    """`days` holds the day in each order that makes one; none when only a clock time is told."""

    days: Days
    clock: time | None
    offset: timedelta | None = None

    def day(self, order: Order) -> date | None:
        return next((day for each, day in self.days if each is order), None)


_LONGEST = 60
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[.日]?"
)
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?=$|\s|T\d)")
_YEAR_LAST = re.compile(
    r"(?<!\d)(\d{1,2})\s?[-/. ]\s?(\d{1,2})\s?[-/. ]\s?(\d{4}|\d{2})(?!\d|:)\.?"
)
_MONTH = r"([^\W\d_]{3,12})\.?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s\-/]*(?:de |d')?{_MONTH}"
    r",?[\s\-/]*(?:de |del )?(\d{4}|\d{2})(?![\d:])"
)
_MONTH_FIRST = re.compile(rf"{_MONTH}\s?(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_HALF = r"(?P<half>[ap]\.?\s?m\b\.?|am|pm|yb|yh|上午|下午|오전|오후|π\.?\s?μ\.?|μ\.?\s?μ\.?)"
_CLOCK = re.compile(
    rf"(?:{_HALF.replace('half', 'before')}\s?)?"
    r"(?<!\d)(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2})"
    rf"(?:\s?[:m]\s?(?P<second>\d{{2}})(?P<fraction>[.,]\d+)?s?)?(?!\d)\s?(?:{_HALF})?",
    re.IGNORECASE,
)
_DOTTED_CLOCK = re.compile(
    rf"(?<![\d.])(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?:\.(?P<second>\d{{2}}))?(?![\d.])\s?(?:{_HALF})?",
    re.IGNORECASE,
)
_WHOLE_HOUR = re.compile(rf"(?<!\d)(?P<hour>\d{{1,2}})\s?{_HALF}", re.IGNORECASE)
_AFTERNOON = ("p", "yh", "下", "오후", "μ")
_SERIAL = re.compile(r"(\d{5})\.(\d+)")
_FIRST_SERIAL = datetime(1899, 12, 30)  # noqa: DTZ001  (a wall time)
_LEFT_OVER = re.compile(r"[\s,.;:–\-]*(?:[^\W\d_]{1,14}[\s,.;:–\-]*){0,3}")
_NOTHING_LEFT = re.compile(r"[\s,.;:T]*(?:uhr|hrs?|h|at|um|kl|o|godz)?[\s,.;:]*", re.IGNORECASE)


@lru_cache(maxsize=8192)
def read_moment(text: str) -> Moment | None:
    """None for anything that is not a day, a clock time, or both, and nothing else."""
    if not text or len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    if serial := _SERIAL.fullmatch(text):
        return _from_serial(float(text)) if 20_000 < int(serial[1]) < 80_000 else None
    days, rest = _days(text)
    rest, offset = zone_at_end(rest)
    clock, rest = _clock(rest, is_dated=bool(days))
    if (not days and clock is None) or any(map(str.isdigit, rest)):
        return None
    left_over = _LEFT_OVER if days and clock else _NOTHING_LEFT
    return Moment(days, clock, offset) if left_over.fullmatch(rest) else None


def _from_serial(number: float) -> Moment:
    """What a spreadsheet program keeps where it shows a moment."""
    at = _FIRST_SERIAL + timedelta(seconds=round(number * 86_400))
    return Moment(_year_first(at.year, at.month, at.day), at.time())


def _days(text: str) -> tuple[Days, str]:
    for pattern, days_of in _WRITTEN:
        found = pattern.search(text)
        if found and (days := days_of(*found.groups())):
            return days, f"{text[: found.start()]} {text[found.end() :]}"
    return (), text


def _numbers(year: str, month: str, day: str) -> Days:
    return _year_first(int(year), int(month), int(day))


def _year_first(year: int, second: int, third: int) -> Days:
    return _possible(
        (Order.YEAR_MONTH_DAY, year, second, third), (Order.YEAR_DAY_MONTH, year, third, second)
    )


def _year_last(one: str, two: str, last: str) -> Days:
    first, second = int(one), int(two)
    year = int(last) if len(last) == 4 else 2000 + int(last)
    readings = [
        (Order.DAY_MONTH_YEAR, year, second, first),
        (Order.MONTH_DAY_YEAR, year, first, second),
    ]
    if len(last) == 2:
        readings.append((Order.SHORT_YEAR_FIRST, 2000 + first, second, int(last)))
    return _possible(*readings)


def _in_words(day: str, month: str, year: str) -> Days:
    whole_year = int(year) if len(year) == 4 else 2000 + int(year)
    return _possible((Order.IN_WORDS, whole_year, month_named(month) or 0, int(day)))


def _month_first(month: str, day: str, year: str) -> Days:
    return _in_words(day, month, year)


_WRITTEN: tuple[tuple[re.Pattern[str], Callable[[str, str, str], Days]], ...] = (
    (_YEAR_FIRST, _numbers),
    (_COMPACT, _numbers),
    (_YEAR_LAST, _year_last),
    (_DAY_FIRST, _in_words),
    (_MONTH_FIRST, _month_first),
)


def _possible(*readings: tuple[Order, int, int, int]) -> Days:
    found = []
    for order, year, month, day in readings:
        try:
            found.append((order, date(year, month, day)))
        except ValueError:
            continue
    return tuple(found)


def _clock(text: str, *, is_dated: bool) -> tuple[time | None, str]:
    """With the text around it. Dots divide only where nothing else can be meant."""
    patterns = [_CLOCK, _WHOLE_HOUR]
    if is_dated or text.count(".") == 2:
        patterns.append(_DOTTED_CLOCK)
    for pattern in patterns:
        found = pattern.search(text)
        if found and (clock := _time(found.groupdict())):
            return clock, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _time(parts: dict[str, str | None]) -> time | None:
    hour = int(parts["hour"] or 0)
    half = (parts.get("half") or parts.get("before") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith(_AFTERNOON) else 0)
    try:
        exact = time(hour, int(parts.get("minute") or 0), int(parts.get("second") or 0))
    except ValueError:
        return None
    return _rounded(exact) if (parts.get("fraction") or "")[1:2] >= "5" else exact


def _rounded(exact: time) -> time:
    """A spreadsheet program stores 18:45:02 as a fraction, now and then a hair less."""
    day = date(2000, 1, 1)
    after = datetime.combine(day, exact) + timedelta(seconds=1)
    return after.time() if after.date() == day else exact
