"""Who joins late gets what is still of use, and nothing that is past. One line for each step."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts.actions import enrol
from programme.cohorts.models import Cohort, Due, Step
from programme.cohorts.rules import DueState
from programme.cohorts.tick import carry_out, end_steps, make_dues
from programme.foundation.database import db
from tests import builders

JOINS = {
    "three weeks before": -21.0,
    "five days before": -5.0,
    "after the first": 1.0,
    "after the third": 15.0,
    "before the last": 60.0,
}
"""Days from the first session, an hour before whose time of day somebody joins."""
GETS = {
    "three weeks before": {"parcels"},
    "five days before": {"parcels", "welcome", "before.open"},
    "after the first": {"parcels", "welcome", "before.open", "handout 1"},
    "after the third": {"parcels", "welcome", "handout 1", "handout 2", "handout 3"},
    "before the last": {"welcome", *(f"handout {number}" for number in range(1, 10))},
}


@pytest.mark.parametrize("when", JOINS)
def test_at_the_next_tick_somebody_who_joins_gets_just_what_is_of_use(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, when: str
) -> None:
    joins = cohort.sessions[0].starts_at + timedelta(days=JOINS[when], hours=-1)
    tick(joins - timedelta(minutes=1))
    person = builders.spoken_to(builders.participant("Late", partner=lead))
    enrol(person, into=cohort, by=by, at=joins)
    db.session.commit()
    tick(joins)
    assert given(cohort) == GETS[when]


def tick(at: datetime) -> None:
    make_dues(at)
    carry_out(at)
    end_steps(at)


def given(cohort: Cohort) -> set[str]:
    """The steps that were done for somebody, those of a session with its number."""
    asked = select(Step.name, Step.session_number).join(Due, Due.step_id == Step.id)
    done = asked.where(Due.state == DueState.DONE, Step.cohort_id == cohort.id)
    return {f"{name} {number}" if number else name for name, number in db.session.execute(done)}
