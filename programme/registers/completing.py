"""After the last register: tell cohorts who completed."""

from datetime import datetime

from sqlalchemy import func, select

from programme.access.viewer import Viewer
from programme.cohorts.actions import note_completed
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.registers.models import Closing
from programme.registers.standings import standings_of


def tell_who_completed(cohort_id: int, *, by: Viewer, at: datetime) -> int:
    """Note who completed a cohort whose last register is closed; say how many are new.

    Called when a register is closed, and again when a mark is changed afterwards. Before the last
    session nobody is told: until then the page says how each stands. What was noted stays.
    """
    db.session.flush()
    if not _is_over(cohort_id, at):
        return 0
    done = [one.enrolment_id for one in standings_of([cohort_id], at) if one.has_completed]
    places = db.session.scalars(select(Enrolment).where(Enrolment.id.in_(done))).all()
    new = [place for place in places if place.stage is not Stage.COMPLETED]
    for place in new:
        note_completed(place, by=by, at=at)
    return len(new)


def _is_over(cohort_id: int, at: datetime) -> bool:
    """Whether the last session that was not cancelled has ended, and its register is closed."""
    held = (GroupSession.cohort_id == cohort_id) & GroupSession.cancelled_at.is_(None)
    last = select(func.max(GroupSession.ends_at)).where(held).scalar_subquery()
    closed = (
        select(Closing.id)
        .join(GroupSession, GroupSession.id == Closing.session_id)
        .where(held, GroupSession.ends_at == last, GroupSession.ends_at <= at)
    )
    return db.session.scalar(closed.limit(1)) is not None
