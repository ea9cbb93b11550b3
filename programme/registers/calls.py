"""Whom to ring about missed sessions, and what to know before ringing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import select

from programme.access.queries import names_by_actor
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.people.models import FirstConversation, Participant
from programme.registers.attendance import missed_two_by
from programme.registers.cannot_get_in import could_not_get_in
from programme.registers.models import Mark, MissedCall
from programme.registers.register import on_register
from programme.registers.rules import CALL_OUTCOMES, Attendance
from programme.registers.scope import session_within


@dataclass(frozen=True)
class RecordedCall:
    """A call that somebody wrote down."""

    at: datetime
    by: str
    outcome: str
    note: str


@dataclass(frozen=True)
class CallCard:
    """One person to ring. Without `number` for those who do not see telephone numbers."""

    session: GroupSession
    participant_id: int
    known_as: str
    number: str
    has_number: bool
    conversation: FirstConversation | None
    may_leave_message: bool
    is_about: str
    """What they missed, in words."""
    calls: tuple[RecordedCall, ...]


def open_call(session_id: int, participant_id: int, *, by: Viewer, at: datetime) -> CallCard:
    """What to know before ringing somebody on a register in reach; otherwise a 404.

    That a telephone number was seen is written down.
    """
    session = session_within(by, Permission.SEE_COHORTS, session_id)
    person = _person(session, participant_id)
    sees_number = _sees_numbers(by, session.cohort)
    if sees_number:
        audit.record("saw call card", person, by=by, at=at)
    return CallCard(
        session=session,
        participant_id=person.id,
        known_as=person.known_as,
        number=(person.phone or "") if sees_number else "",
        has_number=person.phone_index is not None,
        conversation=person.conversation if sees_number else None,
        may_leave_message=bool(person.conversation and person.conversation.may_leave_voicemail),
        is_about=_what_was_missed(session, person.id),
        calls=tuple(_calls(session, person.id)),
    )


def _sees_numbers(viewer: Viewer, cohort: Cohort) -> bool:
    return viewer.can(Permission.SEE_PEOPLE, cohort=cohort.id, partner=cohort.partner_id)


def _person(session: GroupSession, participant_id: int) -> Participant:
    wanted = (
        select(Participant)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(on_register(session), Participant.id == participant_id)
    )
    return db.session.scalar(wanted) or abort(404)


def _calls(session: GroupSession, participant_id: int) -> Sequence[RecordedCall]:
    wanted = (
        select(MissedCall)
        .filter_by(session_id=session.id, participant_id=participant_id)
        .order_by(MissedCall.at)
    )
    calls = db.session.scalars(wanted).all()
    names = names_by_actor([call.by for call in calls])
    return [
        RecordedCall(call.at, names[call.by], _outcome(call), call.note or "") for call in calls
    ]


def _outcome(call: MissedCall) -> str:
    return CALL_OUTCOMES[call.outcome] if call.outcome else "Rung"


def _what_was_missed(session: GroupSession, participant_id: int) -> str:
    """ "Missed two in a row", "Could not get into week 3", "Did not come to week 3" """
    two = missed_two_by(session.cohort_id, session.number).subquery()
    if db.session.scalar(select(two.c.participant_id).filter_by(participant_id=participant_id)):
        return "Missed two in a row"
    if could_not_get_in(session.id, participant_id):
        return f"Could not get into week {session.number}"
    mark = select(Mark.attendance).filter_by(session_id=session.id, participant_id=participant_id)
    if db.session.scalar(mark) is Attendance.APOLOGIES:
        return f"Sent apologies for week {session.number}"
    return f"Did not come to week {session.number}"
