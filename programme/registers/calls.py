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
from programme.registers.models import MissedCall
from programme.registers.register import on_register
from programme.registers.scope import session_within


@dataclass(frozen=True)
class RecordedCall:
    """A call that somebody wrote down."""

    at: datetime
    by: str
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
    return [RecordedCall(call.at, names[call.by], call.note or "") for call in calls]
