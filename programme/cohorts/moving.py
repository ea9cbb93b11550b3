"""Changing a cohort's plan: sessions moved and cancelled, steps moved and paused, the link."""

from datetime import date, datetime, time

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, GroupSession, Step
from programme.cohorts.opening import check_join_url
from programme.cohorts.queries import CHANGE, sessions_of
from programme.cohorts.replanning import Consequence, consequences, replan
from programme.cohorts.rules import Meeting, meeting
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


def move_session(
    session: GroupSession, *, day: date, local_time: time, by: Viewer, at: datetime
) -> list[Consequence]:
    """Move a session; every step not yet done, and not moved by hand, follows.

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
    return replan(session.cohort, at)


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


def cancel_session(session: GroupSession, *, by: Viewer, at: datetime) -> list[Consequence]:
    """Cancel a session: its own steps fall away, the others follow.

    Raises:
        Refusal: see `check_can_cancel_session`.
    """
    check_can_cancel_session(session, by=by, at=at)
    session.cancelled_at = at
    audit.record("cancelled session", session, by=by, at=at)
    return replan(session.cohort, at)


def restore_session(session: GroupSession, *, by: Viewer, at: datetime) -> list[Consequence]:
    """Undo a cancelling, as long as the session's time has not passed."""
    check_can_change_plan(session.cohort, by=by)
    if session.cancelled_at is None or session.starts_at <= at:
        raise Refusal("Only a cancelled session that is still to come can be brought back.")
    session.cancelled_at = None
    audit.record("restored session", session, by=by, at=at)
    return replan(session.cohort, at)


def change_join_url(cohort: Cohort, url: str, *, by: Viewer, at: datetime) -> None:
    """Give the cohort another join link; whoever opens their page from now on gets it."""
    check_can_change_plan(cohort, by=by)
    check_join_url(url)
    cohort.join_url = url or None
    audit.record("changed join link", cohort, by=by, at=at)


def check_can_move_step(step: Step, due_at: datetime, *, by: Viewer, at: datetime) -> None:
    """Raises Refusal when it is over, or would come too late to be of use."""
    check_can_change_plan(step.cohort, by=by)
    if step.ended_at or step.expires_at <= at:
        raise Refusal("This is over. Nothing more follows from it.")
    if not at <= due_at < step.expires_at:
        raise Refusal("Choose a moment between now and the time when it is of no more use.")


def can_move_step(step: Step, due_at: datetime, *, by: Viewer, at: datetime) -> bool:
    try:
        check_can_move_step(step, due_at, by=by, at=at)
    except Refusal:
        return False
    return True


def move_step(step: Step, due_at: datetime, *, by: Viewer, at: datetime) -> None:
    """Give a step a date by hand; it keeps it when sessions move, and says so.

    Raises:
        Refusal: see `check_can_move_step`.
    """
    check_can_move_step(step, due_at, by=by, at=at)
    was, step.due_at, step.moved_by = step.due_at, due_at, by.actor
    audit.record("moved step", step, by=by, at=at, was=was.isoformat(), now=due_at.isoformat())


def let_step_follow(step: Step, *, by: Viewer, at: datetime) -> None:
    """Undo a move by hand: the step takes its date from the sessions again."""
    check_can_change_plan(step.cohort, by=by)
    step.moved_by = None
    audit.record("let step follow", step, by=by, at=at)
    replan(step.cohort, at)


def pause_step(step: Step, *, by: Viewer, at: datetime) -> None:
    """Hold a step back. What is not done before it expires will be skipped."""
    _pause(step, step.cohort, by, at)


def resume_step(step: Step, *, by: Viewer, at: datetime) -> None:
    _resume(step, step.cohort, by, at)


def pause_cohort(cohort: Cohort, *, by: Viewer, at: datetime) -> None:
    """Hold back everything the plan would do. Its dates stay."""
    _pause(cohort, cohort, by, at)


def resume_cohort(cohort: Cohort, *, by: Viewer, at: datetime) -> None:
    _resume(cohort, cohort, by, at)


def _pause(what: Step | Cohort, cohort: Cohort, by: Viewer, at: datetime) -> None:
    check_can_change_plan(cohort, by=by)
    what.paused_at = what.paused_at or at
    audit.record("paused", what, by=by, at=at)


def _resume(what: Step | Cohort, cohort: Cohort, by: Viewer, at: datetime) -> None:
    check_can_change_plan(cohort, by=by)
    what.paused_at = None
    audit.record("resumed", what, by=by, at=at)
