"""Builders of test data: each demands what matters, and gives the rest a plain value."""

from datetime import UTC, date, datetime, time, timedelta

from programme.access.models import Account, Grant, Partner
from programme.access.queries import email_index
from programme.access.rules import Role
from programme.cohorts.models import Cohort, Enrolment, GroupSession, Term
from programme.cohorts.programmes import load_programme
from programme.cohorts.rules import Stage
from programme.foundation.clock import instant
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.people.models import Consent, FirstConversation, Household, Participant
from programme.people.rules import CONSENT_WORDING_VERSION, Channel, ConsentPurpose, Relationship

EARLY = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
LONDON = "Europe/London"


def partner(name: str = "Lead charity", *, is_lead: bool = True) -> Partner:
    made = Partner(name=name, is_lead=is_lead)
    db.session.add(made)
    db.session.flush()
    return made


def account(role: Role | None, *, cohort: Cohort | None = None, partner: Partner | None = None,
            name: str = "Sam Staff", email: str | None = None) -> Account:  # fmt: skip
    address = email or f"{name.lower().replace(' ', '.')}.{role}@example.org"
    made = Account(name=name, email=address, email_index=email_index(address))
    if role:
        made.grants.append(
            Grant(
                role=role,
                cohort_id=cohort.id if cohort else None,
                partner_id=partner.id if partner else None,
            )
        )
    db.session.add(made)
    db.session.flush()
    return made


def participant(
    known_as: str,
    *,
    partner: Partner,
    household: Household | None = None,
    phone: str | None = "+447700900123",
    email: str | None = "somebody@example.org",
    **others: object,
) -> Participant:
    """Somebody not yet spoken to, at a complete address."""
    made = Participant(
        household=household or home(),
        partner_id=partner.id,
        known_as=known_as,
        first_name=known_as,
        surname=others.pop("surname", "Example"),
        relationship_to_child=others.pop("relationship_to_child", Relationship.MOTHER),
        phone=phone,
        phone_index=blind("phone", phone),
        email=email,
        email_index=email_index(email) if email else None,
        added_at=EARLY,
        **others,
    )
    db.session.add(made)
    db.session.flush()
    return made


def home(**others: object) -> Household:
    return Household(
        address_lines="14 Alder Close",
        town="Liverpool",
        postcode="L8 1TJ",
        address_is_complete=True,
        **others,
    )


def spoken_to(person: Participant, *, channel: Channel = Channel.EMAIL) -> Participant:
    """Record the first conversation, with consent for every purpose."""
    db.session.add(
        FirstConversation(participant_id=person.id, at=EARLY, by="test", channel=channel)
    )
    db.session.add_all(
        Consent(
            participant_id=person.id,
            purpose=purpose,
            wording_version=CONSENT_WORDING_VERSION,
            is_given=True,
            at=EARLY,
            by="test",
        )
        for purpose in ConsentPurpose
    )
    db.session.flush()
    return person


def term(first_day: date, last_day: date, name: str = "Autumn") -> Term:
    made = Term(name=name, first_day=first_day, last_day=last_day)
    db.session.add(made)
    db.session.flush()
    return made


def cohort(
    first_day: date,
    *,
    partner: Partner,
    weeks: int = 10,
    at: time = time(19, 30),
    minutes: int = 90,
    capacity: int = 12,
    name: str = "Tuesday group",
) -> Cohort:
    """A cohort with weekly sessions and no plan."""
    last_day = first_day + timedelta(weeks=weeks - 1)
    made = Cohort(
        programme="together",
        programme_version=load_programme("together").version,
        partner_id=partner.id,
        term=term(first_day, last_day, name=f"Term of {name} {first_day}"),
        public_name=name,
        first_day=first_day,
        local_time=at,
        zone=LONDON,
        minutes=minutes,
        capacity=capacity,
        join_url="https://zoom.us/j/123456789",
        opened_at=EARLY,
    )
    db.session.add(made)
    for number in range(1, weeks + 1):
        made.sessions.append(_session(number, first_day + timedelta(weeks=number - 1), at, minutes))
    db.session.flush()
    return made


def enrol(person: Participant, into: Cohort, *, stage: Stage = Stage.ENROLLED) -> Enrolment:
    made = Enrolment(cohort=into, participant_id=person.id, stage=stage, at=EARLY)
    db.session.add(made)
    db.session.flush()
    return made


def _session(number: int, day: date, at: time, minutes: int) -> GroupSession:
    starts_at = instant(datetime.combine(day, at), LONDON)
    return GroupSession(
        number=number,
        day=day,
        local_time=at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )
