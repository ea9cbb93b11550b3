"""Why a step is there, in words."""

from datetime import time

import pytest

from programme.cohorts.plan import Anchor, Edge, Moment
from programme.cohorts.programmes import load_programme
from programme.cohorts.why import say_moment_of_plan

TEN = time(10)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (Moment(Anchor.FIRST, days=-14, at=TEN), "14 days before the first session, at 10 am"),
        (Moment(Anchor.EACH, days=-1, at=time(18)), "the day before session 3, at 6 pm"),
        (Moment(Anchor.EACH, minutes=-60), "one hour before session 3 begins"),
        (Moment(Anchor.EACH, edge=Edge.END, minutes=45), "45 minutes after session 3 ends"),
        (Moment(Anchor.EACH, minutes=0), "when session 3 begins"),
        (Moment(Anchor.LAST, days=1, at=TEN), "the day after the last session, at 10 am"),
        (Moment(Anchor.LAST, months=3, at=time(10, 30)),
         "three months after the last session, at 10.30 am"),
        (Moment(Anchor.LAST, months=3, days=7, at=TEN),
         "three months and 7 days after the last session, at 10 am"),
        (Moment(Anchor.SECOND), "when the second session begins"),
        (Moment(Anchor.LAST, days=14),
         "14 days after the last session, at the time when it begins"),
        (Moment(Anchor.FIRST, at=TEN), "on the day of the first session, at 10 am"),
    ],
)  # fmt: skip
def test_a_moment_is_said_as_people_say_it(moment: Moment, words: str) -> None:
    assert say_moment_of_plan(moment, 3) == words


def test_every_line_that_ships_can_be_said() -> None:
    for entry in load_programme("together").plan:
        for moment in (entry.due, entry.until):
            assert "session" in say_moment_of_plan(moment, 1)
