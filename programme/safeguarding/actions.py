"""Raising a concern, and answering it. Its text stands in its own row and nowhere else."""

from datetime import datetime

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.safeguarding.models import Concern
from programme.safeguarding.queries import (
    OpenConcern,
    concern,
    has_reader,
    people_to_name,
    sessions_to_name,
)


def raise_concern(
    *,
    text: str,
    participant_id: int | None,
    session_id: int | None,
    is_about_lead: bool,
    by: Viewer,
    at: datetime,
) -> Concern:
    """Pass a concern to the safeguarding lead, or to the deputy when it is about the lead.

    Raises:
        Refusal: nothing is written, it names somebody out of reach, or nobody could read it.
    """
    if not text.strip():
        raise Refusal("Write what you saw or heard, in the words that were used.")
    _check_may_name(participant_id, session_id, by, at)
    _check_will_be_read(is_about_lead, at)
    raised = Concern(
        participant_id=participant_id,
        session_id=session_id,
        text=text.strip(),
        raised_at=at,
        raised_by=by.actor,
        is_about_lead=is_about_lead,
    )
    db.session.add(raised)
    audit.record("raised concern", raised, by=by, at=at)
    return raised


def read_concern(concern_id: int, *, by: Viewer, at: datetime) -> OpenConcern:
    """Open one concern; that it was opened is written down. A 404 for whoever may not read it."""
    found = concern(by, concern_id)
    audit.record("read concern", found.record, by=by, at=at)
    return found


def answer_concern(
    concern_id: int, *, text: str, was_acted_on: bool | None, by: Viewer, at: datetime
) -> None:
    """Write what was done about a concern, or the reason for doing nothing. Once.

    Raises:
        Refusal: it is answered already, or something is missing.
    """
    record = concern(by, concern_id).record
    if record.answered_at:
        raise Refusal("This concern is answered already. Raise a new one to add to it.")
    if was_acted_on is None:
        raise Refusal("Say whether you acted on it.")
    if not text.strip():
        raise Refusal("Write what you did, or the reason why nothing needed doing.")
    record.action, record.was_acted_on = text.strip(), was_acted_on
    record.answered_at, record.answered_by = at, by.actor
    audit.record("answered concern", record, by=by, at=at)


def _check_may_name(
    participant_id: int | None, session_id: int | None, by: Viewer, at: datetime
) -> None:
    people = {choice.id for choice in people_to_name(by)} | {None}
    sessions = {choice.id for choice in sessions_to_name(by, at)} | {None}
    if participant_id not in people or session_id not in sessions:
        raise Refusal("Choose a person and a session from the lists, or leave both empty.")


def _check_will_be_read(is_about_lead: bool, at: datetime) -> None:
    if has_reader(is_about_lead=is_about_lead, on=at.date()):
        return
    who = "deputy" if is_about_lead else "lead"
    raise Refusal(
        f"There is no safeguarding {who} here yet, so nobody could read this. "
        "Ring the charity now, ask a coordinator to name one, then send this again."
    )
