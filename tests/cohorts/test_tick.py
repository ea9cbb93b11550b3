"""The tick: on time, once, and one failure holds back nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta
from threading import Barrier, local

import pytest
from flask import Flask
from sqlalchemy import Select, func, select

from programme.access.models import Partner
from programme.access.viewer import Viewer
from programme.cohorts import tick as ticking
from programme.cohorts.actions import enrol, pause_enrolment, resume_enrolment, withdraw
from programme.cohorts.jobs import carry_out, end_steps, make_dues
from programme.cohorts.kinds import KINDS, Result
from programme.cohorts.models import Cohort, Due, Enrolment
from programme.cohorts.moving import cancel_session, move_session
from programme.cohorts.rules import DueState
from programme.cohorts.steering import pause_cohort, pause_step, resume_cohort
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.models import Message
from programme.messages.reaching import settings
from programme.messages.rendering import render
from programme.messages.wanted import is_still_wanted, unwanted_texts
from programme.people.models import FirstConversation, Participant
from programme.people.rules import Channel
from tests import builders
from tests.cohorts.conftest import after, before, named_day, step

COMMAND = "from programme.commands import main; main()"


@pytest.fixture(autouse=True)
def only_our_kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of the areas above are theirs to test."""
    for name in [name for name in KINDS if not name.startswith("cohorts.")]:
        monkeypatch.delitem(KINDS, name)


def join(cohort: Cohort, lead: Partner, by: Viewer, at: datetime, *names: str,
         channel: Channel = Channel.EMAIL, **others: str | None) -> list[Participant]:  # fmt: skip
    """Enrol people who were spoken to and agreed to everything."""
    people = [builders.participant(name, partner=lead, **others) for name in names]
    for person in people:
        builders.spoken_to(person, channel=channel)
        enrol(person, into=cohort, by=by, at=at)
    db.session.commit()
    return people


def tick(at: datetime) -> int:
    make_dues(at)
    done = carry_out(at)
    end_steps(at)
    return done


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def dues(name: str, session: int, cohort: Cohort) -> list[Due]:
    found = select(Due).filter_by(step_id=step(cohort, name, session).id).order_by(Due.id)
    return list(db.session.scalars(found))


def test_a_step_that_falls_due_writes_to_everybody_who_takes_part_once(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann", "Bo")
    welcome = step(cohort, "welcome")
    assert tick(before(welcome, minutes=1)) == 0
    assert tick(welcome.due_at) == 2
    assert tick(welcome.due_at) == 0
    assert tick(after(welcome, minutes=1)) == 0
    sent = messages()
    assert [message.template for message in sent] == ["welcome", "welcome"]
    assert {message.expires_at for message in sent} == {cohort.sessions[0].starts_at}
    assert {due.message_id for due in dues("welcome", 0, cohort)} == {each.id for each in sent}


def test_a_clock_set_back_sends_nothing_again(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    welcome = step(cohort, "welcome")
    assert tick(after(welcome, hours=5)) == 1
    assert tick(before(welcome, days=1)) + tick(welcome.due_at) == 0
    assert len(messages()) == 1


def test_a_clock_set_back_and_then_right_again_loses_nothing_and_sends_nothing_twice(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    welcome, reminder = step(cohort, "welcome"), step(cohort, "remind.day-before", 1)
    assert tick(after(welcome, hours=5)) == 1
    assert tick(before(welcome, days=3)) == 0
    join(cohort, lead, by, at, "Bo")
    assert tick(before(welcome, days=2)) == 0
    assert tick(after(welcome, hours=1)) == 1  # Bo's welcome, once the clock is past it again
    assert tick(after(welcome, hours=6)) == 0
    assert tick(reminder.due_at) == 2
    assert tick(after(welcome, hours=6)) == tick(reminder.due_at) == 0
    assert len(messages()) == 4


def test_what_a_clock_that_ran_ahead_had_ended_goes_on_once_it_is_right(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    tick(step(cohort, "welcome").due_at)
    reminder = step(cohort, "remind.day-before", 1)
    make_dues(reminder.due_at)
    end_steps(after(reminder, days=400))
    assert dues("remind.day-before", 1, cohort)[0].state is DueState.SKIPPED
    end_steps(before(reminder, hours=1))
    assert tick(reminder.due_at) == 1
    assert tick(reminder.due_at) == end_steps(reminder.due_at) == 0
    assert len(messages()) == 2


def test_nothing_goes_to_those_not_spoken_to_until_they_are(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = builders.participant("Ann", partner=lead)
    enrol(ann, into=cohort, by=by, at=at)
    db.session.commit()
    welcome = step(cohort, "welcome")
    assert tick(welcome.due_at) == 0
    builders.spoken_to(ann)
    assert tick(after(welcome, days=1)) == 1


def test_late_joiners_get_what_is_still_of_use_and_nothing_that_is_past(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    evening = cohort.sessions[2].starts_at
    tick(evening)
    join(cohort, lead, by, evening, "Late")
    fourth = step(cohort, "remind.day-before", 4)
    assert tick(evening + timedelta(minutes=1)) == 1
    (welcome,) = messages()
    assert named_day(welcome) == "Tuesday 17 November"
    assert welcome.expires_at == cohort.sessions[3].starts_at
    assert tick(fourth.due_at) == 1
    assert messages()[1].template == "remind-day-before"


def test_a_reminder_is_never_sent_after_the_session_began(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    reminder = step(cohort, "remind.hour-before", 1)
    tick(step(cohort, "welcome").due_at)
    make_dues(reminder.due_at)
    assert carry_out(reminder.expires_at) == 0
    assert end_steps(reminder.expires_at) >= 1
    (due,) = dues("remind.hour-before", 1, cohort)
    assert (due.state, due.reason) == (DueState.SKIPPED, "Its time had passed.")
    assert reminder.ended_at == reminder.expires_at


def test_those_who_left_get_nothing_even_if_it_was_planned(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    (ann,) = join(cohort, lead, by, at, "Ann")
    welcome = step(cohort, "welcome")
    assert (make_dues(welcome.due_at), make_dues(welcome.due_at)) == (1, 0)
    place = db.session.scalars(select_place(cohort, ann)).one()
    withdraw(place, by=by, at=at)
    assert carry_out(welcome.due_at) == 0
    (due,) = dues("welcome", 0, cohort)
    assert (due.state, due.reason) == (DueState.SKIPPED, "It was no longer their turn.")


def select_place(cohort: Cohort, person: Participant) -> Select[Enrolment]:
    return select(Enrolment).filter_by(cohort_id=cohort.id, participant_id=person.id)


@pytest.mark.parametrize("what", ["step", "cohort", "person"])
def test_what_is_paused_waits_and_goes_on_when_resumed(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, what: str
) -> None:
    (ann,) = join(cohort, lead, by, at, "Ann")
    welcome, place = step(cohort, "welcome"), db.session.scalars(select_place(cohort, ann)).one()
    make_dues(welcome.due_at)
    if what == "step":
        pause_step(welcome, by=by, at=at)
    elif what == "cohort":
        pause_cohort(cohort, by=by, at=at)
    else:
        pause_enrolment(place, by=by, at=at)
    assert tick(welcome.due_at) == 0
    assert dues("welcome", 0, cohort)[0].state == DueState.WAITING
    welcome.paused_at = None
    resume_cohort(cohort, by=by, at=at)
    resume_enrolment(place, by=by, at=at)
    assert tick(after(welcome, days=1)) == 1


def test_what_is_not_safe_is_not_sent_and_somebody_is_to_ring(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann", channel=Channel.PHONE, phone=None)
    join(cohort, lead, by, at, "Bo")
    assert tick(step(cohort, "welcome").due_at) == 1
    ann, bo = dues("welcome", 0, cohort)
    assert (ann.state, ann.ring_them, bo.state) == (DueState.SKIPPED, True, DueState.DONE)
    assert ann.reason == "Their phone number is missing."


def test_whoever_asked_to_be_rung_or_written_to_is_waited_for(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann", channel=Channel.PHONE)
    join(cohort, lead, by, at, "Bo", channel=Channel.POST)
    assert tick(step(cohort, "welcome").due_at) == 2
    messages = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    assert [each.channel for each in messages] == [Channel.PHONE, Channel.POST]
    assert tick(step(cohort, "remind.hour-before", 1).due_at) == 1
    (told,) = [each for each in dues("remind.hour-before", 1, cohort) if each.ring_them]
    assert told.reason == "A letter would arrive too late: ring them."


def test_who_did_not_agree_to_messages_is_left_in_peace(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = builders.participant("Ann", partner=lead)
    db.session.add(
        FirstConversation(participant_id=ann.id, at=at, by="test", channel=Channel.EMAIL)
    )
    enrol(ann, into=cohort, by=by, at=at)
    assert tick(step(cohort, "welcome").due_at) == 0
    (due,) = dues("welcome", 0, cohort)
    assert (due.state, due.ring_them) == (DueState.SKIPPED, False)


def test_a_reminder_goes_once_to_a_phone_that_two_share_but_the_welcome_to_each(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    phone, cohort.capacity = "+447700900777", 6
    join(cohort, lead, by, at, "Ann", "Bo", channel=Channel.SMS, phone=phone)
    join(cohort, lead, by, at, "Cy", phone=phone)  # hears by e-mail
    join(cohort, lead, by, at, "Di", channel=Channel.SMS, phone="+447700900778")
    join(cohort, lead, by, at, "Ed", "Flo", channel=Channel.PHONE, phone="+447700900779")
    assert tick(step(cohort, "welcome").due_at) == 6
    assert tick(step(cohort, "remind.day-before", 1).due_at) == 4
    told = dues("remind.day-before", 1, cohort)
    done, skipped = DueState.DONE, DueState.SKIPPED
    assert [due.state for due in told] == [done, skipped, done, done, done, skipped]
    assert told[1].reason == "Somebody with the same phone was told."


@pytest.fixture
def broken_for() -> Iterator[set[int]]:
    """Participants for whom the welcome fails."""
    kind, broken = KINDS["cohorts.welcome"], set[int]()

    def carry_out(due: Due, at: datetime) -> Result:
        if due.participant_id in broken:
            kind.carry_out(due, at)
            raise RuntimeError("a phone number, say: 07700 900123")
        return kind.carry_out(due, at)

    KINDS["cohorts.welcome"] = replace(kind, carry_out=carry_out)
    yield broken
    KINDS["cohorts.welcome"] = kind


def test_one_failure_holds_back_nothing_else_leaves_nothing_behind_and_is_tried_again(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, broken_for: set[int]
) -> None:
    ann, _bo = join(cohort, lead, by, at, "Ann", "Bo")
    broken_for.add(ann.id)
    welcome = step(cohort, "welcome")
    assert tick(welcome.due_at) == 1
    assert len(messages()) == 1
    due = dues("welcome", 0, cohort)[0]
    assert (due.state, due.failures) == (DueState.WAITING, 1)
    assert due.reason == "It failed (RuntimeError)."
    broken_for.clear()
    assert tick(after(welcome, minutes=1)) == 1
    assert len(messages()) == 2


def test_after_a_move_everybody_is_reminded_of_the_new_date_and_the_old_message_is_unwanted(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    reminder, first = step(cohort, "remind.day-before", 1), cohort.sessions[0]
    then = reminder.due_at
    tick(step(cohort, "welcome").due_at)
    tick(then)
    old = messages()[-1]
    assert is_still_wanted(old, then)
    move_session(first, day=first.day + timedelta(days=2), local_time=time(19, 30), by=by, at=then)
    assert not is_still_wanted(old, then)
    assert tick(after(reminder, minutes=1)) == 1
    assert is_still_wanted(messages()[-1], after(reminder, minutes=1))


@pytest.mark.parametrize("event", ["left", "paused", "cancelled", "too late"])
def test_a_message_is_asked_about_again_before_it_leaves(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, event: str
) -> None:
    (ann,) = join(cohort, lead, by, at, "Ann")
    reminder = step(cohort, "remind.day-before", 1)
    then = reminder.due_at
    tick(step(cohort, "welcome").due_at)
    tick(then)
    message, place = messages()[-1], db.session.scalars(select_place(cohort, ann)).one()
    assert is_still_wanted(message, then)
    if event == "left":
        withdraw(place, by=by, at=then)
    elif event == "paused":
        pause_cohort(cohort, by=by, at=then)
    elif event == "cancelled":
        cancel_session(cohort.sessions[0], by=by, at=then)
    assert not is_still_wanted(message, reminder.expires_at if event == "too late" else then)


@pytest.mark.parametrize("what", ["step", "cohort", "person", "moved"])
def test_what_is_paused_or_moved_while_a_tick_runs_is_not_carried_out_by_it(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _ann, bo = join(cohort, lead, by, at, "Ann", "Bo")
    welcome, place = step(cohort, "welcome"), db.session.scalars(select_place(cohort, bo)).one()
    then = welcome.due_at
    kind = KINDS["cohorts.welcome"]

    def carry_out_and_interrupt(due: Due, at: datetime) -> Result:
        if what == "step":
            pause_step(welcome, by=by, at=at)
        elif what == "cohort":
            pause_cohort(cohort, by=by, at=at)
        elif what == "person":
            pause_enrolment(place, by=by, at=at)
        else:
            welcome.due_at += timedelta(days=1)
        return kind.carry_out(due, at)

    monkeypatch.setitem(KINDS, kind.name, replace(kind, carry_out=carry_out_and_interrupt))
    assert tick(then) == 1
    assert [due.state for due in dues("welcome", 0, cohort)] == [DueState.DONE, DueState.WAITING]


def test_a_message_that_belongs_to_no_step_is_wanted(lead: Partner, at: datetime) -> None:
    from programme.messages.actions import queue

    person = builders.participant("Ann", partner=lead)
    message = queue(to=person, channel=Channel.EMAIL, template="welcome", values={}, due_at=at,
                    expires_at=at + timedelta(days=1), at=at)  # fmt: skip
    db.session.flush()
    assert is_still_wanted(message, at)


def test_steps_of_areas_that_are_not_there_hold_back_nothing(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(cohort, lead, by, at, "Ann")
    monkeypatch.delitem(KINDS, "cohorts.welcome")
    assert tick(step(cohort, "welcome").due_at) == 0


@pytest.fixture
def lists_are_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every clock has listed what waits before any of them carries something out."""
    everybody, here = Barrier(4), local()
    carry_out_step = ticking._carry_out_step

    def wait_and_carry_out(step_id: int, at: datetime) -> int:
        if getattr(here, "waited_for", None) != at:
            here.waited_for = at
            everybody.wait(timeout=60)
        return carry_out_step(step_id, at)

    monkeypatch.setattr(ticking, "_carry_out_step", wait_and_carry_out)


def test_many_clocks_at_once_send_nothing_twice(
    app: Flask, cohort: Cohort, lead: Partner, by: Viewer, at: datetime, lists_are_stale: None
) -> None:
    cohort.capacity = 30
    join(cohort, lead, by, at, *(f"Person {n}" for n in range(12)), phone="+447700900777",
         channel=Channel.SMS)  # fmt: skip
    welcome, reminder = step(cohort, "welcome").due_at, step(cohort, "remind.day-before", 1).due_at
    db.session.commit()

    def one_clock(moment: datetime) -> int:
        with app.app_context():
            return tick(moment)

    for moment, count in ((welcome, 12), (reminder, 1)):
        make_dues(moment)
        with ThreadPoolExecutor(4) as clocks:
            assert sum(clocks.map(one_clock, [moment] * 4)) == count
    assert db.session.scalar(select(func.count(Message.id))) == 13


def test_two_processes_that_tick_at_once_send_nothing_twice(
    settings: Settings, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    cohort.capacity = 30
    join(cohort, lead, by, at, *(f"Person {n}" for n in range(20)))
    moment = step(cohort, "welcome").due_at
    db.session.commit()
    environment = os.environ | {
        "PROGRAMME_INSTANCE": str(settings.instance),
        "PROGRAMME_DATABASE_URL": settings.database,
        "PROGRAMME_SECRET": settings.secret,
        "PROGRAMME_SEALING_KEY": settings.sealing_key,
        "PROGRAMME_DEMONSTRATION": "yes",
    }
    arguments = [sys.executable, "-c", COMMAND, "tick", "--at", moment.isoformat(), "--json"]
    running = [
        subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    told = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    welcomed = select(func.count(Message.id)).filter_by(template="welcome")
    assert db.session.scalar(welcomed) == 20


def test_several_things_due_to_one_person_go_as_one_message(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann", "Bo", phone=None)
    reminder = step(cohort, "remind.day-before", 1)
    assert tick(reminder.due_at) == 4
    assert [(each.template, each.carries) for each in messages()] == [("welcome", 2)] * 2
    text = render(messages()[0], settings()).body
    assert text.startswith("Hello Ann, from Family groups.\n\nYou start ")
    assert "We meet " in text
    assert messages()[0].expires_at == cohort.sessions[0].starts_at


def test_of_a_message_with_two_texts_only_what_is_still_wanted_is_said(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    reminder = step(cohort, "remind.day-before", 1)
    tick(reminder.due_at)
    pause_step(step(cohort, "welcome"), by=by, at=reminder.due_at)
    (message,) = messages()
    assert unwanted_texts(message, reminder.due_at) == {0}
    text = render(message, settings(), without=frozenset({0})).body
    assert "we meet " in text
    assert "start" not in text
    pause_step(reminder, by=by, at=reminder.due_at)
    assert not is_still_wanted(message, reminder.due_at)
