"""What one person's own page shows: no surname, address, answer or other person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from programme.cohorts.joining import is_kept_out
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.programmes import Programme, ProgrammeError, load_programme
from programme.cohorts.queries import sessions_of
from programme.cohorts.rules import TAKES_PART, Stage
from programme.feedback.queries import answer_of, session_to_ask_about
from programme.foundation.database import db
from programme.handouts.content import ContentError
from programme.handouts.queries import WeekCard, week_cards
from programme.people.models import Participant
from programme.portal.meeting import Meeting, next_meeting
from programme.portal.place import Place
from programme.portal.words import Words, words_for
from programme.questionnaires.queries import OpenQuestionnaire, open_for
from programme.registers.attendance import has_missed

WORKS_FOR = timedelta(days=14)
"""How long after the last session the page still opens."""


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
    code_word: str
    """What to say when somebody comes into the room; empty when nothing was agreed."""
    words: Words
    """How the page says when we meet and how to join, in this person's language."""
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
    """A person's own page; a 404 once it is over. Eight queries at most.

    One thing to do at a time: while the room is open, that is to join.
    """
    own = place(enrolment_id, at)
    programme = programme_of(own.cohort)
    words = words_for(own.participant.language, own.cohort.zone)
    meeting = next_meeting(own, programme, words, at)
    is_time_to_join = meeting is not None and meeting.room is not None
    questionnaire = None if is_time_to_join else open_for(enrolment_id, at)
    return MyGroup(
        known_as=own.participant.known_as,
        group=own.cohort.public_name,
        code_word="" if is_kept_out(own.enrolment) else own.cohort.code_word or "",
        words=words,
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
