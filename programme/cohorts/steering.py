"""Steering a cohort's plan: steps moved and paused, the join link, who rings."""

from datetime import datetime

from programme.access.models import Account
from programme.access.viewer import Viewer
from programme.cohorts.callers import may_ring
from programme.cohorts.models import Cohort, Step
from programme.cohorts.moving import check_can_change_plan
from programme.cohorts.opening import check_join_url
from programme.cohorts.replanning import replan
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.web import Refusal


def change_join_url(cohort: Cohort, url: str, *, by: Viewer, at: datetime) -> None:
    """Give the cohort another join link; whoever opens their page from now on gets it."""
    check_can_change_plan(cohort, by=by)
    check_join_url(url)
    cohort.join_url = url or None
    audit.record("changed join link", cohort, by=by, at=at)


def name_caller(cohort: Cohort, account: Account | None, *, by: Viewer, at: datetime) -> None:
    """Say who rings those who missed a session; None: the facilitators do.

    Raises:
        Refusal: the account may neither see their phone numbers nor run the group.
    """
    check_can_change_plan(cohort, by=by)
    if account and not may_ring(account, cohort, local(at, cohort.zone).date()):
        raise Refusal(f"{account.name} does not see the people of this group. Choose another.")
    cohort.caller_id = account.id if account else None
    audit.record("named caller", cohort, by=by, at=at, account=cohort.caller_id)


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
