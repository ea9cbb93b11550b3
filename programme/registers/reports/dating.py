"""Which day a report means: the session's, or none. `9/10/26` alone says nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programme.registers.reports.moments import YEAR_FIRST, YEAR_LAST, Moment, Order
from programme.registers.reports.report import Evening

_DAY = timedelta(days=1)
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Dating:
    """How to read the moments of one report. `orders` holds one for each way of writing."""

    evening: Evening
    orders: tuple[Order, ...]

    def wall_time(self, moment: Moment, offset: timedelta | None = None) -> datetime | None:
        """On the wall of the evening's zone; None when no day can be meant.

        Without a day it is the one nearest to the session. `offset` is what the heading says.
        """
        if moment.clock is None:
            return None
        offset = moment.offset if moment.offset is not None else offset
        if not moment.days:
            return self._nearest(moment.clock, offset)
        day = self.day(moment)
        wall = datetime.combine(day, moment.clock) if day else None
        return _on_wall(wall, offset, self.evening.zone) if wall else None

    def day(self, moment: Moment) -> date | None:
        return next((day for order in self.orders if (day := moment.day(order))), None)

    def _nearest(self, clock: time, offset: timedelta | None) -> datetime:
        middle = self.evening.starts_at + (self.evening.ends_at - self.evening.starts_at) / 2
        days = (self.evening.day + shift * _DAY for shift in (0, -1, 1))
        walls = (_on_wall(datetime.combine(day, clock), offset, self.evening.zone) for day in days)
        return min(walls, key=lambda wall: abs(wall - middle))


def dating_of(moments: Sequence[Moment], evening: Evening, *, is_workbook: bool) -> Dating:
    """By the session's day. A workbook may have turned 9 October into 10 September on its way."""
    first = YEAR_FIRST if is_workbook else YEAR_FIRST[:1]
    orders = (_best(first, moments, evening), _best(YEAR_LAST, moments, evening), Order.IN_WORDS)
    return Dating(evening, orders)


def _best(orders: Sequence[Order], moments: Sequence[Moment], evening: Evening) -> Order:
    """The order that puts most on the day; before and after it count for little."""
    counted = [moment for moment in moments if any(moment.day(order) for order in orders)]
    return max(orders, key=lambda order: _fit(order, counted, evening.day))


def _fit(order: Order, moments: Iterable[Moment], wanted: date) -> tuple[int, int, int]:
    days = [moment.day(order) for moment in moments]
    near = (wanted - _DAY, wanted + _DAY)
    return (
        sum(day == wanted for day in days),
        sum(day in near for day in days),
        sum(day is not None for day in days),
    )


def days_said(moments: Iterable[Moment]) -> list[str]:
    """The days that moments may mean, the most frequent first, in words."""
    counted: dict[tuple[date, ...], int] = {}
    for moment in moments:
        days = tuple(dict.fromkeys(day for _, day in _likely(moment)))
        if days:
            counted[days] = counted.get(days, 0) + 1
    often = sorted(counted, key=lambda days: -counted[days])
    return [" or ".join(map(in_words, days)) for days in often]


def _likely(moment: Moment) -> Iterable[tuple[Order, date]]:
    rare = (Order.YEAR_DAY_MONTH, Order.SHORT_YEAR_FIRST)
    return [each for each in moment.days if each[0] not in rare] or moment.days


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _on_wall(at: datetime, offset: timedelta | None, zone: str) -> datetime:
    if offset is None:
        return at
    instant = (at - offset).replace(tzinfo=_UTC)
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
