"""What follows for people from a session that was moved, cancelled or brought back."""

from datetime import datetime

from sqlalchemy import func, select

from programme.access.viewer import Viewer
from programme.cohorts.models import Due, GroupSession, SessionChange, Step
from programme.cohorts.queries import next_to_begin
from programme.cohorts.replanning import skip_waiting
from programme.cohorts.rules import DueState
from programme.cohorts.told import (
    CHANGED,
    CHANGED_NAME,
    WELCOME,
    believe_otherwise,
    has_left,
    is_about,
    word_on,
)
from programme.foundation.database import db
from programme.messages.carried import correct
from programme.messages.models import Message
from programme.messages.rules import State
from programme.messages.values import day_value, time_value


def note_change(
    session: GroupSession, *, was_at: datetime, tell: bool, by: Viewer, at: datetime
) -> int:
    """Count the change, correct what waits to be sent, and, if wanted, have those told who know
    otherwise: exactly those, once. Gives how many.

    Called when the session and its steps are as they will be.
    """
    session.sequence += 1
    _correct_waiting(session, at)
    db.session.flush()
    wrong = believe_otherwise(session, word_on(session)) if tell else {}
    until = _of_use_until(session, was_at, at)
    is_told = bool(wrong) and until is not None
    db.session.add(_change(session, was_at, is_told, by, at))
    _plan_telling(session, until if is_told else None, at)
    db.session.flush()
    return len(wrong) if is_told else 0


def _change(
    session: GroupSession, was_at: datetime, is_told: bool, by: Viewer, at: datetime
) -> SessionChange:
    return SessionChange(
        session_id=session.id,
        was_at=was_at,
        will_be_at=None if session.cancelled_at else session.starts_at,
        people_are_told=is_told,
        at=at,
        by=by.actor,
    )


def _plan_telling(session: GroupSession, until: datetime | None, at: datetime) -> None:
    """One step for each session; whatever of an earlier change has not left is given up."""
    step = db.session.scalar(
        select(Step).filter_by(
            cohort_id=session.cohort_id, name=CHANGED_NAME, session_number=session.number
        )
    )
    if step:
        skip_waiting(step, "It changed once more.", at)
        step.occurrence += 1
    elif until:
        step = Step(cohort_id=session.cohort_id, name=CHANGED_NAME, kind=CHANGED)
        step.session_number = session.number
        db.session.add(step)
    if step:
        step.due_at, step.expires_at = at, until or at
        step.ended_at, step.paused_at = None if until else at, None


def _of_use_until(session: GroupSession, was_at: datetime, at: datetime) -> datetime | None:
    """Until the session would begin, by whichever time somebody may still believe comes first."""
    believed = {was_at, *_times_not_corrected(session)}
    if session.cancelled_at is None:
        believed.add(session.starts_at)
    return min((time for time in believed if time > at), default=None)


def _times_not_corrected(session: GroupSession) -> list[datetime]:
    """The times it had before changes of which nobody has been told yet."""
    told_at = (
        select(func.max(Message.sent_at))
        .join(Due, Due.message_id == Message.id)
        .join(Step, Step.id == Due.step_id)
        .where(Step.cohort_id == session.cohort_id, Step.session_number == session.number)
        .where(Step.kind == CHANGED, has_left())
    )
    last = db.session.scalar(told_at)
    asked = select(SessionChange.was_at).filter_by(session_id=session.id, people_are_told=True)
    return list(db.session.scalars(asked.where(SessionChange.at >= last) if last else asked))


def _correct_waiting(session: GroupSession, at: datetime) -> None:
    """What names this session and has not left follows, as a text always says what is true."""
    asked = (
        select(Due, Step, Message)
        .join(Step, Step.id == Due.step_id)
        .join(Message, Message.id == Due.message_id)
        .where(is_about(session), Message.state == State.QUEUED)
        .where(Due.state == DueState.DONE, Due.occurrence == Step.occurrence, Step.kind != CHANGED)
    )
    for due, step, message in db.session.execute(asked).all():
        named = next_to_begin(session.cohort_id, at) if step.kind == WELCOME else session
        if named is None:
            continue
        zone = named.cohort.zone
        correct(
            message,
            due.part,
            {
                "day": day_value(named.starts_at, zone),
                "time": time_value(named.starts_at, zone),
            },
        )
        ends_at = named.starts_at if step.kind == WELCOME else step.expires_at
        message.expires_at = max(message.expires_at, ends_at) if message.carries > 1 else ends_at
