"""Stopping somebody's Join button, and letting them in again."""

from datetime import datetime

from sqlalchemy import select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.queries import cohort_for
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal

STOP = Permission.STOP_JOINING


def place_to_stop(viewer: Viewer, cohort_id: int, enrolment_id: int) -> Enrolment | None:
    """One place whose Join button is the viewer's to stop."""
    asked = select(Enrolment).filter_by(id=enrolment_id, cohort_id=cohort_id)
    return db.session.scalar(asked) if cohort_for(viewer, cohort_id, STOP) else None


def is_kept_out(enrolment: Enrolment) -> bool:
    """Whether the Join button leads nowhere: it was stopped, or the place is paused."""
    return enrolment.join_stopped_at is not None or enrolment.paused_at is not None


def can_stop_joining(cohort: Cohort, *, by: Viewer) -> bool:
    return by.can(STOP, cohort=cohort.id, partner=cohort.partner_id)


def stop_joining(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """From now on this person's Join button leads nowhere. The rest of their page stays.

    Raises:
        Refusal: that is not the viewer's to say.
    """
    _check_can_stop(enrolment, by)
    if enrolment.join_stopped_at is None:
        enrolment.join_stopped_at = at
        audit.record("stopped joining", enrolment, by=by, at=at)


def let_join_again(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """Undo it. Whoever is paused stays out until resumed.

    Raises:
        Refusal: that is not the viewer's to say.
    """
    _check_can_stop(enrolment, by)
    if enrolment.join_stopped_at is not None:
        enrolment.join_stopped_at = None
        audit.record("let join again", enrolment, by=by, at=at)


def _check_can_stop(enrolment: Enrolment, by: Viewer) -> None:
    if not can_stop_joining(enrolment.cohort, by=by):
        raise Refusal("Only who runs this group, or a coordinator, can stop a Join button.")
