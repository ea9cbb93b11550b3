"""Keeping what a parent says about a session."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import Viewer
from programme.cohorts.models import GroupSession
from programme.cohorts.programmes import load_programme
from programme.feedback.models import Pulse
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal


def say_how_it_was(
    session: GroupSession, participant_id: int, answer: str, *, by: Viewer, at: datetime
) -> None:
    """Keep one answer, or change it.

    Raises:
        Refusal: none of the programme's answers was chosen.
    """
    known = {known.value for known in load_programme(session.cohort.programme).feedback_answers}
    if answer not in known:
        raise Refusal("Choose one of the answers, then press Send.")
    pulse = _pulse(session.id, participant_id, answer, at)
    pulse.answer, pulse.at = answer, at
    audit.record("answered about session", session, by=by, at=at)


def _pulse(session_id: int, participant_id: int, answer: str, at: datetime) -> Pulse:
    """Theirs, made when it is missing; two taps at once make one."""
    wanted = select(Pulse).filter_by(session_id=session_id, participant_id=participant_id)
    found = db.session.scalar(wanted)
    if found:
        return found
    made = Pulse(session_id=session_id, participant_id=participant_id, answer=answer, at=at)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(wanted).one()
    return made
