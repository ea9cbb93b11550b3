"""What becomes of texts that would fall outside the hours for sending."""

from datetime import date, time, timedelta

import pytest

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts.hours import Hours, goes_at, kept_to_hours, outside
from programme.cohorts.models import Term
from programme.cohorts.opening import foresee, open_cohort
from programme.cohorts.plan import PlanEntry, StepDate, step_dates
from programme.cohorts.rules import meeting
from programme.foundation.clock import local
from tests.cohorts.conftest import new, step
from tests.conftest import NOW

LONDON = "Europe/London"
HOURS = Hours(9, 20, LONDON)
DAY = date(2026, 10, 27)


def dated(entry: PlanEntry, begins: time) -> StepDate:
    (step,) = step_dates([entry], [meeting(1, DAY, begins, 90, LONDON)], LONDON)
    return step


BEFORE = PlanEntry("x", "x", "each", minutes=-60, template="x")
AFTER = PlanEntry("x", "x", "each", edge="end", minutes=0, template="x", until_days=2,
                  until_time="20:00")  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "begins", "expected"),
    [
        (BEFORE, time(19, 30), (DAY, time(18, 30))),
        (BEFORE, time(21, 30), (DAY, time(19, 30))),
        (BEFORE, time(9, 30), (DAY, time(9, 0))),
        (BEFORE, time(9, 0), None),
        (AFTER, time(18, 0), (DAY, time(19, 30))),
        (AFTER, time(19, 30), (DAY + timedelta(days=1), time(9, 0))),
        (AFTER, time(6, 0), (DAY, time(9, 0))),
    ],
    ids=["in them", "earlier", "later", "left out", "in them, after", "next day", "same day"],
)
def test_a_text_goes_in_the_hours_and_never_before_what_it_follows(
    entry: PlanEntry, begins: time, expected: tuple[date, time] | None
) -> None:
    goes = goes_at(dated(entry, begins), HOURS)
    wall = goes and local(goes, LONDON)
    assert (wall and (wall.date(), wall.time())) == expected


@pytest.mark.parametrize(
    ("begins", "becomes"),
    [(time(21, 30), "goes earlier"), (time(9, 30), "goes later"), (time(9, 0), "is left out")],
)
def test_what_becomes_of_each_is_said(begins: time, becomes: str) -> None:
    assert [each.becomes for each in outside([dated(BEFORE, begins)], HOURS)] == [becomes]


def test_what_goes_later_keeps_its_date_and_what_is_left_out_is_no_step() -> None:
    after = dated(AFTER, time(19, 30))
    assert kept_to_hours([after], HOURS) == [after]
    assert kept_to_hours([dated(BEFORE, time(9, 0))], HOURS) == []


def test_what_is_no_message_keeps_its_hour() -> None:
    nudge = dated(PlanEntry("x", "x", "each", edge="end", minutes=60), time(21, 0))
    assert (outside([nudge], HOURS), kept_to_hours([nudge], HOURS)) == ([], [nudge])


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
