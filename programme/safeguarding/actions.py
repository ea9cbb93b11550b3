"""Raising a concern, and answering it. Its text stands in its own row and nowhere else."""

from datetime import date, datetime

from programme.access.models import Account
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.actions import queue
from programme.people.rules import Channel
from programme.safeguarding.models import Concern
from programme.safeguarding.queries import (
    OpenConcern,
    concern,
    people_to_name,
    sessions_to_name,
)
from programme.safeguarding.readers import About, readers_of
from programme.safeguarding.rules import ANSWER_WITHIN


def raise_concern(
    *,
    text: str,
    participant_id: int | None,
    session_id: int | None,
    is_about_lead: bool,
    happened_on: date | None = None,
    by: Viewer,
    at: datetime,
) -> Concern:
    """Pass a concern to the safeguarding lead, or to the deputy when it is about the lead.

    Raises:
        Refusal: nothing is written, the day is still to come, it names somebody out of reach, or
            nobody could read it.
    """
    if not text.strip():
        raise Refusal("Write what you saw or heard, in the words that were used.")
    if happened_on and happened_on > at.date():
        raise Refusal("The day when it happened cannot be still to come.")
    _check_may_name(participant_id, session_id, by, at)
    readers = _check_will_be_read(About(is_about_lead, participant_id, session_id), at)
    raised = Concern(
        participant_id=participant_id,
        session_id=session_id,
        text=text.strip(),
        happened_on=happened_on,
        raised_at=at,
        raised_by=by.actor,
        is_about_lead=is_about_lead,
    )
    db.session.add(raised)
    audit.record("raised concern", raised, by=by, at=at)
    if not is_about_lead:
        _tell(readers, at)
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


def _check_will_be_read(about: About, at: datetime) -> list[Account]:
    readers = readers_of(about, at.date())
    if readers:
        return readers
    who = "deputy" if about.is_about_lead else "lead"
    raise Refusal(
        f"There is no safeguarding {who} here yet, so nobody could read this. "
        "Ring the charity now, ask a coordinator to name one, then send this again."
    )


def _tell(readers: list[Account], at: datetime) -> None:
    """An e-mail that says only that something waits. None of what is about the lead: the outbox is
    seen by coordinators, and the lead may be one."""
    for reader in readers:
        queue(
            to=reader,
            channel=Channel.EMAIL,
            template="to-read",
            values={},
            due_at=at,
            expires_at=at + ANSWER_WITHIN,
            at=at,
        )
