"""What part of the registers somebody reaches, and which registers are still to be taken."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.registers.models import Closing, Mark


def session_to_mark(viewer: Viewer, session_id: int) -> GroupSession:
    """One session, with its cohort, whose register the viewer may take; otherwise a 404."""
    return session_within(viewer, Permission.TAKE_REGISTER, session_id)


def session_within(viewer: Viewer, permission: Permission, session_id: int) -> GroupSession:
    """One session, with its cohort, within what a permission reaches; otherwise a 404."""
    wanted = (
        select(GroupSession)
        .join(GroupSession.cohort)
        .where(GroupSession.id == session_id, reach(viewer, permission))
        .options(contains_eager(GroupSession.cohort))
    )
    found: GroupSession = db.first_or_404(wanted)
    return found


def reach(viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    """The condition that keeps a select joined to Cohort within a permission."""
    return viewer.scope(permission).where(cohort=Cohort.id, partner=Cohort.partner_id)


def may_know(viewer: Viewer, cohort: Cohort) -> bool:
    """Whether the viewer sees what to know about people; helpers only see names and marks."""
    where = {"cohort": cohort.id, "partner": cohort.partner_id}
    return viewer.can(Permission.RUN_SESSION, **where) or viewer.can(Permission.SEE_PEOPLE, **where)


def may_close(viewer: Viewer, cohort: Cohort) -> bool:
    """Whether the viewer may declare a register complete; helpers only mark."""
    where = {"cohort": cohort.id, "partner": cohort.partner_id}
    return viewer.can(Permission.RUN_SESSION, **where) or viewer.can(
        Permission.OPEN_COHORTS, **where
    )


def is_expected() -> ColumnElement[bool]:
    """The condition, on Enrolment and GroupSession, that somebody had a place at the session."""
    return and_(
        Enrolment.cohort_id == GroupSession.cohort_id,
        Enrolment.at <= GroupSession.ends_at,
        or_(
            Enrolment.stage.in_(TAKES_PART),
            and_(Enrolment.stage == Stage.WITHDREW, Enrolment.withdrew_at > GroupSession.starts_at),
        ),
    )


def still_takes_part() -> ColumnElement[bool]:
    """The condition on Enrolment that somebody neither paused nor left."""
    return and_(Enrolment.stage.in_(TAKES_PART), Enrolment.paused_at.is_(None))


def register_is_open() -> ColumnElement[bool]:
    """The condition on GroupSession that its register is neither closed nor complete."""
    is_closed = select(Closing.id).where(Closing.session_id == GroupSession.id).exists()
    return GroupSession.cancelled_at.is_(None) & ~is_closed & _somebody_is_unmarked()


def _somebody_is_unmarked() -> ColumnElement[bool]:
    has_mark = (
        select(Mark.id)
        .where(Mark.session_id == GroupSession.id, Mark.participant_id == Enrolment.participant_id)
        .correlate(GroupSession, Enrolment)
        .exists()
    )
    unmarked = select(Enrolment.id).where(is_expected(), ~has_mark)
    return unmarked.correlate(GroupSession).exists()
