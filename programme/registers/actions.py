"""Taking the register: marks, arrivals and closing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import CLOCK, Viewer, participant_viewer
from programme.cohorts.models import GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import Participant
from programme.registers.asking import MarkedMeanwhile
from programme.registers.completing import tell_cohorts
from programme.registers.marking import (
    check_was_not_cancelled,
    names_on_register,
    save_marks,
    take_turns,
)
from programme.registers.models import Arrival, CannotGetIn, Closing, Mark
from programme.registers.register import Line, register_of
from programme.registers.rules import Attendance, How, Wanted, can_join
from programme.registers.scope import may_close


def mark(
    session: GroupSession,
    participant: Participant,
    attendance: Attendance,
    *,
    seen_at: datetime | None = None,
    how: How | None = None,
    reason: str = "",
    by: Viewer,
    at: datetime,
) -> Mark:
    """Mark one person. `seen_at` says which mark the person marking had before their eyes.

    Raises:
        MarkedMeanwhile: somebody else changed the mark since, or the register is closed and
            there is no `reason`.
        Refusal: the person is not on this register, or the session was cancelled.
    """
    wanted = Wanted(participant.id, attendance, seen_at, how, reason)
    saved = save_marks(session, [wanted], by=by, at=at)
    if saved.conflicts:
        raise MarkedMeanwhile(saved.conflicts[0])
    return saved.marks[0]


def mark_everyone_else_present(session: GroupSession, *, by: Viewer, at: datetime) -> int:
    """Mark as present everybody expected who has no mark yet; say how many."""
    register = register_of(session, CLOCK)
    return _fill(session, dict.fromkeys(register.to_mark, Attendance.PRESENT), by=by, at=at)


def accept_arrivals(session: GroupSession, *, by: Viewer, at: datetime) -> int:
    """Mark those who pressed Join and have no mark yet as their arrival suggests."""
    register = register_of(session, CLOCK)
    suggested = {line: line.suggested for line in register.suggestions if line.suggested}
    return _fill(session, suggested, by=by, at=at)


def close_register(session: GroupSession, *, by: Viewer, at: datetime) -> None:
    """Declare the register complete. Closing it again changes nothing.

    Raises:
        Refusal: the session has not begun, somebody is not marked, or helpers tried.
    """
    if not may_close(by, session.cohort):
        raise Refusal("A facilitator or a coordinator closes the register.")
    check_was_not_cancelled(session)
    if at < session.starts_at:
        raise Refusal("The session has not begun. Close the register when it has.")
    take_turns(session)
    register = register_of(session, CLOCK)
    if register.closed_at:
        return
    if register.to_mark:
        raise Refusal(_say_who_is_missing(register.to_mark))
    db.session.add(Closing(session_id=session.id, at=at, by=by.actor))
    tell_cohorts(session, by=by, at=at)
    audit.record("closed register", session, by=by, at=at)


def arrive(
    session: GroupSession, participant: Participant, at: datetime, *, by: Viewer | None = None
) -> None:
    """Stamp that somebody pressed Join: the first time counts, however often they press.

    `by`: on whose page it was pressed, when that was not their own.
    """
    stamped = select(Arrival.id).filter_by(session_id=session.id, participant_id=participant.id)
    # The insert itself decides who was first: two taps may both find nothing here.
    if db.session.scalar(stamped) is None and _insert_once(session.id, participant.id, at):
        who = by or participant_viewer(participant.id)
        audit.record("joined", session, by=who, at=at, participant=participant.id)


def say_cannot_get_in(session: GroupSession, participant: Participant, *, at: datetime) -> None:
    """Tell whoever runs the evening that somebody cannot get into the meeting.

    Saying it again before anybody helped changes nothing.

    Raises:
        Refusal: the person is not on this register, or nobody can join now.
    """
    check_was_not_cancelled(session)
    if not can_join(session.starts_at, session.ends_at, at):
        raise Refusal("Nobody can join now. Ring us if you need help.")
    take_turns(session)
    names_on_register(session, [participant.id])
    if not _waiting_for_help(session, participant.id):
        news = CannotGetIn(session_id=session.id, participant_id=participant.id, at=at)
        db.session.add(news)
        by = participant_viewer(participant.id)
        audit.record("said they cannot get in", session, by=by, at=at)


def mark_helped(session: GroupSession, participant_id: int, *, by: Viewer, at: datetime) -> None:
    """Note that somebody who could not get in was helped. The first to say so is kept."""
    take_turns(session)
    waiting = _waiting_for_help(session, participant_id)
    for news in waiting:
        news.helped_at, news.helped_by = at, by.actor
    if waiting:
        audit.record("helped in", session, by=by, at=at, participant=participant_id)


def _waiting_for_help(session: GroupSession, participant_id: int) -> Sequence[CannotGetIn]:
    asked = select(CannotGetIn).filter_by(
        session_id=session.id, participant_id=participant_id, helped_at=None
    )
    return db.session.scalars(asked).all()


def _fill(session: GroupSession, marks: dict[Line, Attendance], *, by: Viewer, at: datetime) -> int:
    wanted = [Wanted(line.participant_id, attendance) for line, attendance in marks.items()]
    return len(save_marks(session, wanted, by=by, at=at).marks) if wanted else 0


def _say_who_is_missing(lines: Sequence[Line]) -> str:
    names = ", ".join(line.known_as for line in lines)
    return f"Not marked yet: {names}. Mark everybody, then close the register."


def _insert_once(session_id: int, participant_id: int, at: datetime) -> bool:
    try:
        with db.session.begin_nested():
            db.session.add(Arrival(session_id=session_id, participant_id=participant_id, at=at))
    except IntegrityError:
        return False
    return True
