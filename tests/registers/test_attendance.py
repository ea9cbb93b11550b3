"""What waits to be done, the picture, the dosage, and the plan's two kinds of step."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.rules import Role
from programme.access.viewer import staff_viewer
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Due, Step
from programme.foundation.database import db
from programme.messages.models import Message
from programme.registers.actions import close_register
from programme.registers.attendance import picture, sessions_attended
from programme.registers.calling import record_call
from programme.registers.jobs import nudge_facilitators
from programme.registers.queries import todo
from programme.registers.rules import Attendance, CallOutcome, has_missed_two
from tests import builders
from tests.counting import counted_queries
from tests.evening import TODAY, Evening, an_evening

A = Attendance
REACHED = CallOutcome.REACHED


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def titles(evening: Evening, at: datetime) -> list[str]:
    return [item.title for item in todo(evening.viewer(), at)]


def test_a_register_not_taken_waits_until_everybody_is_marked(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    for number in (1, 2):
        evening.mark(number, A.PRESENT)
    assert titles(evening, at) == ["Tuesday group: register not taken"]
    evening.mark(3, A.PRESENT, evening.people[0])
    assert titles(evening, at) == ["Tuesday group: register not finished"]
    evening.mark(3, A.ABSENT, evening.people[1])
    assert titles(evening, at) == []


def test_a_closed_register_no_longer_waits_when_somebody_is_added_later(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    for number in (1, 2, 3):
        evening.mark(number, A.PRESENT)
        close_register(evening.cohort.sessions[number - 1], by=evening.viewer(), at=at)
    late = builders.participant("Late", partner=builders.partner("Other"))
    builders.enrol(late, evening.cohort)
    db.session.commit()
    assert titles(evening, at) == []


def test_only_own_groups_wait_for_a_viewer(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    other = an_evening("Marek", group="Thursday group")
    assert {title.split(":")[0] for title in titles(evening, at)} == {"Tuesday group"}
    everything = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    assert len(todo(everything, at)) == len(titles(evening, at)) + len(titles(other, at))


def test_missing_two_in_a_row_asks_for_a_call_until_somebody_rang(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn, marek = evening.people
    evening.mark(1, A.PRESENT)
    evening.mark(2, A.ABSENT, dawn)
    evening.mark(3, A.APOLOGIES, dawn)
    evening.mark(2, A.ABSENT, marek)
    evening.mark(3, A.CAUGHT_UP, marek)
    assert titles(evening, at) == ["Ring Dawn: missed two in a row"]
    assert todo(evening.viewer(evening.helper), at) == []
    record_call(
        evening.cohort.sessions[2], dawn.id, REACHED, "On shift.", by=evening.viewer(), at=at
    )
    assert titles(evening, at) == []


def test_a_register_that_was_not_taken_never_counts_as_absent(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    evening.mark(1, A.PRESENT)
    evening.mark(2, A.ABSENT)
    assert titles(evening, at) == ["Tuesday group: register not taken"]
    assert not has_missed_two([A.ABSENT])
    assert has_missed_two([A.ABSENT, A.APOLOGIES, A.PRESENT])
    assert not has_missed_two([A.PRESENT, A.ABSENT, A.ABSENT])


def test_the_picture_shows_marks_week_by_week_and_gaps_as_gaps(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    evening.mark(1, A.LATE)
    evening.mark(3, A.ABSENT, evening.people[1])
    drawn = picture(evening.viewer(), evening.cohort.id, at)
    assert [week.is_over for week in drawn.weeks].count(True) == 3
    assert [row.marks[:4] for row in drawn.rows] == [
        (A.LATE, None, None, None),
        (A.LATE, None, A.ABSENT, None),
    ]
    assert [row.came for row in drawn.rows] == [1, 1]


def test_dosage_counts_sessions_somebody_came_to(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn, marek = evening.people
    for number, mark in enumerate((A.PRESENT, A.LEFT_EARLY, A.CAUGHT_UP), start=1):
        evening.mark(number, mark, dawn)
    evening.mark(1, A.ABSENT, marek)
    assert sessions_attended(evening.cohort.id) == {dawn.id: 2}


def test_what_waits_takes_the_same_queries_however_many_groups_there_are(
    app: Flask, at: datetime
) -> None:
    viewer = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    counts = []
    for group in ("Monday group", "Tuesday group"):
        evening = an_evening("Dawn", "Marek", group=group)
        evening.mark(2, A.ABSENT)
        evening.mark(3, A.ABSENT)
        with counted_queries() as counted:
            found = todo(viewer, at)
        counts.append((len(found), sum(sql.startswith(("SELECT", "WITH")) for sql in counted)))
    assert counts == [(3, 5), (6, 5)]


def a_step(evening: Evening, kind: str) -> Step:
    session = evening.session
    step = Step(
        cohort_id=evening.cohort.id,
        name=kind,
        kind=kind,
        session_number=session.number,
        due_at=session.ends_at + timedelta(hours=1),
        expires_at=session.ends_at + timedelta(days=1),
    )
    db.session.add(step)
    db.session.commit()
    return step


def test_facilitators_are_nudged_once_each_when_the_register_is_not_taken(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    step = a_step(evening, "registers.nudge")
    assert nudge_facilitators(step.due_at - timedelta(minutes=1)) == 0
    assert [nudge_facilitators(step.due_at), nudge_facilitators(step.due_at)] == [2, 0]
    told = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [message.account_id for message in told] == [
        evening.facilitator.id,
        evening.second.id,
    ]
    assert {message.template for message in told} == {"register-nudge"}
    assert step.ended_at == step.due_at


def test_nobody_is_nudged_about_a_register_that_is_taken_or_a_step_that_is_paused(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    step = a_step(evening, "registers.nudge")
    step.paused_at = at
    db.session.commit()
    assert nudge_facilitators(step.due_at) == 0
    step.paused_at = None
    evening.mark(4, A.PRESENT)
    assert nudge_facilitators(step.due_at) == 0


def test_a_charity_with_one_facilitator_for_all_groups_is_nudged_too(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    for account in (evening.facilitator, evening.second):
        account.ends_on = TODAY - timedelta(days=1)
    everywhere = builders.account(Role.FACILITATOR, name="Every Where")
    step = a_step(evening, "registers.nudge")
    assert nudge_facilitators(step.due_at) == 1
    assert db.session.scalars(select(Message.account_id)).all() == [everywhere.id]


def test_the_missed_step_concerns_who_missed_this_and_the_one_before(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn, marek = evening.people
    evening.mark(3, A.ABSENT)
    evening.mark(4, A.ABSENT, dawn)
    evening.mark(4, A.PRESENT, marek)
    step, kind = a_step(evening, "registers.missed"), KINDS["registers.missed"]
    assert db.session.scalars(kind.who(step)).all() == [dawn.id]
    assert kind.preview(step) == (
        "Asks on Today that somebody rings who missed week 4 and the one before."
        " Nothing is sent to them."
    )
    due = Due(step=step, participant_id=dawn.id, made_at=at)
    db.session.add(due)
    assert kind.carry_out(due, at).skipped_because == ""
    record_call(evening.session, dawn.id, REACHED, "Rang.", by=evening.viewer(), at=at)
    assert kind.carry_out(due, at).skipped_because == "Already rung, or the mark was changed."
