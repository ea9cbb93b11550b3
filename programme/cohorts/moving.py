"""Changing what a cohort's plan follows from: sessions moved and cancelled, a newer plan."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time

from programme.access.viewer import Viewer
from programme.cohorts.changing import note_change
from programme.cohorts.models import Cohort, GroupSession
from programme.cohorts.queries import CHANGE, sessions_of
from programme.cohorts.replanning import Consequence, consequences, replan
from programme.cohorts.rules import Meeting, meeting
from programme.cohorts.told import Word, believe_otherwise, word_on
from programme.foundation import audit
from programme.foundation.web import Refusal


def check_can_change_plan(cohort: Cohort, *, by: Viewer) -> None:
    """Raises Refusal unless the plan of this cohort is the viewer's to change."""
    if not by.can(CHANGE, cohort=cohort.id, partner=cohort.partner_id):
        raise Refusal("Only a coordinator can change the plan of this group.")


def can_change_plan(cohort: Cohort, *, by: Viewer) -> bool:
    return by.can(CHANGE, cohort=cohort.id, partner=cohort.partner_id)


def check_can_move_session(
    session: GroupSession, *, day: date, local_time: time, by: Viewer, at: datetime
) -> None:
    """Raises Refusal with what stands in the way of the new day and time."""
    check_can_change_plan(session.cohort, by=by)
    if session.cancelled_at:
        raise Refusal("This session was cancelled. Bring it back first.")
    moved = _moved(session, day, local_time)
    if moved.starts_at <= at:
        raise Refusal("The new time has passed already. Choose a later one.")
    for other in sessions_of(session.cohort_id):
        _refuse_out_of_order(session, moved, other)


def _refuse_out_of_order(session: GroupSession, moved: Meeting, other: GroupSession) -> None:
    if other.id == session.id or other.cancelled_at:
        return
    is_before = other.number < session.number
    fits = other.ends_at <= moved.starts_at if is_before else moved.ends_at <= other.starts_at
    if not fits:
        side = "after" if is_before else "before"
        raise Refusal(f"Session {session.number} must come {side} session {other.number}.")


def can_move_session(
    session: GroupSession, *, day: date, local_time: time, by: Viewer, at: datetime
) -> bool:
    try:
        check_can_move_session(session, day=day, local_time=local_time, by=by, at=at)
    except Refusal:
        return False
    return True


def what_a_move_changes(
    session: GroupSession, *, day: date, local_time: time, at: datetime
) -> list[Consequence]:
    """What would follow from moving a session. Changes nothing."""
    moved = _moved(session, day, local_time)
    meetings = [moved if each.number == moved.number else each for each in _held(session)]
    return consequences(session.cohort, meetings, at)


def what_a_cancelling_changes(session: GroupSession, *, at: datetime) -> list[Consequence]:
    """What would follow from cancelling a session. Changes nothing."""
    meetings = [each for each in _held(session) if each.number != session.number]
    return consequences(session.cohort, meetings, at)


def _held(session: GroupSession) -> list[Meeting]:
    others = sessions_of(session.cohort_id)
    return [each.meeting for each in others if each.cancelled_at is None]


def _moved(session: GroupSession, day: date, local_time: time) -> Meeting:
    cohort = session.cohort
    return meeting(session.number, day, local_time, cohort.minutes, cohort.zone)


def told_otherwise(session: GroupSession, *, day: date, local_time: time) -> Collection[Word]:
    """What those were told who would have to be told the new time: one word for each person."""
    truth = Word(_moved(session, day, local_time).starts_at, session.cohort.zone)
    return believe_otherwise(session, truth).values()


def told_of(session: GroupSession) -> Collection[Word]:
    """What those were told who would have to be told that it is cancelled."""
    return believe_otherwise(session, replace(word_on(session), is_cancelled=True)).values()


def move_session(
    session: GroupSession,
    *,
    day: date,
    local_time: time,
    tell: bool = False,
    by: Viewer,
    at: datetime,
) -> int:
    """Move a session; every step not yet done, and not moved by hand, follows.

    `tell`: have those told now who know another time. Gives how many.

    Raises:
        Refusal: see `check_can_move_session`.
    """
    check_can_move_session(session, day=day, local_time=local_time, by=by, at=at)
    moved, was = _moved(session, day, local_time), session.starts_at
    session.day, session.local_time = day, local_time
    session.starts_at, session.ends_at = moved.starts_at, moved.ends_at
    audit.record(
        "moved session", session, by=by, at=at, was=was.isoformat(), now=moved.starts_at.isoformat()
    )
    replan(session.cohort, at)
    return note_change(session, was_at=was, tell=tell, by=by, at=at)


def check_can_cancel_session(session: GroupSession, *, by: Viewer, at: datetime) -> None:
    """Raises Refusal when it has begun, is the only one left, or was cancelled before."""
    check_can_change_plan(session.cohort, by=by)
    if session.cancelled_at:
        raise Refusal("This session was cancelled already.")
    if session.starts_at <= at:
        raise Refusal("This session has begun; it cannot be cancelled any more.")
    if len(_held(session)) == 1:
        raise Refusal("It is the only session left, so it cannot be cancelled.")


def can_cancel_session(session: GroupSession, *, by: Viewer, at: datetime) -> bool:
    try:
        check_can_cancel_session(session, by=by, at=at)
    except Refusal:
        return False
    return True


def cancel_session(session: GroupSession, *, tell: bool = False, by: Viewer, at: datetime) -> int:
    """Cancel a session: its own steps fall away, the others follow. `tell` as for a move.

    Raises:
        Refusal: see `check_can_cancel_session`.
    """
    check_can_cancel_session(session, by=by, at=at)
    session.cancelled_at = at
    audit.record("cancelled session", session, by=by, at=at)
    replan(session.cohort, at)
    return note_change(session, was_at=session.starts_at, tell=tell, by=by, at=at)


def restore_session(session: GroupSession, *, by: Viewer, at: datetime) -> int:
    """Undo a cancelling, as long as the session's time has not passed.

    Whoever was told that it is cancelled is told that it is held. Gives how many.
    """
    check_can_change_plan(session.cohort, by=by)
    if session.cancelled_at is None or session.starts_at <= at:
        raise Refusal("Only a cancelled session that is still to come can be brought back.")
    session.cancelled_at = None
    audit.record("restored session", session, by=by, at=at)
    replan(session.cohort, at)
    return note_change(session, was_at=session.starts_at, tell=True, by=by, at=at)


def what_the_new_plan_changes(cohort: Cohort, at: datetime) -> list[Consequence]:
    """What would follow from the programme's plan as it is now, with the sessions as they are."""
    held = [each.meeting for each in sessions_of(cohort.id) if each.cancelled_at is None]
    return consequences(cohort, held, at)


def take_new_plan(cohort: Cohort, *, by: Viewer, at: datetime) -> None:
    """Let the cohort follow the programme's plan as it is now. What was done stays done."""
    check_can_change_plan(cohort, by=by)
    replan(cohort, at)
    audit.record("took new plan", cohort, by=by, at=at, version=cohort.programme_version)
