"""Dates of sessions and of what follows from them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.cohorts.plan import Hours, PlanEntry, StepDate, add_months, settle, step_dates
from programme.cohorts.programmes import load_programme
from programme.cohorts.rules import (
    Gap,
    Meeting,
    in_quiet_hours,
    is_meeting_link,
    meeting,
    on_holidays,
    session_days,
)

LONDON = "Europe/London"
DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))
HALF_TERM = Gap("Half-term", date(2026, 10, 26), date(2026, 10, 30))


def test_a_skipped_half_term_is_shown_and_numbers_go_on() -> None:
    weeks = session_days(date(2026, 10, 13), 4, [HALF_TERM])
    assert [(week.day.day, week.number, week.why) for week in weeks] == [
        (13, 1, ""),
        (20, 2, ""),
        (27, None, "Half-term"),
        (3, 3, ""),
        (10, 4, ""),
    ]


def test_breaks_that_never_end_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="no room"):
        session_days(date(2026, 10, 13), 4, [Gap("For ever", date(2026, 1, 1), date(2040, 1, 1))])


@given(DAYS, st.integers(1, 20), st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=4))
def test_sessions_are_weekly_numbered_without_holes_and_never_in_a_break(
    first: date, count: int, raw: list[tuple[date, int]]
) -> None:
    gaps = [Gap("Break", day, day + timedelta(days=length)) for day, length in raw]
    weeks = session_days(first, count, gaps)
    assert [week.number for week in weeks if week.number] == list(range(1, count + 1))
    assert all((week.day - first).days % 7 == 0 for week in weeks)
    assert [week.day for week in weeks] == sorted({week.day for week in weeks})
    for week in weeks:
        assert bool(week.why) == any(gap.covers(week.day) for gap in gaps)


@given(DAYS)
def test_half_past_seven_stays_half_past_seven_from_2026_to_2036(first: date) -> None:
    for week in session_days(first, 10, []):
        held = meeting(week.number or 0, week.day, time(19, 30), 90, LONDON)
        wall = held.starts_at.astimezone(ZoneInfo(LONDON))
        assert (wall.date(), wall.time()) == (week.day, time(19, 30))
        assert held.ends_at - held.starts_at == timedelta(minutes=90)


@given(DAYS, st.times(min_value=time(2, 0)), st.integers(-30, 30))
def test_a_step_at_a_wall_time_keeps_it_across_both_clock_changes(
    day: date, at: time, days: int
) -> None:
    at = at.replace(second=0, microsecond=0)
    entry = PlanEntry("x", "x", "first", days=days, time=f"{at:%H:%M}")
    (step,) = step_dates([entry], [meeting(1, day, time(19, 30), 90, LONDON)], LONDON)
    wall = step.due_at.astimezone(ZoneInfo(LONDON))
    assert (wall.date(), wall.time()) == (day + timedelta(days=days), at)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 3, 15)),
        (date(2026, 10, 31), date(2027, 1, 31)),
    ],
)
def test_three_months_on_is_the_same_day_or_the_last_of_the_month(
    day: date, expected: date
) -> None:
    assert add_months(day, 3) == expected


@given(DAYS, st.integers(-24, 24))
def test_so_many_months_on_is_always_that_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def weekly(first: date = date(2026, 10, 6), count: int = 10) -> list[Meeting]:
    days = [first + timedelta(weeks=week) for week in range(count)]
    return [meeting(n, day, time(19, 30), 90, LONDON) for n, day in enumerate(days, 1)]


def dated(sessions: list[Meeting]) -> dict[tuple[str, int], tuple[str, str]]:
    """Due and expiry of every step of the programme that ships, as London's clocks show them."""
    steps = step_dates(load_programme("together").plan, sessions, LONDON)
    return {(each.name, each.session_number): (_wall(each.due_at), _wall(each.expires_at))
            for each in steps}  # fmt: skip


def _wall(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(LONDON)):%Y-%m-%d %H:%M}"


def test_the_plan_that_ships_gives_the_dates_it_promises() -> None:
    dates = dated(weekly())
    assert dates["parcels", 0] == ("2026-09-15 09:00", "2026-12-01 19:30")
    assert dates["welcome", 0] == ("2026-09-22 10:00", "2026-12-08 19:30")
    assert dates["before.open", 0] == ("2026-09-22 10:30", "2026-10-13 19:30")
    reminders = [dates[f"before.remind-{n}", 0][0] for n in (1, 2, 3)]
    assert reminders == ["2026-09-25 10:00", "2026-09-29 10:00", "2026-10-02 10:00"]
    assert dates["remind.day-before", 4] == ("2026-10-26 18:00", "2026-10-27 18:30")
    assert dates["remind.hour-before", 4] == ("2026-10-27 18:30", "2026-10-27 19:30")
    assert dates["handout", 4] == ("2026-10-27 19:30", "2026-12-22 19:30")
    assert dates["register.nudge", 4] == ("2026-10-27 22:00", "2026-10-28 09:00")
    assert dates["register.missed", 4] == ("2026-10-28 09:00", "2026-11-03 19:30")
    assert dates["after.open", 0] == ("2026-12-08 21:00", "2027-01-05 20:00")
    assert dates["thanks", 0][0] == "2026-12-09 11:00"
    assert dates["three-months.open", 0] == ("2027-03-08 10:30", "2027-04-05 20:00")
    assert dates["three-months.remind-3", 0][0] == "2027-03-18 10:00"
    assert dates["register.absent", 4] == ("2026-10-28 09:00", "2026-10-30 18:00")
    assert dates["three-months.thanks", 0] == ("2027-04-06 11:00", "2027-04-13 20:00")


def test_every_step_of_the_plan_is_of_use_for_a_while() -> None:
    for count in (1, 2, 6, 10):
        for name, (due, expires) in dated(weekly(count=count)).items():
            assert due < expires, name


@given(DAYS)
def test_reminders_never_fall_in_the_hours_when_nothing_is_sent(first: date) -> None:
    steps = step_dates(load_programme("together").plan, weekly(first), LONDON)
    reminding = [each for each in steps if "remind" in each.name or each.name == "welcome"]
    assert len(reminding) == 30
    assert not any(in_quiet_hours(each.due_at, LONDON, 9, 20) for each in reminding)


HOURS = Hours(9, 20, LONDON)


def settled(sessions: list[Meeting]) -> dict[tuple[str, int], StepDate]:
    steps = step_dates(load_programme("together").plan, sessions, LONDON)
    return {(each.name, each.session_number): each for each in settle(steps, HOURS)}


def test_messages_of_one_day_are_dated_together() -> None:
    steps = settled(weekly())
    assert _wall(steps["before.open", 0].due_at) == "2026-09-22 10:00"
    assert _wall(steps["before.open", 0].wished_at) == "2026-09-22 10:30"
    assert _wall(steps["after.open", 0].due_at) == "2026-12-08 21:00", "it opens at once"
    assert _wall(steps["thanks", 0].due_at) == "2026-12-09 09:00", "with the questions"


def test_a_message_that_goes_alone_keeps_its_time() -> None:
    noon = [PlanEntry(name, "x", "first", time=at, template="x", until_days=1, alone=is_alone)
            for name, at, is_alone in [("a", "10:00", False), ("b", "12:00", True),
                                       ("c", "14:00", False)]]  # fmt: skip
    steps = settle(step_dates(noon, weekly(count=1), LONDON), HOURS)
    assert [(each.name, _wall(each.due_at)[-5:]) for each in steps] == [
        ("a", "10:00"),
        ("c", "10:00"),
        ("b", "12:00"),
    ]


def test_a_reminder_of_a_late_evening_goes_before_the_hours_end() -> None:
    late = [meeting(1, date(2026, 10, 6), time(21, 30), 60, LONDON)]
    assert _wall(settled(late)["remind.hour-before", 1].due_at) == "2026-10-06 19:30"


@given(DAYS, st.times(time(6, 0), time(22, 0)))
def test_settling_makes_nothing_too_late_and_nothing_that_is_no_message_earlier(
    first: date, at: time
) -> None:
    days = [first + timedelta(weeks=week) for week in range(6)]
    sessions = [meeting(n, day, at.replace(second=0, microsecond=0), 90, LONDON)
                for n, day in enumerate(days, 1)]  # fmt: skip
    for step in settled(sessions).values():
        assert step.due_at < step.expires_at
        assert step.due_at <= step.wished_at
        assert step.is_message or step.due_at == step.wished_at
        is_left_out = step.is_message and HOURS.reached(step.due_at) >= step.expires_at
        assert not is_left_out or (step.name == "remind.hour-before" and at < time(9, 1))


def test_a_plan_without_sessions_is_empty() -> None:
    assert step_dates(load_programme("together").plan, [], LONDON) == []


def test_a_bank_holiday_warns_only_about_sessions() -> None:
    holidays = {date(2026, 10, 27): "A day off", date(2026, 10, 13): "Another"}
    weeks = session_days(date(2026, 10, 13), 4, [HALF_TERM])
    assert on_holidays(weeks, holidays) == {date(2026, 10, 13): "Another"}


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://zoom.us/j/1", True),
        ("https://us02web.zoom.us/j/1?pwd=x", True),
        ("http://zoom.us/j/1", False),
        ("https://zoom.us.example.org/j/1", False),
        ("https://evilzoom.us/j/1", False),
        ("https://zoom.us@example.org/", False),
        ("https://zoom.us:8443/j/1", False),
        ("https://zoom.us:x/j/1", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_join_link_leads_by_https_to_a_known_meeting_service(url: str, is_fine: bool) -> None:
    assert is_meeting_link(url, "zoom.us *.zoom.us") is is_fine


def test_quiet_hours_are_those_outside_the_hours_for_sending() -> None:
    summer_nine = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert not in_quiet_hours(summer_nine, LONDON, 9, 20)
    assert in_quiet_hours(summer_nine - timedelta(minutes=1), LONDON, 9, 20)
    assert in_quiet_hours(summer_nine + timedelta(hours=11), LONDON, 9, 20)
