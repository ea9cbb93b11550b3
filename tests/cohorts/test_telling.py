"""Whoever was told one time and should know another is told, once, and nobody else is."""

import json
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts.actions import enrol, withdraw
from programme.cohorts.jobs import carry_out, end_steps, make_dues
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Cohort, Due, Enrolment, SessionChange, Step
from programme.cohorts.moving import cancel_session, move_session, restore_session, told_otherwise
from programme.cohorts.replanning import replan
from programme.cohorts.told import CHANGED, say_told, told_about
from programme.foundation.database import db
from programme.foundation.web import say_time
from programme.messages.models import Message
from programme.messages.rules import State
from programme.messages.values import instant_in
from programme.messages.wanted import leave_out, unwanted_texts
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders
from tests.cohorts.conftest import named_day, step

EVENING, DAY = time(19, 30), timedelta(days=1)
CHANGES = ("session-moved", "session-cancelled", "session-back")


@pytest.fixture(autouse=True)
def only_our_kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in KINDS if not name.startswith("cohorts.")]:
        monkeypatch.delitem(KINDS, name)


@pytest.fixture
def told(cohort: Cohort, lead: Partner, by: Viewer, at: datetime) -> list[Participant]:
    """Ann and Bo, who were welcomed to the first session; Cy, whose welcome failed."""
    people = [
        builders.spoken_to(builders.participant(name, partner=lead, phone=f"+44770090012{number}"))
        for number, name in enumerate(("Ann", "Bo", "Cy"))
    ]
    for person in people:
        enrol(person, into=cohort, by=by, at=at)
    db.session.commit()
    welcomed = step(cohort, "welcome").due_at
    tick(welcomed)
    leave(welcomed)
    of(people[2])[0].state = State.FAILED
    db.session.commit()
    return people


def tick(at: datetime) -> None:
    make_dues(at)
    carry_out(at)
    end_steps(at)


def leave(at: datetime) -> None:
    """All that waits leaves, without what is not wanted any more."""
    waiting = select(Message).filter_by(state=State.QUEUED)
    for message in db.session.scalars(waiting):
        leave_out(message, unwanted_texts(message, at), at)
        message.state, message.sent_at = State.SENT, at
    db.session.commit()


def of(person: Participant) -> list[Message]:
    asked = select(Message).filter_by(participant_id=person.id).order_by(Message.id)
    return list(db.session.scalars(asked))


def changes(person: Participant) -> list[tuple[str, str]]:
    """Of which changes somebody was written: which text, and the day in it."""
    return [
        (each.template, named_day(each))
        for each in of(person)
        if each.template in CHANGES and each.state is not State.SKIPPED
    ]


def then(cohort: Cohort) -> datetime:
    """Four days before the first session, in the morning."""
    return cohort.sessions[0].starts_at - 4 * DAY - timedelta(hours=9)


def test_exactly_those_who_were_told_the_old_time_are_told_the_new_one_once(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, bo, cy = told
    first, moment = cohort.sessions[0], then(cohort)
    later = first.day + 2 * DAY
    known = say_told(told_otherwise(first, day=later, local_time=EVENING))
    assert known == ["2 people were already told Tuesday 27 October, 7.30 pm."]
    assert move_session(first, day=later, local_time=EVENING, tell=True, by=by, at=moment) == 2
    for minutes in range(3):
        tick(moment + timedelta(minutes=minutes))
    assert changes(ann) == changes(bo) == [("session-moved", "Thursday 29 October")]
    assert changes(cy) == []


def test_without_the_wish_to_tell_nobody_is_told_but_the_change_is_kept(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    first, moment = cohort.sessions[0], then(cohort)
    was = first.starts_at
    assert move_session(first, day=first.day + DAY, local_time=EVENING, by=by, at=moment) == 0
    tick(moment)
    assert [changes(person) for person in told] == [[], [], []]
    kept = db.session.scalars(select(SessionChange)).one()
    assert (kept.was_at, kept.will_be_at, kept.people_are_told) == (was, first.starts_at, False)
    assert (first.sequence, kept.by) == (1, by.actor)


def test_two_moves_in_a_row_tell_only_the_final_time(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, first, moment = told[0], cohort.sessions[0], then(cohort)
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    tick(moment)
    soon = moment + timedelta(minutes=5)  # before the first notice left
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=soon)
    tick(soon)
    old, new = (each for each in of(ann) if each.template == "session-moved")
    wanted = [due for due in db.session.scalars(select(Due)) if is_wanted(due, soon)]
    assert [due.message_id for due in wanted if due.participant_id == ann.id] == [
        of(ann)[0].id,
        new.id,
    ]
    assert named_day(new) == "Thursday 29 October"
    old.state = State.SKIPPED
    leave(soon)
    tick(soon + DAY)
    assert changes(ann) == [("session-moved", "Thursday 29 October")]
    assert first.sequence == 2


def is_wanted(due: Due, at: datetime) -> bool:
    step = db.session.get_one(Step, due.step_id)
    return step.ended_at is None and step.occurrence == due.occurrence and step.expires_at > at


def test_a_session_moved_there_and_back_before_anything_left_tells_nobody(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    first, moment = cohort.sessions[0], then(cohort)
    day = first.day
    move_session(first, day=day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    assert move_session(first, day=day, local_time=EVENING, tell=True, by=by, at=moment) == 0
    tick(moment)
    assert [changes(person) for person in told] == [[], [], []]


def test_whoever_knows_it_already_is_not_told_again_beside_those_who_do_not(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, bo, _cy = told
    first, moment, day = cohort.sessions[0], then(cohort), cohort.sessions[0].day
    move_session(first, day=day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    tick(moment)
    of(bo)[-1].state = State.FAILED
    leave(moment)
    later = moment + timedelta(hours=1)
    move_session(first, day=day + 2 * DAY, local_time=EVENING, tell=True, by=by, at=later)
    assert move_session(first, day=day + DAY, local_time=EVENING, tell=True, by=by, at=later) == 1
    tick(later)
    assert len(changes(ann)) == 1
    assert changes(bo)[1:] == [("session-moved", "Wednesday 28 October")]


def test_a_text_left_out_of_a_message_that_carried_others_told_nobody(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, first, moment = told[0], cohort.sessions[0], then(cohort)
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    tick(moment)
    soon = moment + timedelta(minutes=5)
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=soon)
    leave(soon)  # the first notice only in name: another text of its message was wanted
    assert told_about(first)[ann.id].starts_at.day == 27


def test_a_cancelling_and_a_bringing_back_are_told_to_those_who_knew_otherwise(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, _bo, cy = told
    first, moment = cohort.sessions[0], then(cohort)
    assert cancel_session(first, tell=True, by=by, at=moment) == 2
    tick(moment)
    assert restore_session(first, by=by, at=moment) == 0  # nobody had heard of it yet
    assert cancel_session(first, tell=True, by=by, at=moment) == 2
    tick(moment)
    for message in of(ann)[1:-1]:
        message.state = State.SKIPPED
    leave(moment)
    assert restore_session(first, by=by, at=moment + DAY) == 2
    tick(moment + DAY)
    day = "Tuesday 27 October"
    assert changes(ann) == [("session-cancelled", day), ("session-back", day)]
    assert changes(cy) == []
    assert first.sequence == 4


def test_it_is_of_use_until_the_earlier_of_the_two_times_and_then_rings(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    first, moment = cohort.sessions[0], then(cohort)
    was = first.starts_at
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    telling = step(cohort, "session.changed", 1)
    assert telling.expires_at == was
    move_session(first, day=first.day - 2 * DAY, local_time=EVENING, tell=True, by=by, at=moment)
    assert telling.expires_at == first.starts_at < was


def test_planning_again_leaves_a_notice_of_change_alone(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    first, moment = cohort.sessions[0], then(cohort)
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    telling = step(cohort, "session.changed", 1)
    before = (telling.due_at, telling.expires_at, telling.ended_at)
    follows = replan(cohort, moment)
    assert CHANGED not in {each.kind for each in follows}
    assert (telling.due_at, telling.expires_at, telling.ended_at) == before


def test_whoever_left_or_shares_a_phone_is_not_told_again(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, bo, _cy = told
    for person in (ann, bo):
        person.phone, person.phone_index = "+447700900199", "the same"
        person.conversation.channel = Channel.BY_HAND
    first, moment = cohort.sessions[0], then(cohort)
    move_session(first, day=first.day + DAY, local_time=EVENING, tell=True, by=by, at=moment)
    tick(moment)
    assert [len(changes(ann)), len(changes(bo))] == [1, 0]
    place = db.session.scalars(select(Enrolment).filter_by(participant_id=ann.id)).one()
    withdraw(place, by=by, at=moment)
    day = first.day + DAY
    assert move_session(first, day=day, local_time=EVENING, tell=True, by=by, at=moment) == 1


def test_a_reminder_already_due_does_not_say_it_again_beside_the_change(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, first = told[0], cohort.sessions[0]
    moment = first.starts_at - timedelta(days=3, hours=9)
    tomorrow = first.day - 2 * DAY
    move_session(first, day=tomorrow, local_time=time(9, 0), tell=True, by=by, at=moment)
    evening = step(cohort, "remind.day-before", 1)
    late = evening.due_at + timedelta(minutes=30)
    move_session(first, day=tomorrow, local_time=time(11, 0), tell=True, by=by, at=late)
    tick(late)
    assert [name for name, _ in changes(ann)] == ["session-moved"]
    assert "remind-day-before" not in {each.template for each in of(ann)}


def test_what_waits_to_be_sent_says_the_new_time(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    cy, first, moment = told[2], cohort.sessions[0], then(cohort)
    of(cy)[0].state = State.QUEUED  # somebody was to send it by hand
    follows = move_session(first, day=first.day + DAY, local_time=time(18, 0), by=by, at=moment)
    assert follows == 0
    (waiting,) = of(cy)
    assert named_day(waiting) == "Wednesday 28 October"
    assert say_time(instant_in(json.loads(waiting.values)["time"]), "Europe/London") == "6 pm"
    assert waiting.expires_at == first.starts_at


def test_a_reminder_sent_for_the_old_date_is_sent_again_for_the_new_one(
    cohort: Cohort, told: list[Participant], by: Viewer
) -> None:
    ann, first = told[0], cohort.sessions[0]
    reminder = step(cohort, "remind.day-before", 1)
    moment = reminder.due_at
    tick(moment)
    leave(moment)
    move_session(first, day=first.day + 3 * DAY, local_time=EVENING, tell=True, by=by,
                 at=moment + timedelta(minutes=5))  # fmt: skip
    tick(moment + timedelta(minutes=5))
    assert changes(ann) == [("session-moved", "Friday 30 October")]
    leave(moment)
    tick(reminder.due_at)
    assert [each.template for each in of(ann)][-1] == "remind-day-before"
