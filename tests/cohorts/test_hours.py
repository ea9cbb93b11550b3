"""What becomes of texts that would fall outside the hours for sending."""

from datetime import date, time, timedelta

import pytest

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts.hours import outside, sent
from programme.cohorts.models import Term
from programme.cohorts.opening import foresee, open_cohort
from programme.cohorts.plan import Hours, PlanEntry, StepDate, settle, step_dates
from programme.cohorts.rules import meeting
from programme.foundation.clock import local
from tests.cohorts.conftest import new, step
from tests.conftest import NOW

LONDON = "Europe/London"
HOURS = Hours(9, 20, LONDON)
DAY = date(2026, 10, 27)


def dated(entry: PlanEntry, begins: time) -> list[StepDate]:
    return settle(step_dates([entry], [meeting(1, DAY, begins, 90, LONDON)], LONDON), HOURS)


BEFORE = PlanEntry("x", "x", "each", minutes=-60, template="x")
AFTER = PlanEntry("x", "x", "each", edge="end", minutes=0, template="x", until_days=2,
                  until_time="20:00")  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "begins", "becomes", "expected"),
    [
        (BEFORE, time(21, 30), "goes earlier", (DAY, time(19, 30))),
        (BEFORE, time(9, 30), "goes later", (DAY, time(9, 0))),
        (BEFORE, time(9, 0), "is left out", None),
        (AFTER, time(19, 30), "goes later", (DAY + timedelta(days=1), time(9, 0))),
        (AFTER, time(6, 0), "goes later", (DAY, time(9, 0))),
    ],
)
def test_a_text_outside_the_hours_goes_in_them_the_same_evening_or_not_at_all(
    entry: PlanEntry, begins: time, becomes: str, expected: tuple[date, time] | None
) -> None:
    (found,) = outside(dated(entry, begins), HOURS)
    assert found.becomes == becomes
    wall = local(found.goes_at, LONDON)
    assert expected is None or (wall.date(), wall.time()) == expected
    assert bool(sent(dated(entry, begins), HOURS)) == (expected is not None)


@pytest.mark.parametrize("begins", [time(19, 30), time(18, 0)])
def test_a_text_in_the_hours_is_not_named(begins: time) -> None:
    assert outside(dated(BEFORE, begins), HOURS) == []


def test_what_is_no_message_keeps_its_hour() -> None:
    nudge = dated(PlanEntry("x", "x", "each", edge="end", minutes=60), time(21, 0))
    assert (outside(nudge, HOURS), sent(nudge, HOURS)) == ([], nudge)


def test_a_late_group_is_planned_as_was_foreseen(lead: Partner, term: Term, by: Viewer) -> None:
    late = new(lead, term, local_time=time(21, 30))
    lines = foresee(late, NOW).outside
    assert [line.title for line in lines[:2]] == ["Reminder, week 1", "Reminder, week 2"]
    assert {line.outside.becomes for line in lines[:10]} == {"goes earlier"}
    assert (lines[10].title, lines[10].outside.becomes) == ("Questions open, after", "goes later")
    made = open_cohort(late, by=by, at=NOW)
    reminder = step(made, "remind.hour-before", 1)
    assert local(reminder.due_at, LONDON).time() == time(19, 30)
    assert reminder.due_at == lines[0].outside.goes_at
