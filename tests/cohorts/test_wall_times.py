"""Wall times on every date from 2026 to 2036, both clock changes among them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from programme.cohorts.plan import Anchor, Edge, Moment, add_months
from programme.cohorts.programmes import load_programme
from programme.cohorts.rules import Meeting, meeting

LONDON = "Europe/London"
HERE = ZoneInfo(LONDON)
FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
EVENING = time(19, 30)


def held(day: date) -> Meeting:
    return meeting(1, day, EVENING, 90, LONDON)


def wall(at: datetime) -> tuple[date, time]:
    local = at.astimezone(HERE)
    return local.date(), local.time()


def test_the_years_hold_both_clock_changes_every_year() -> None:
    hours = {day: held(day).starts_at.hour for day in DAYS}
    changes = [
        day for day, before in zip(DAYS[1:], DAYS, strict=False) if hours[day] != hours[before]
    ]
    assert len(changes) == 2 * 11


def test_half_past_seven_is_half_past_seven_on_every_date() -> None:
    for day in DAYS:
        session = held(day)
        assert wall(session.starts_at) == (day, EVENING)
        assert wall(session.ends_at) == (day, time(21, 0))


MOMENTS = [
    Moment(Anchor.FIRST, days=-14, at=time(10)),
    Moment(Anchor.EACH, days=-1, at=time(18)),
    Moment(Anchor.EACH, days=7),
    Moment(Anchor.EACH, edge=Edge.END, days=1),
    Moment(Anchor.LAST, months=3, at=time(10, 30)),
    Moment(Anchor.LAST, months=3, days=10, at=time(10)),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_at_a_wall_time_keeps_it_on_every_date(moment: Moment) -> None:
    own = time(21, 0) if moment.edge is Edge.END else EVENING
    for day in DAYS:
        expected = add_months(day, moment.months) + timedelta(days=moment.days)
        assert wall(moment.of(held(day), LONDON)) == (expected, moment.at or own)


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("minutes", [-60, 0, 60])
def test_a_moment_by_the_stopwatch_is_so_long_from_the_edge_on_every_date(
    edge: Edge, minutes: int
) -> None:
    moment = Moment(Anchor.EACH, edge=edge, minutes=minutes)
    for day in DAYS:
        session = held(day)
        since = session.ends_at if edge is Edge.END else session.starts_at
        assert moment.of(session, LONDON) - since == timedelta(minutes=minutes)


def test_every_moment_of_the_plan_that_ships_is_one_of_these_kinds() -> None:
    for entry in load_programme("together").plan:
        for moment in (entry.due, entry.until):
            is_by_stopwatch = moment.minutes is not None
            assert not (is_by_stopwatch and (moment.days or moment.months))


def test_three_months_on_stays_in_that_month_on_every_date() -> None:
    for day in DAYS:
        later = add_months(day, 3)
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == 3
        assert later.day == day.day or (later + timedelta(days=1)).day == 1
    last_of_february = {add_months(date(year, 11, 30), 3) for year in range(2026, 2036)}
    assert {(day.month, (day + timedelta(days=1)).day) for day in last_of_february} == {(2, 1)}
