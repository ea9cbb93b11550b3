"""Who has a place in a cohort, who waits, whom to ring, and who could be enrolled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from programme.access.models import Partner
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.rules import STAGE_LABELS, Stage
from programme.foundation.database import db
from programme.people.models import Consent, FirstConversation, Participant
from programme.people.rules import ConsentPurpose

MOST_CANDIDATES = 60


@dataclass(frozen=True)
class PersonLine:
    """One person on the cohort's page: no surname, no address, no phone."""

    enrolment_id: int
    participant_id: int
    known_as: str
    stage: Stage
    stage_label: str
    since: datetime
    is_spoken_to: bool
    is_paused: bool
    may_join: bool
    agreed: str
    """How many purposes they agreed to: "5 of 6"."""


@dataclass(frozen=True)
class ToRing:
    """Somebody who could not safely be written to, and about what."""

    participant_id: int
    known_as: str
    about: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be enrolled. The number tells apart two with one name."""

    id: int
    known_as: str
    more: str


def people_of(cohort_id: int) -> list[PersonLine]:
    """Everybody who has, had or waits for a place, whoever came first first."""
    asked = (
        select(Enrolment, Participant.known_as, FirstConversation.id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .outerjoin(FirstConversation, FirstConversation.participant_id == Participant.id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Enrolment.at, Enrolment.id)
    )
    agreed = _agreed(cohort_id)
    rows = db.session.execute(asked).all()
    return [_person(place, name, spoken is not None, agreed) for place, name, spoken in rows]


def _person(
    place: Enrolment, known_as: str, is_spoken_to: bool, agreed: dict[int, int]
) -> PersonLine:
    return PersonLine(
        enrolment_id=place.id,
        participant_id=place.participant_id,
        known_as=known_as,
        stage=place.stage,
        stage_label=STAGE_LABELS[place.stage],
        since=place.at,
        is_spoken_to=is_spoken_to,
        is_paused=place.paused_at is not None,
        may_join=place.join_stopped_at is None,
        agreed=f"{agreed.get(place.participant_id, 0)} of {len(ConsentPurpose)}",
    )


def _agreed(cohort_id: int) -> dict[int, int]:
    """To how many purposes each person agrees, by their latest answer about each."""
    asked = (
        select(Consent.participant_id, Consent.purpose, Consent.is_given)
        .join(Enrolment, Enrolment.participant_id == Consent.participant_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Consent.at, Consent.id)
    )
    latest = {(person, purpose): given for person, purpose, given in db.session.execute(asked)}
    return _count_given(latest)


def _count_given(latest: dict[tuple[int, ConsentPurpose], bool]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for (person, _purpose), is_given in latest.items():
        counts[person] = counts.get(person, 0) + is_given
    return counts


def to_ring_of(cohort_id: int, at: datetime) -> list[ToRing]:
    """Whom somebody should ring, because nothing could safely be sent that is still of use."""
    asked = (
        select(Due, Step.kind, Participant.known_as)
        .join(Step, Step.id == Due.step_id)
        .join(Participant, Participant.id == Due.participant_id)
        .where(Step.cohort_id == cohort_id, needs_ringing(at))
        .order_by(Participant.known_as, Participant.id, Step.due_at)
    )
    found: dict[int, list[tuple[Due, str, str]]] = {}
    for due, kind, name in db.session.execute(asked):
        found.setdefault(due.participant_id, []).append((due, kind, name))
    return [_ring(dues) for dues in found.values()]


def needs_ringing(at: datetime) -> ColumnElement[bool]:
    """The condition on dues and their steps that somebody should ring, and nobody did."""
    return and_(Due.ring_them.is_(True), Due.rung_at.is_(None), Step.expires_at > at)


def _ring(dues: list[tuple[Due, str, str]]) -> ToRing:
    first, _kind, name = dues[0]
    labels = [KINDS[kind].label if kind in KINDS else kind for _due, kind, _name in dues]
    about = ", ".join(dict.fromkeys(labels))
    return ToRing(first.participant_id, name, about, first.reason or "")


def candidates_for(viewer: Viewer, cohort_id: int, find: str) -> list[Candidate]:
    """Who could be enrolled, of the people the viewer sees; `find`: how the name begins."""
    scope = viewer.scope(Permission.SEE_PEOPLE)
    here = and_(Enrolment.participant_id == Participant.id, Enrolment.cohort_id == cohort_id)
    asked = (
        select(Participant.id, Participant.known_as, Partner.name)
        .join(Partner, Partner.id == Participant.partner_id)
        .outerjoin(Enrolment, here)
        .where(or_(Enrolment.id.is_(None), Enrolment.stage == Stage.WITHDREW))
        .where(Participant.merged_into_id.is_(None), scope.where(partner=Participant.partner_id))
        .order_by(Participant.known_as, Participant.id)
        .limit(MOST_CANDIDATES)
    )
    if find:
        asked = asked.where(Participant.known_as.istartswith(find, autoescape=True))
    return [Candidate(*_told_apart(row)) for row in db.session.execute(asked)]


def _told_apart(row: tuple[int, str, str]) -> tuple[int, str, str]:
    number, known_as, partner = row
    return number, known_as, f"{partner}, no. {number}"


@dataclass(frozen=True)
class Answered:
    """The latest answer about one purpose."""

    is_given: bool
    at: datetime
    wording_version: int


def consents_of(participant_id: int) -> dict[ConsentPurpose, Answered]:
    """What somebody last said about each purpose; nothing for those not asked yet."""
    asked = select(Consent).filter_by(participant_id=participant_id)
    rows = db.session.scalars(asked.order_by(Consent.at, Consent.id))
    return {row.purpose: Answered(row.is_given, row.at, row.wording_version) for row in rows}
