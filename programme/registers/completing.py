"""After a register was closed: tell cohorts who started and who completed."""

from datetime import datetime

from sqlalchemy import func, select

from programme.access.viewer import Viewer
from programme.cohorts.actions import note_attended, note_completed
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.registers.models import Closing
from programme.registers.queries import first_timers
from programme.registers.standings import standings_of


def tell_cohorts(session: GroupSession, *, by: Viewer, at: datetime) -> None:
    """What a closed register says of people: who started, and who completed.

    Told when it is closed, and again when a mark is changed afterwards.
    """
    for enrolment in first_timers(session):
        note_attended(enrolment, by=by, at=at)
    tell_who_completed(session.cohort_id, by=by, at=at)


def tell_who_completed(cohort_id: int, *, by: Viewer, at: datetime) -> int:
    """Note who completed a cohort whose last register is closed; say how many are new.

    Before the last session nobody is told: until then the page says how each stands. What was
    noted stays.
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
