"""One person's page: everything on it, ready to show."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from programme.access.models import Partner
from programme.access.viewer import Viewer, participant_viewer
from programme.foundation.database import db
from programme.people.actions import can_edit, may_see_addresses
from programme.people.entries import lacks_of
from programme.people.imports.languages import language_name
from programme.people.models import (
    Child,
    FirstConversation,
    Household,
    KeepApart,
    Participant,
)
from programme.people.own_queries import OwnLine, own_lines
from programme.people.phones import say_phone
from programme.people.queries import consents_of, day_of, within_reach
from programme.people.rules import (
    CHANNEL_LABELS,
    CONSENT_LABELS,
    CONSENT_WORDING,
    RELATIONSHIP_LABELS,
    STANDING_LABELS,
    STANDING_TONES,
    ConsentPurpose,
    standing,
)


@dataclass(frozen=True)
class ConsentRow:
    """What they said last about one purpose; `at` is None when nobody asked. `by_themselves`: in
    a reply or by a link, not to one of us."""

    purpose: str
    label: str
    wording: str
    is_given: bool
    version: int | None
    at: datetime | None
    by_themselves: bool


@dataclass(frozen=True)
class Agreed:
    """What was agreed about reaching them, in words."""

    at: datetime
    spoken_by: str
    facts: list[tuple[str, str]]
    is_review_due: bool
    version: int


@dataclass(frozen=True)
class Other:
    """Somebody else on this page: at home with them, merged into them, or kept apart."""

    id: int
    known_as: str
    fact: str = ""


@dataclass(frozen=True)
class PersonDetails:
    """The page."""

    id: int
    known_as: str
    name: str
    state: str
    tone: str
    facts: list[tuple[str, str]]
    address: str
    children: list[str]
    at_home: list[Other]
    consents: list[ConsentRow]
    agreed: Agreed | None
    merged: list[Other]
    apart: list[Other]
    phone: str
    phone_url: str
    can_edit: bool
    own: list[OwnLine]


def details(person: Participant, *, viewer: Viewer, at: datetime) -> PersonDetails:
    """Everything about one person that this viewer may see."""
    home, agreed = person.household, person.conversation
    lacks = [] if home.do_not_post else lacks_of(home)
    is_due = is_review_due(agreed, day_of(at))
    state = standing(
        is_spoken_to=agreed is not None, is_review_due=is_due, is_address_missing=bool(lacks)
    )
    return PersonDetails(
        id=person.id,
        known_as=person.known_as,
        name=f"{person.first_name or person.known_as} {person.surname or ''}".strip(),
        state=STANDING_LABELS[state],
        tone=STANDING_TONES[state],
        facts=_facts(person),
        address=say_address(home, viewer),
        children=[say_child(child) for child in home.children],
        at_home=_at_home(person, viewer),
        consents=_consents(person),
        agreed=_agreed(agreed, is_due) if agreed else None,
        merged=_merged(person),
        apart=_apart(person, viewer),
        phone=say_phone(person.phone),
        phone_url=f"tel:{person.phone}" if person.phone else "",
        can_edit=can_edit(person, by=viewer),
        own=own_lines(person, shows_address=may_see_addresses(viewer)),
    )


def is_review_due(agreed: FirstConversation | None, on: date) -> bool:
    """Whether the day has passed on which to agree anew."""
    return bool(agreed and agreed.review_on and agreed.review_on < on)


def say_address(home: Household, viewer: Viewer) -> str:
    """Only that it is complete, or what it lacks; the address itself for whoever packs parcels."""
    lacks = lacks_of(home)
    said = f"Missing: {', '.join(lacks)}" if lacks else "Complete"
    if may_see_addresses(viewer):
        parts = [home.address_lines, home.town, home.postcode]
        said = "\n".join(filter(None, parts)) + (f"\n{said}" if lacks else "")
    return f"{said}. Do not post." if home.do_not_post else said


def say_child(child: Child) -> str:
    """ "Ellie, born 2017" """
    return f"{child.first_name}, born {child.birth_year}" if child.birth_year else child.first_name


def _facts(person: Participant) -> list[tuple[str, str]]:
    partner = db.session.get_one(Partner, person.partner_id)
    texts = "May be texted" if person.may_text else "Do not text"
    pairs = [
        ("Who they are to the child", RELATIONSHIP_LABELS[person.relationship_to_child]),
        ("Came from", partner.name),
        ("Phone", f"{say_phone(person.phone)}. {texts}" if person.phone else "None yet"),
        ("E-mail", person.email or "None yet"),
        ("Language", language_name(person.language)),
        ("Print", "Large print" if person.large_print else "Usual size"),
        ("Allergies and diet", person.allergies or ""),
        ("Access needs", person.access_needs or ""),
        ("Notes", person.notes or ""),
    ]
    return [(term, value) for term, value in pairs if value]


def _consents(person: Participant) -> list[ConsentRow]:
    known, oneself = consents_of(person.id), participant_viewer(person.id).actor
    return [
        ConsentRow(
            purpose=purpose.value,
            label=CONSENT_LABELS[purpose],
            wording=CONSENT_WORDING[purpose],
            is_given=purpose in known and known[purpose].is_given,
            version=known[purpose].wording_version if purpose in known else None,
            at=known[purpose].at if purpose in known else None,
            by_themselves=purpose in known and known[purpose].by == oneself,
        )
        for purpose in ConsentPurpose
    ]


def _agreed(agreed: FirstConversation, is_due: bool) -> Agreed:
    review = agreed.review_on
    facts = [
        ("Safe way", CHANNEL_LABELS[agreed.channel]),
        ("Safe hours", f"{agreed.from_hour}.00 to {agreed.until_hour}.00"),
        ("Voicemail", "May be left" if agreed.may_leave_voicemail else "Do not leave one"),
        ("Must not know", agreed.who_must_not_know or "Nobody was named"),
        ("Agree anew", f"{review.day} {review:%B %Y}" if review else "No day was set"),
    ]
    who = agreed.spoken_by or "one of us"
    return Agreed(agreed.at, who, facts, is_due, agreed.version)


def _at_home(person: Participant, viewer: Viewer) -> list[Other]:
    asked = select(Participant).where(
        Participant.household_id == person.household_id,
        Participant.id != person.id,
        within_reach(viewer),
    )
    return [
        Other(one.id, one.known_as, RELATIONSHIP_LABELS[one.relationship_to_child])
        for one in db.session.scalars(asked.order_by(Participant.id))
    ]


def _merged(person: Participant) -> list[Other]:
    """With what only they say: a warning must not be lost by a merge."""
    asked = select(Participant).filter_by(merged_into_id=person.id).order_by(Participant.id)
    return [Other(one.id, one.known_as, _entry_fact(one)) for one in db.session.scalars(asked)]


def _entry_fact(entry: Participant) -> str:
    agreed = entry.conversation
    secret = agreed.who_must_not_know if agreed else None
    parts = [
        say_phone(entry.phone),
        entry.email,
        entry.notes,
        secret and f"Must not know: {secret}",
    ]
    return "; ".join(filter(None, parts))


def _apart(person: Participant, viewer: Viewer) -> list[Other]:
    """Somebody beyond the viewer's reach is not named."""
    other = or_(
        and_(KeepApart.one_id == person.id, KeepApart.other_id == Participant.id),
        and_(KeepApart.other_id == person.id, KeepApart.one_id == Participant.id),
    )
    asked = select(Participant.id, Participant.known_as, within_reach(viewer))
    found = db.session.execute(asked.join(KeepApart, other).order_by(Participant.id))
    return [
        Other(number, name if is_ours else "somebody whom another partner knows")
        for number, name, is_ours in found
    ]
