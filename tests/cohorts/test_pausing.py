"""A pause holds back what was written and has not left; it goes when the pause ends."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts.actions import enrol, pause_enrolment, resume_enrolment, withdraw
from programme.cohorts.jobs import carry_out, end_steps, make_dues
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Cohort, Due, Enrolment, Step
from programme.cohorts.moving import cancel_session
from programme.cohorts.rules import DueState
from programme.cohorts.steering import pause_cohort, pause_step, resume_cohort, resume_step
from programme.foundation.database import db
from programme.messages import post_office
from programme.messages.jobs import send_due
from programme.messages.models import Message
from programme.messages.preparing import prepare
from programme.messages.rules import State
from programme.messages.sending import claim
from programme.messages.transport import KeptHere
from programme.messages.wanted import unwanted_texts
from tests import builders
from tests.cohorts.conftest import after, step

PAUSES: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "step": (pause_step, resume_step),
    "cohort": (pause_cohort, resume_cohort),
    "person": (pause_enrolment, resume_enrolment),
}


@pytest.fixture(autouse=True)
def only_our_kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in KINDS if not name.startswith("cohorts.")]:
        monkeypatch.delitem(KINDS, name)


@pytest.fixture(autouse=True)
def all_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_office, "transport_for", lambda _channel, _ours: KeptHere())


@pytest.fixture
def place(cohort: Cohort, lead: Partner, by: Viewer, at: datetime) -> Enrolment:
    """Ann's, who is reached by e-mail."""
    ann = builders.spoken_to(builders.participant("Ann", partner=lead))
    enrolment = enrol(ann, into=cohort, by=by, at=at)
    db.session.commit()
    return enrolment


@pytest.fixture
def welcome(cohort: Cohort, place: Enrolment) -> Step:
    return step(cohort, "welcome")


@pytest.fixture
def reminder(cohort: Cohort, place: Enrolment) -> Step:
    return step(cohort, "remind.day-before", 1)


def tick(at: datetime) -> None:
    make_dues(at)
    carry_out(at)
    end_steps(at)


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def due_of(step: Step) -> Due:
    return db.session.scalars(select(Due).filter_by(step_id=step.id)).one()


@pytest.mark.parametrize("what", PAUSES)
def test_what_comes_up_during_a_pause_goes_once_when_the_pause_ends(
    cohort: Cohort, place: Enrolment, welcome: Step, by: Viewer, what: str
) -> None:
    now, (pause, resume) = welcome.due_at, PAUSES[what]
    paused: Any = {"step": welcome, "cohort": cohort, "person": place}[what]
    tick(now)
    pause(paused, by=by, at=now)
    assert send_due(now) == 0
    tick(after(welcome, hours=1))
    assert (due_of(welcome).state, len(messages())) == (DueState.WAITING, 1)
    resume(paused, by=by, at=after(welcome, hours=2))
    for hour in (3, 4):
        tick(after(welcome, hours=hour))
        send_due(after(welcome, hours=hour))
    assert [each.state for each in messages()] == [State.SKIPPED, State.SENT]


def test_what_a_pause_outlasts_is_skipped_and_says_so(
    cohort: Cohort, reminder: Step, by: Viewer
) -> None:
    tick(reminder.due_at)
    pause_cohort(cohort, by=by, at=reminder.due_at)
    send_due(reminder.due_at)
    resume_cohort(cohort, by=by, at=reminder.expires_at)
    tick(reminder.expires_at)
    due = due_of(reminder)
    assert (due.state, due.reason) == (DueState.SKIPPED, "Its time had passed.")


def test_a_text_left_out_for_a_pause_goes_by_itself_when_the_pause_ends(
    welcome: Step, reminder: Step, by: Viewer
) -> None:
    tick(reminder.due_at)
    pause_step(welcome, by=by, at=reminder.due_at)
    assert send_due(reminder.due_at) == 1
    later = after(reminder, minutes=30)
    resume_step(welcome, by=by, at=later)
    tick(later)
    assert send_due(later) == 1
    first, second = (each.text or "" for each in messages())
    assert ("start" in first, "e meet " in first) == (False, True)
    assert ("start" in second, "e meet " in second) == (True, False)


def test_a_text_left_out_stays_out_when_its_message_is_tried_again(
    welcome: Step, reminder: Step, by: Viewer
) -> None:
    now = reminder.due_at
    tick(now)
    pause_step(welcome, by=by, at=now)
    prepare(claim(now), now)
    resume_step(welcome, by=by, at=now)
    tick(now + timedelta(minutes=1))
    assert unwanted_texts(messages()[0], now) == {0}


def test_a_message_that_may_have_left_before_a_pause_waits_as_it_is(
    cohort: Cohort, welcome: Step, by: Viewer
) -> None:
    now, later = welcome.due_at, after(welcome, hours=1)
    tick(now)
    claim(now)  # and the sender stops, perhaps after it handed the message over
    pause_cohort(cohort, by=by, at=now)
    assert send_due(later) == 0
    (message,) = messages()
    assert (message.state, due_of(welcome).state) == (State.QUEUED, DueState.DONE)
    resume_cohort(cohort, by=by, at=later)
    tick(after(welcome, hours=2))
    assert send_due(after(welcome, hours=2)) == 1
    assert [each.state for each in messages()] == [State.SENT]


@pytest.mark.parametrize("event", ["cancelled", "left"])
def test_a_text_left_out_for_good_is_skipped_and_says_so(
    cohort: Cohort, place: Enrolment, reminder: Step, by: Viewer, event: str
) -> None:
    tick(reminder.due_at)
    if event == "left":
        withdraw(place, by=by, at=reminder.due_at)
    else:
        cancel_session(cohort.sessions[0], by=by, at=reminder.due_at)
    send_due(reminder.due_at)
    due = due_of(reminder)
    assert due.state is DueState.SKIPPED
    assert due.reason == "It was no longer their turn when the message left."
