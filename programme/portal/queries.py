"""What one person's own page shows: no surname, address, answer or other person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.programmes import Programme, ProgrammeError, load_programme
from programme.cohorts.queries import sessions_of
from programme.cohorts.rules import TAKES_PART, Stage
from programme.feedback.queries import answer_of, session_to_ask_about
from programme.foundation.database import db
from programme.foundation.web import say_wait
from programme.handouts.content import ContentError
from programme.handouts.queries import WeekCard, week_cards
from programme.people.models import Participant
from programme.questionnaires.queries import OpenQuestionnaire, open_for
from programme.registers.attendance import has_missed
from programme.registers.rules import JOIN_OPENS, can_join

WORKS_FOR = timedelta(days=14)
"""How long after the last session the page still opens."""


@dataclass(frozen=True)
class Place:
    """Somebody's place in a group whose page is open to them."""

    enrolment: Enrolment
    participant: Participant
    cohort: Cohort
    sessions: Sequence[GroupSession]

    def session(self, number: int) -> GroupSession:
        """The numbered session; a 404 when there is none."""
        return next((s for s in self.sessions if s.number == number), None) or abort(404)


@dataclass(frozen=True)
class Meeting:
    """The session that comes next, or is on now."""

    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    wait: str
    is_on: bool
    can_join: bool
    has_link: bool


@dataclass(frozen=True)
class Asked:
    """The question after a session. What was answered before is not shown on the page."""

    session_number: int
    starts_at: datetime
    question: str
    answers: tuple[tuple[str, str], ...]
    was_answered: bool


@dataclass(frozen=True)
class DateLine:
    """One session on the list of dates. `is_next`: the one the page speaks of."""

    number: int
    starts_at: datetime
    is_over: bool
    is_next: bool
    is_cancelled: bool


@dataclass(frozen=True)
class MyGroup:
    """Everything on a person's own page."""

    known_as: str
    group: str
    meeting: Meeting | None
    weeks: tuple[WeekCard, ...]
    """What was released, the latest first."""
    questionnaire: OpenQuestionnaire | None
    asked: Asked | None
    dates: tuple[DateLine, ...]
    has_completed: bool


def place(enrolment_id: int, at: datetime) -> Place:
    """The place that a link opens; a 404 once it is over or was given up."""
    return find_place(enrolment_id, at) or abort(404)


def find_place(enrolment_id: int, at: datetime) -> Place | None:
    """A place in a group whose page is open; None once it is over or was given up."""
    wanted = (
        select(Enrolment, Participant)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .where(Enrolment.id == enrolment_id, Enrolment.stage.in_(TAKES_PART))
        .options(
            joinedload(Enrolment.cohort),
            load_only(Participant.known_as, Participant.language, Participant.large_print),
        )
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return None
    enrolment, participant = found
    sessions = sessions_of(enrolment.cohort_id)
    is_open = not is_over(sessions, at)
    return Place(enrolment, participant, enrolment.cohort, sessions) if is_open else None


def somebody_taking_part(at: datetime) -> int | None:
    """The place of somebody in the group that meets next, for the demonstration's sign-in page."""
    return db.session.scalar(
        select(Enrolment.id)
        .join(GroupSession, GroupSession.cohort_id == Enrolment.cohort_id)
        .where(Enrolment.stage.in_(TAKES_PART), GroupSession.ends_at > at)
        .order_by(GroupSession.starts_at, Enrolment.id)
        .limit(1)
    )


def is_over(sessions: Sequence[GroupSession], at: datetime) -> bool:
    """Whether the last session was more than two weeks ago."""
    ends = [session.ends_at for session in sessions if session.cancelled_at is None]
    return bool(ends) and at >= max(ends) + WORKS_FOR


def my_group(enrolment_id: int, at: datetime) -> MyGroup:
    """A person's own page; a 404 once it is over. Seven queries at most.

    One thing to do at a time: while the room is open, that is to join.
    """
    own = place(enrolment_id, at)
    programme = programme_of(own.cohort)
    meeting = _meeting(own, programme, at)
    is_time_to_join = meeting is not None and meeting.can_join
    questionnaire = None if is_time_to_join else open_for(enrolment_id, at)
    return MyGroup(
        known_as=own.participant.known_as,
        group=own.cohort.public_name,
        meeting=meeting,
        weeks=_weeks(own),
        questionnaire=questionnaire,
        asked=None if questionnaire or is_time_to_join else _asked(own, programme, at),
        dates=_dates(own, meeting, at),
        has_completed=own.enrolment.stage == Stage.COMPLETED,
    )


def programme_of(cohort: Cohort) -> Programme | None:
    """The page opens even where the programme's files are broken."""
    try:
        return load_programme(cohort.programme)
    except (ProgrammeError, ValueError):
        return None


def _title(programme: Programme | None, number: int) -> str:
    sessions = programme.sessions if programme else ()
    return next((s.title for s in sessions if s.number == number), "")


def _meeting(own: Place, programme: Programme | None, at: datetime) -> Meeting | None:
    coming = (s for s in own.sessions if s.ends_at > at and s.cancelled_at is None)
    session = min(coming, key=lambda s: s.starts_at, default=None)
    if session is None:
        return None
    return Meeting(
        number=session.number,
        title=_title(programme, session.number),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        opens_at=session.starts_at - JOIN_OPENS,
        wait=say_wait(session.starts_at, at),
        is_on=session.starts_at <= at,
        can_join=can_join(session.starts_at, session.ends_at, at),
        has_link=bool(own.cohort.join_url),
    )


def _weeks(own: Place) -> tuple[WeekCard, ...]:
    """The page opens even where a week's file is broken."""
    try:
        return tuple(week_cards(own.cohort, own.participant.language))
    except ContentError:
        return ()


def _asked(own: Place, programme: Programme | None, at: datetime) -> Asked | None:
    """Nobody who missed the session is asked how it was."""
    session = session_to_ask_about(own.sessions, at)
    person = own.participant.id
    if programme is None or session is None or has_missed(session.id, person):
        return None
    return Asked(
        session_number=session.number,
        starts_at=session.starts_at,
        question=programme.feedback_question,
        answers=tuple((answer.value, answer.text) for answer in programme.feedback_answers),
        was_answered=answer_of(session.id, person) is not None,
    )


def _dates(own: Place, meeting: Meeting | None, at: datetime) -> tuple[DateLine, ...]:
    return tuple(
        DateLine(
            number=session.number,
            starts_at=session.starts_at,
            is_over=session.ends_at <= at,
            is_next=meeting is not None and session.number == meeting.number,
            is_cancelled=session.cancelled_at is not None,
        )
        for session in own.sessions
    )
