"""Which nation a postcode lies in, and the days on which its post does not move."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays


class Nation(StrEnum):
    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"
    NORTHERN_IRELAND = "NIR"


SCOTTISH = frozenset(
    {"AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "TD", "ZE"}
)
WELSH = frozenset({"CF", "LD", "LL", "NP", "SA"})


def nation_of(postcode: str | None) -> Nation:
    """The nation of a postcode's area; a few areas lie across a border, and count as one."""
    found = re.match(r"\s*([A-Z]{1,2})\d", (postcode or "").upper())
    area = found.group(1) if found else ""
    if area == "BT":
        return Nation.NORTHERN_IRELAND
    if area in SCOTTISH:
        return Nation.SCOTLAND
    return Nation.WALES if area in WELSH else Nation.ENGLAND


def is_bank_holiday(day: date, *nations: Nation) -> bool:
    """Whether the day is a bank holiday in any of these nations."""
    return any(day in _bank_holidays(nation, day.year) for nation in nations)


def working_day(day: date, is_closed: Callable[[date], bool], *, step: int) -> date:
    """The day itself, or the first after it (`step` 1) or before it (-1) on which post moves."""
    while day.weekday() >= 5 or is_closed(day):
        day += timedelta(days=step)
    return day


@cache
def _bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=nation.value, years=year))
