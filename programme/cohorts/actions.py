"""Places in a cohort: enrolling, waiting, offering, pausing and leaving."""

from collections.abc import Mapping
from datetime import datetime

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.moving import check_can_change_plan
from programme.cohorts.places import consents_of
from programme.cohorts.queries import (
    OPEN,
    dues_to_ring_about,
    enrolment_of,
    first_waiting,
    is_kept_apart,
    next_session,
    places_taken,
)
from programme.cohorts.rules import HAS_A_PLACE, Stage
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import Consent, Participant
from programme.people.rules import CONSENT_WORDING_VERSION, ConsentPurpose

NOT_THIS_GROUP = "{name} cannot join this group. Choose another one."
"""The same sentence whatever the reason, so that it tells nobody about anybody else."""


def check_can_fill_places(cohort: Cohort, *, by: Viewer) -> None:
    """Raises Refusal unless the places of this cohort are the viewer's to give."""
    if not by.can(OPEN, cohort=cohort.id, partner=cohort.partner_id):
        raise Refusal("Only a coordinator can change who takes part in this group.")


def can_fill_places(cohort: Cohort, *, by: Viewer) -> bool:
    return by.can(OPEN, cohort=cohort.id, partner=cohort.partner_id)


def check_can_enrol(person: Participant, *, into: Cohort, by: Viewer, at: datetime) -> None:
    """Raises Refusal: no right to, finished, enrolled already, or not to be in this group."""
    check_can_fill_places(into, by=by)
    if person.merged_into_id is not None:
        raise Refusal(f"This entry of {person.known_as} was merged. Enrol the one that is kept.")
    if next_session(into.id, at) is None:
        raise Refusal(f"{into.public_name} has had its last session.")
    known = enrolment_of(into.id, person.id)
    if known and known.stage != Stage.WITHDREW:
        raise Refusal(f"{person.known_as} is in this group already.")
    if is_kept_apart(person.id, into.id):
        raise Refusal(NOT_THIS_GROUP.format(name=person.known_as))


def can_enrol(person: Participant, *, into: Cohort, by: Viewer, at: datetime) -> bool:
    try:
        check_can_enrol(person, into=into, by=by, at=at)
    except Refusal:
        return False
    return True


def enrol(person: Participant, *, into: Cohort, by: Viewer, at: datetime) -> Enrolment:
    """Give somebody a place, or, when the group is full or others wait, one on the waiting list.

    Nothing is sent to them before their first conversation is recorded.

    Raises:
        Refusal: see `check_can_enrol`.
    """
    _hold(into)
    check_can_enrol(person, into=into, by=by, at=at)
    is_room = places_taken(into.id) < into.capacity and first_waiting(into.id) is None
    enrolment = enrolment_of(into.id, person.id) or _new_enrolment(person, into)
    enrolment.stage = Stage.ENROLLED if is_room else Stage.WAITING
    enrolment.at, enrolment.withdrew_at, enrolment.reason = at, None, None
    audit.record("enrolled", enrolment, by=by, at=at, stage=enrolment.stage)
    return enrolment


def _hold(cohort: Cohort) -> None:
    """One at a time from here on: of two who want the last place, the second sees it taken."""
    db.session.flush()
    db.session.refresh(cohort, with_for_update=True)


def _new_enrolment(person: Participant, cohort: Cohort) -> Enrolment:
    enrolment = Enrolment(cohort=cohort, participant_id=person.id)
    db.session.add(enrolment)
    return enrolment


def withdraw(enrolment: Enrolment, *, by: Viewer, at: datetime, reason: str = "") -> None:
    """Somebody leaves, with or without a reason. Nothing more is sent to them, but the questions
    afterwards where they came, answered before and agree to be asked."""
    check_can_fill_places(enrolment.cohort, by=by)
    if enrolment.stage == Stage.WITHDREW:
        raise Refusal("They left this group already.")
    audit.record("withdrew", enrolment, by=by, at=at, stage=enrolment.stage)
    enrolment.stage, enrolment.withdrew_at = Stage.WITHDREW, at
    enrolment.reason = reason.strip() or None


def check_can_offer(cohort: Cohort, *, by: Viewer) -> None:
    """Raises Refusal when there is no free place, or nobody waits."""
    check_can_fill_places(cohort, by=by)
    if places_taken(cohort.id) >= cohort.capacity:
        raise Refusal("There is no free place to offer.")
    if first_waiting(cohort.id) is None:
        raise Refusal("Nobody is waiting for a place.")


def can_offer(cohort: Cohort, *, by: Viewer) -> bool:
    try:
        check_can_offer(cohort, by=by)
    except Refusal:
        return False
    return True


def offer_next(cohort: Cohort, *, by: Viewer, at: datetime) -> Enrolment:
    """Keep the free place for whoever has waited longest, until they say yes or no.

    Raises:
        Refusal: see `check_can_offer`.
    """
    _hold(cohort)
    check_can_offer(cohort, by=by)
    enrolment = first_waiting(cohort.id)
    assert enrolment is not None
    enrolment.stage, enrolment.at = Stage.OFFERED, at
    audit.record("offered a place", enrolment, by=by, at=at)
    return enrolment


def accept_offer(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """They said yes: the place is theirs. (For a no, `withdraw`.)"""
    check_can_fill_places(enrolment.cohort, by=by)
    if enrolment.stage != Stage.OFFERED:
        raise Refusal("No place is being kept for them.")
    enrolment.stage, enrolment.at = Stage.ENROLLED, at
    audit.record("accepted a place", enrolment, by=by, at=at)


def note_attended(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """They came for the first time. Called by the register; again changes nothing."""
    if enrolment.stage == Stage.ENROLLED:
        enrolment.stage = Stage.STARTED
        enrolment.started_at = enrolment.started_at or at
        audit.record("started", enrolment, by=by, at=at)


def note_completed(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """They completed the programme by its own rule. Again changes nothing."""
    if enrolment.stage in HAS_A_PLACE and enrolment.stage != Stage.COMPLETED:
        enrolment.stage = Stage.COMPLETED
        audit.record("completed", enrolment, by=by, at=at)


def pause_enrolment(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    """Send this person nothing until resumed."""
    check_can_fill_places(enrolment.cohort, by=by)
    enrolment.paused_at = enrolment.paused_at or at
    audit.record("paused", enrolment, by=by, at=at)


def resume_enrolment(enrolment: Enrolment, *, by: Viewer, at: datetime) -> None:
    check_can_fill_places(enrolment.cohort, by=by)
    enrolment.paused_at = None
    audit.record("resumed", enrolment, by=by, at=at)


def note_rung(cohort: Cohort, participant_id: int, *, by: Viewer, at: datetime) -> None:
    """Somebody rang this person about all that could not safely be written so far.

    Raises:
        Refusal: there was nothing, or somebody rang already.
    """
    check_can_change_plan(cohort, by=by)
    dues = dues_to_ring_about(cohort.id, participant_id)
    if not dues:
        raise Refusal("Somebody rang about this already.")
    for due in dues:
        due.rung_at, due.rung_by = at, by.actor
    audit.record("rang", cohort, by=by, at=at, participant=participant_id)


def record_consents(
    enrolment: Enrolment, answers: Mapping[ConsentPurpose, bool], *, by: Viewer, at: datetime
) -> int:
    """Keep what somebody answered about each purpose, with the version of the wording they
    heard. Answers as before in the same wording are not kept twice. Gives how many are new."""
    check_can_fill_places(enrolment.cohort, by=by)
    known = consents_of(enrolment.participant_id)
    news = {
        purpose: is_given
        for purpose, is_given in answers.items()
        if purpose not in known
        or (known[purpose].is_given, known[purpose].wording_version)
        != (is_given, CONSENT_WORDING_VERSION)
    }
    for purpose, is_given in news.items():
        db.session.add(_consent(enrolment.participant_id, purpose, is_given, by, at))
    audit.record("recorded consent", enrolment, by=by, at=at, purposes=sorted(news))
    return len(news)


def _consent(
    participant_id: int, purpose: ConsentPurpose, is_given: bool, by: Viewer, at: datetime
) -> Consent:
    return Consent(
        participant_id=participant_id,
        purpose=purpose,
        wording_version=CONSENT_WORDING_VERSION,
        is_given=is_given,
        at=at,
        by=by.actor,
    )
