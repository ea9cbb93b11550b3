"""What becomes of a week once a participant has it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.handouts.models import Reading


def record_opening(
    *, participant_id: int, cohort_id: int, week: int, by: Viewer, at: datetime
) -> None:
    """Write down that somebody opened a week. The first time counts."""
    wanted = select(Reading).filter_by(
        participant_id=participant_id, cohort_id=cohort_id, week=week
    )
    reading = db.session.scalar(wanted) or _begin(participant_id, cohort_id, week)
    if reading and reading.opened_at is None:
        reading.opened_at = at
        audit.record("opened week", reading, by=by, at=at, week=week)


def _begin(participant_id: int, cohort_id: int, week: int) -> Reading | None:
    """None when another tap was quicker."""
    reading = Reading(participant_id=participant_id, cohort_id=cohort_id, week=week)
    try:
        with db.session.begin_nested():
            db.session.add(reading)
    except IntegrityError:
        return None
    return reading
