"""Releasing a week, keeping what was printed, and noting what was read."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.cohorts.programmes import load_programme
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.handouts.content import Week
from programme.handouts.models import Reading, Release, Rendering
from programme.handouts.queries import released_weeks
from programme.handouts.rules import Form
from programme.handouts.sheets import source_hash


def release(cohort: Cohort, week: int, *, by: Viewer, at: datetime) -> bool:
    """Open a week to a cohort; whether that changed anything.

    Raises:
        Refusal: the programme has no such week.
    """
    if week not in {session.number for session in load_programme(cohort.programme).sessions}:
        raise Refusal(f"This programme has no week {week}.")
    if week in released_weeks(cohort.id):
        return False
    db.session.add(Release(cohort_id=cohort.id, week=week, at=at, by=by.actor))
    audit.record("released handout", cohort, by=by, at=at, week=week)
    return True


def keep(printed: bytes, *, programme: str, week: Week, form: Form, at: datetime) -> Rendering:
    """Keep a printed file, for every host and every backup."""
    rendering = Rendering(
        source_hash=source_hash(programme, week, form),
        programme=programme,
        week=week.number,
        language=week.language,
        form=form,
        file_hash=hashlib.sha256(printed).hexdigest(),
        content=printed,
        rendered_at=at,
    )
    db.session.add(rendering)
    return rendering


def note_opened(*, participant_id: int, cohort_id: int, week: int, at: datetime) -> None:
    """A participant opened a week's page; the first time is kept."""
    reading = _reading(participant_id, cohort_id, week)
    reading.opened_at = reading.opened_at or at


def note_downloaded(*, participant_id: int, cohort_id: int, week: int, at: datetime) -> None:
    """A participant asked for a week's file; the first time is kept."""
    reading = _reading(participant_id, cohort_id, week)
    reading.downloaded_at = reading.downloaded_at or at


def _reading(participant_id: int, cohort_id: int, week: int) -> Reading:
    whose = {"participant_id": participant_id, "cohort_id": cohort_id, "week": week}
    reading = db.session.scalar(select(Reading).filter_by(**whose).with_for_update())
    if reading is None:
        reading = Reading(**whose)
        db.session.add(reading)
    return reading
