"""A term lived in any order: what staff and families do, and the clock, and crashes.

The product's own actions and jobs run; only what leaves is caught, by a way of sending that
keeps what it is given and asks the model whether it should have been.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import text

from programme import timetable
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts import actions, moving, steering, tick
from programme.cohorts.models import Cohort, Due, Enrolment, GroupSession, Step
from programme.cohorts.replanning import replan
from programme.cohorts.rules import DueState, Stage
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.foundation.settings import Settings
from programme.foundation.web import Refusal
from programme.messages import jobs, post_office, rendering, sending
from programme.messages.models import Message
from programme.messages.queries import BY_PERSON
from programme.messages.rendering import present_language
from programme.messages.rules import WAITING, State
from programme.messages.transport import Letter
from programme.messages.wordings import wordings_for
from programme.people.conversations import answer_consent, record_conversation
from programme.people.models import Participant
from programme.people.rules import Agreement, Channel, ConsentPurpose
from tests import builders
from tests.cohorts.forever.model import LONDON, Meeting, Somebody, World
from tests.conftest import NOW

FIRST_DAY, WEEKS = date(2026, 10, 27), 3
"""Three weeks from now, and two days after the clocks go back."""
NOWHERE = "nowhere"
POINTS: dict[str, tuple[Any, str]] = {
    "making dues": (tick, "_make_dues_of"),
    "claiming dues": (tick, "_claimed"),
    "carrying out": (tick, "_carry_out"),
    "marking a due": (tick, "_mark"),
    "ending a step": (tick, "_skip"),
    "claiming messages": (jobs, "claim"),
    "preparing": (sending, "prepare"),
    "handing over": (sending, "hand_over"),
    "beginning a text": (sending, "begin"),
    "marking a message": (sending, "_mark"),
}
LEFT = "just after it left"
AFTER_IT_LEFT = (LEFT, "marking a message")
JUMPS = st.one_of(
    st.integers(1, 180).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 40).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 9).map(lambda days: timedelta(days=days)),
)
CHANNELS = st.sampled_from([Channel.EMAIL, Channel.EMAIL, Channel.SMS, Channel.PHONE])
HOURS = st.sampled_from([(9, 20), (9, 20), (9, 12), (13, 24), (0, 24), (18, 20)])
NAMES = ("welcome", "remind.day-before", "remind.hour-before", "before.open", "thanks")


class Killed(BaseException):
    """The process dies here."""


class Forever(RuleBasedStateMachine):
    """See the module. `empty` puts empty tables in place."""

    empty: Callable[[], None]
    people = Bundle("people")

    # Beginning and end

    @initialize(target=people, channels=st.lists(CHANNELS, min_size=3, max_size=3))
    def open_a_group(self, channels: list[Channel]) -> Any:
        type(self).empty()
        self.now = self.ticked = NOW
        self.sent: Counter[tuple[Any, ...]] = Counter()
        self.told: Counter[tuple[Any, ...]] = Counter()
        self.copies: Counter[str] = Counter()
        self.crashed_after: Counter[str] = Counter()
        self.in_hand = ""
        self.problems: list[Exception] = []
        self.dies_at, self.after = NOWHERE, 0
        self.patch = patch.object(post_office, "transport_for", lambda *_: self)
        self.patch.start()
        self.make_group()
        made = [self.add(number) for number in range(len(channels) + 1)]
        for person, channel in zip(made, channels, strict=False):
            self.agree(person, channel, (9, 20))
            self.enrol(person)
        db.session.commit()
        return multiple(*made)

    def make_group(self) -> None:
        lead = builders.partner()
        staff = builders.account(Role.COORDINATOR, partner=None)
        self.by: Viewer = staff_viewer(staff, NOW.date())
        group = builders.cohort(FIRST_DAY, partner=lead, weeks=WEEKS, capacity=12)
        replan(group, NOW)
        self.group_id, self.partner_id = group.id, lead.id
        sessions = {each.number: Meeting(each.number, each.starts_at) for each in group.sessions}
        self.world = World(sessions)

    def teardown(self) -> None:
        if not hasattr(self, "patch"):
            return
        try:
            self.live_to_the_end()
        finally:
            self.patch.stop()
            db.session.rollback()
            db.session.remove()

    def live_to_the_end(self) -> None:
        last = max(each.ends for each in self.world.sessions.values())
        self.dies_at = NOWHERE
        for later in (sending.LEASE, timedelta(days=1), timedelta(days=1)):
            self.now += later
            self.tick()
        for days in range(0, 200, 20):
            self.now = max(self.now, last + timedelta(days=days))
            self.tick()
        self.check_nothing_is_left()

    def check_nothing_is_left(self) -> None:
        """All that was due was done, or left out for a reason that somebody can read."""
        for due in db.session.scalars(db.select(Due)):
            assert due.state is not DueState.WAITING
            assert due.state is DueState.DONE or due.reason
        for message in db.session.scalars(db.select(Message)):
            assert message.state not in WAITING, (message.template, message.state)
            assert message.state is State.SENT or message.reason
        db.session.rollback()

    # What staff and families do

    def add(self, number: int) -> int:
        email, phone = f"jo{number}@example.org", f"+4477009000{number:02}"
        person = builders.participant(
            f"Jo {number}", partner=db.session.get_one(builders.Partner, self.partner_id),
            email=email, phone=phone,
        )  # fmt: skip
        self.world.people[person.id] = Somebody(person.id, email, phone)
        return person.id

    @rule(person=people, channel=CHANNELS, hours=HOURS)
    def agree(self, person: int, channel: Channel, hours: tuple[int, int]) -> None:
        agreement = Agreement(
            spoken_at=self.now, spoken_by="Sam", known_as=f"Jo {person}", channel=channel,
            from_hour=hours[0], until_hour=hours[1], may_text=True, may_leave_voicemail=False,
            who_must_not_know="", review_on=None, consents=dict.fromkeys(ConsentPurpose, True),
        )  # fmt: skip
        self.act(record_conversation, self.person(person), agreement)
        them = self.world.people[person]
        them.channel, them.hours, them.agrees = channel.value, hours, True

    @rule(person=people, is_given=st.booleans())
    def change_their_mind(self, person: int, is_given: bool) -> None:
        if self.act(answer_consent, self.person(person), ConsentPurpose.MESSAGES, is_given):
            self.world.people[person].agrees = is_given

    @rule(person=people, number=st.integers(0, 9))
    def change_address(self, person: int, number: int) -> None:
        """A phone may be one that somebody else in the group has too."""
        them, row = self.world.people[person], self.person(person)
        them.email, them.phone = f"new{person}{number}@example.org", f"+4477009001{number:02}"
        row.email, row.phone = them.email, them.phone
        row.phone_index = blind("phone", them.phone)
        db.session.commit()

    @rule(person=people)
    def enrol(self, person: int) -> None:
        if self.act(actions.enrol, self.person(person), into=self.group()):
            self.world.people[person].takes_part = self.place(person).stage is Stage.ENROLLED

    @rule(person=people)
    def withdraw(self, person: int) -> None:
        if (place := self.place(person)) and self.act(actions.withdraw, place):
            self.world.people[person].takes_part = False

    @rule(person=people, is_on=st.booleans())
    def pause_person(self, person: int, is_on: bool) -> None:
        if place := self.place(person):
            self.act(actions.pause_enrolment if is_on else actions.resume_enrolment, place)
            self.world.people[person].is_paused = is_on

    @rule(is_on=st.booleans())
    def pause_group(self, is_on: bool) -> None:
        self.act(steering.pause_cohort if is_on else steering.resume_cohort, self.group())
        self.world.is_paused = is_on

    @rule(name=st.sampled_from(NAMES), number=st.integers(1, WEEKS), is_on=st.booleans())
    def pause_step(self, name: str, number: int, is_on: bool) -> None:
        which = (name, number if name.startswith("remind") else 0)
        self.act(steering.pause_step if is_on else steering.resume_step, self.step(*which))
        (self.world.paused_steps.add if is_on else self.world.paused_steps.discard)(which)

    @rule(
        number=st.integers(1, WEEKS), days=st.integers(-2, 9), hour=st.integers(10, 20),
        tell=st.booleans(),
    )  # fmt: skip
    def move_session(self, number: int, days: int, hour: int, tell: bool) -> None:
        session = self.session(number)
        day = session.day + timedelta(days=days)
        when = {"day": day, "local_time": time(hour, 15)}
        if self.act(moving.move_session, session, **when, tell=tell):
            starts = datetime.combine(day, time(hour, 15), LONDON)
            self.world.sessions[number].starts = starts
            self.world.changes[number] += 1

    @rule(number=st.integers(1, WEEKS), is_off=st.booleans())
    def cancel_session(self, number: int, is_off: bool) -> None:
        change = moving.cancel_session if is_off else moving.restore_session
        if self.act(change, self.session(number)):
            self.world.sessions[number].is_cancelled = is_off
            self.world.changes[number] += 1

    def act(self, change: Callable[..., Any], *given: Any, **named: Any) -> bool:
        """Do it as a page would: in one transaction, or not at all."""
        try:
            change(*given, **named, by=self.by, at=self.now)
        except Refusal:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    # The clock

    @rule(jump=JUMPS)
    def wait(self, jump: timedelta) -> None:
        self.now += jump
        self.tick()

    @rule(minutes=st.integers(0, 70))
    def come_to_what_is_next(self, minutes: int) -> None:
        """Chance alone would seldom meet the hour before a session."""
        self.now = self.what_is_next() + timedelta(minutes=minutes)
        self.tick()

    def what_is_next(self) -> datetime:
        windows = [window for which in self.world.texts() if (window := self.world.window(*which))]
        return min((begins for begins, _ in windows if begins > self.now), default=self.now)

    @rule(minutes=st.integers(0, 9))
    def come_to_what_is_next_again(self, minutes: int) -> None:
        """The clock ticks more often than people change their minds."""
        self.come_to_what_is_next(minutes)
        self.come_to_what_is_next(minutes)

    @rule(hour=st.integers(9, 19))
    def come_to_the_next_morning(self, hour: int) -> None:
        wall = local(self.now, "Europe/London") + timedelta(days=1)
        self.now = wall.replace(hour=hour)
        self.tick()

    @rule()
    def tick_again(self) -> None:
        self.tick()

    @rule(back=st.integers(1, 5000).map(lambda minutes: timedelta(minutes=minutes)))
    def tick_with_a_clock_set_back(self, back: timedelta) -> None:
        self.run_clock(self.now - back)

    @rule(point=st.sampled_from(list(POINTS)), after=st.integers(0, 3), wait=st.booleans())
    def crash(self, point: str, after: int, wait: bool) -> None:
        """The clock's process dies at this point, when it comes there after so many times."""
        if wait:
            self.now = self.what_is_next()
        self.run_and_die(point, after)

    @rule(after=st.integers(0, 2), wait=st.booleans())
    def crash_after_a_letter_left(self, after: int, wait: bool) -> None:
        if wait:
            self.now = self.what_is_next()
        self.run_and_die(LEFT, after)

    def run_and_die(self, point: str, after: int) -> None:
        self.dies_at, self.after = point, after
        with self.dying_at(point):
            try:
                self.run_clock(self.now)
            except Killed:
                if point in AFTER_IT_LEFT:
                    self.crashed_after[self.in_hand] += 1
                db.session.rollback()
                db.session.remove()
        self.dies_at = NOWHERE
        self.check_no_problem()

    def check_no_problem(self) -> None:
        if self.problems:
            raise self.problems.pop()

    @precondition(lambda self: self.crashed_after)
    @rule()
    def come_back_after_the_lease(self) -> None:
        self.now += sending.LEASE
        self.tick()

    def dying_at(self, point: str) -> Any:
        if point == LEFT:
            return patch.object(self, "dies_at", LEFT)
        owner, name = POINTS[point]
        do = getattr(owner, name)

        def perhaps(*given: Any, **named: Any) -> Any:
            self.perhaps_die()
            return do(*given, **named)

        return patch.object(owner, name, perhaps)

    def perhaps_die(self) -> None:
        self.after -= 1
        if self.after < 0:
            raise Killed

    def tick(self) -> None:
        self.run_clock(self.now)
        self.check_what_is_due_was_done()

    def run_clock(self, at: datetime) -> None:
        self.ticked = at
        for job in timetable.JOBS:
            if job.name.startswith(("plan", "outbox", "registers", "parcels")):
                job.run(at)
        db.session.rollback()
        self.check_no_problem()

    # What leaves

    def send(self, letter: Letter) -> str:
        """What goes wrong in here the product would take for a mistake of its own."""
        try:
            self.check(letter)
        except Exception as problem:
            self.problems.append(problem)
        db.session.rollback()  # a way of sending holds nothing of the database
        self.in_hand = letter.key
        if self.dies_at == LEFT:
            self.perhaps_die()
        return ""

    def close(self) -> None:
        pass

    def check(self, letter: Letter) -> None:
        """Asked of every letter that leaves."""
        message = db.session.get_one(Message, letter.message_id)
        self.copies[letter.key] += 1
        again = self.crashed_after[letter.key] if letter.channel is Channel.EMAIL else 0
        if message.participant_id is None:
            return
        them = self.world.people[message.participant_id]
        assert them.may_be_written_to(self.ticked), "outside the safe hours"
        assert (letter.channel, letter.to) == (them.channel, them.address)
        for due in self.said_in(letter, message):
            which = (them.id, due.step.name, due.step.session_number)
            why_not = self.world.may_get(*which, self.ticked)
            assert not why_not, f"{which}: {why_not}"
            self.count(letter.key, which, due, again)
            self.check_says_when(letter, due)

    def said_in(self, letter: Letter, message: Message) -> list[Due]:
        """The turns whose texts the letter has, out of those that the message carries."""
        dues = db.session.scalars(db.select(Due).filter_by(message_id=message.id)).all()
        assert dues, "A message to a participant that nobody's turn asked for."
        if message.carries == 1:
            return list(dues)
        texts = carried(message, current_app.config["SETTINGS"])
        return [due for due in dues if texts[due.part] in letter.body]

    def count(self, key: str, which: tuple[Any, ...], due: Due, again: int) -> None:
        """Once for each occurrence; once, too, for each time that its session was changed."""
        number = due.step.session_number
        once = (*which, self.world.changes[number] if number else 0)
        occurrence = (*which, due.occurrence)
        if not again or self.copies[key] == 1:
            self.told[once] += 1
            self.sent[occurrence] += 1
        assert self.copies[key] <= 1 + again, f"{which} left {self.copies[key]} times"
        assert self.sent[occurrence] == 1, f"{which} was told twice"
        assert self.told[once] == 1, f"{which} was told twice of the same"

    def check_says_when(self, letter: Letter, due: Due) -> None:
        """A reminder gives the day and time that hold now."""
        held = self.world.held()
        if due.step.name == "welcome":
            assert any(session.said in letter.body for session in held), letter.body
        if due.step.name == "session.changed":
            session = self.world.sessions[due.step.session_number]
            assert session.said in letter.body, (session.said, letter.body)
        if due.step.name.startswith("remind"):
            session = self.world.sessions[due.step.session_number]
            is_an_hour_before = due.step.name == "remind.hour-before"
            said = session.said_time if is_an_hour_before else session.said
            assert said in letter.body, (said, letter.body)

    def check_what_is_due_was_done(self) -> None:
        """Whoever may get something now has had it, or it is known why not, or when."""
        for name, number in self.world.texts():
            window = self.world.window(name, number)
            if name in NAMES and window and window[0] <= self.now < window[1]:
                for person in self.world.people:
                    if not self.world.may_get(person, name, number, self.now):
                        self.check_done(person, self.step(name, number))
        db.session.rollback()

    def check_done(self, person: int, step: Step) -> None:
        dues = db.session.scalars(
            db.select(Due).filter_by(step_id=step.id, participant_id=person).order_by(Due.id)
        ).all()
        assert dues, f"{step.name} {step.session_number} was forgotten for {person}"
        due = dues[-1]
        assert due.state is not DueState.WAITING
        if due.message_id and due.state is DueState.DONE:
            message = db.session.get_one(Message, due.message_id)
            may_wait = message.channel in BY_PERSON or message.next_try_at > self.now
            assert may_wait or message.state not in WAITING

    # Rows

    def group(self) -> Cohort:
        return db.session.get_one(Cohort, self.group_id)

    def person(self, person: int) -> Participant:
        return db.session.get_one(Participant, person)

    def place(self, person: int) -> Enrolment | None:
        return actions.enrolment_of(self.group_id, person)

    def session(self, number: int) -> GroupSession:
        asked = db.select(GroupSession).filter_by(cohort_id=self.group_id, number=number)
        return db.session.scalars(asked).one()

    def step(self, name: str, number: int) -> Step:
        asked = db.select(Step).filter_by(cohort_id=self.group_id, name=name, session_number=number)
        return db.session.scalars(asked).one()


def carried(message: Message, ours: Settings) -> list[str]:
    """Each text of a message that has several, as it is said among them."""
    wordings = wordings_for(message.wording, present_language(message))
    return [
        rendering._filling(message, name, given, wordings, ours).with_others
        for name, given in rendering._carried(message)
    ]


def empty_sqlite(template: Path, path: Path) -> Callable[[], None]:
    """Puts a copy of the empty database in the place of the one in use."""

    def empty() -> None:
        db.session.remove()
        db.engine.dispose()
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        shutil.copy(template, path)

    return empty


def empty_postgres() -> None:
    """Empties the tables that something is in."""
    db.session.remove()
    names = ", ".join(db.metadata.tables)
    db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    db.session.commit()


__all__ = ["Forever", "empty_postgres", "empty_sqlite"]
