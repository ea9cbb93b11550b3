"""The list of people: searched, narrowed, counted and cut into pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from programme.access.models import Partner
from programme.access.queries import email_index
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.people.entries import name_index
from programme.people.imports.phones import normalise_phone
from programme.people.models import FirstConversation, Household, NameWord, Participant
from programme.people.queries import (
    day_of,
    joined,
    latest_consents,
    with_standing,
    within_reach,
)
from programme.people.rules import (
    RELATIONSHIP_LABELS,
    STANDING_LABELS,
    STANDING_TONES,
    ConsentPurpose,
    Standing,
    name_words,
    standing,
    what_an_address_lacks,
)

PER_PAGE = 50
FEWEST_DIGITS_OF_A_PHONE = 7


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to: words of a name, a phone or an e-mail; a standing; a partner."""

    text: str = ""
    standing: Standing | None = None
    partner_id: int | None = None


@dataclass(frozen=True)
class PersonRow:
    """One line of the list."""

    id: int
    known_as: str
    fact: str
    state: str
    tone: str


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list. `counts` are of everybody in reach, by standing."""

    rows: list[PersonRow]
    total: int
    page: int
    pages: int
    counts: dict[Standing, int]
    everybody: int


@dataclass(frozen=True)
class FamilyRow:
    """What a partner's practitioner sees of somebody who agreed to it."""

    known_as: str
    added_at: datetime
    spoken_at: datetime | None


def people_list(viewer: Viewer, sought: Sought, *, page: int, at: datetime) -> PeoplePage:
    """A page of the people in reach, by the name they are known by."""
    on = day_of(at)
    wanted = and_(within_reach(viewer), *_narrowed(sought, on))
    total = db.session.scalar(joined(select(func.count(Participant.id))).where(wanted)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    in_order = joined(select(*_COLUMNS)).where(wanted)
    in_order = in_order.order_by(Participant.known_as, Participant.id)
    found = db.session.execute(in_order.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    everybody, counts = _counts(viewer, on)
    return PeoplePage([_row(each, on) for each in found], total, page, pages, counts, everybody)


def own_families(viewer: Viewer) -> list[FamilyRow]:
    """The viewer's own partner's people who agreed that the partner hears of them."""
    agreed = latest_consents(ConsentPurpose.PARTNER).subquery()
    asked = (
        select(Participant.known_as, Participant.added_at, FirstConversation.at)
        .join(agreed, agreed.c.participant_id == Participant.id)
        .outerjoin(FirstConversation, FirstConversation.participant_id == Participant.id)
        .where(within_reach(viewer, Permission.SEE_OWN_FAMILIES), agreed.c.is_given)
        .order_by(Participant.known_as, Participant.id)
    )
    return [FamilyRow(*found) for found in db.session.execute(asked)]


def people_like(viewer: Viewer, text: str, *, but: int) -> list[PersonRow]:
    """People in reach whom a search finds, to choose one of; `but` is the one they are for."""
    if not text.strip():
        return []
    asked = joined(select(*_COLUMNS)).where(within_reach(viewer), _matching(text))
    found = asked.where(Participant.id != but).order_by(Participant.known_as).limit(20)
    return [_row(each, None) for each in db.session.execute(found)]


_COLUMNS = (
    Participant.id,
    Participant.known_as,
    Participant.relationship_to_child,
    Partner.name.label("partner"),
    FirstConversation.id.label("conversation_id"),
    FirstConversation.review_on,
    Household.do_not_post,
    Household.address_lines,
    Household.town,
    Household.postcode,
)


def _narrowed(sought: Sought, on: date) -> list[ColumnElement[bool]]:
    conditions = []
    if sought.text.strip():
        conditions.append(_matching(sought.text))
    if sought.standing:
        conditions.append(with_standing(sought.standing, on))
    if sought.partner_id:
        conditions.append(Participant.partner_id == sought.partner_id)
    return conditions


def _matching(text: str) -> ColumnElement[bool]:
    """Found by an entry that was merged, too: then whoever was kept is shown."""
    entry = aliased(Participant)
    shown = func.coalesce(entry.merged_into_id, entry.id)
    if "@" in text:
        return Participant.id.in_(select(shown).where(entry.email_index == email_index(text)))
    if sum(sign.isdigit() for sign in text) >= FEWEST_DIGITS_OF_A_PHONE:
        index = blind("phone", normalise_phone(text))
        return Participant.id.in_(select(shown).where(entry.phone_index == index))
    return and_(false() if not name_words(text) else True, *map(_named, name_words(text)))


def _named(word: str) -> ColumnElement[bool]:
    entry = aliased(Participant)
    shown = func.coalesce(entry.merged_into_id, entry.id)
    by_word = select(shown).join(NameWord, NameWord.participant_id == entry.id)
    begins_so = func.lower(Participant.known_as).startswith(word, autoescape=True)
    return or_(
        Participant.id.in_(by_word.where(NameWord.word_index == name_index(word))), begins_so
    )


def _row(found: Row[*tuple[Any, ...]], on: date | None) -> PersonRow:
    lacks = what_an_address_lacks(found.address_lines, found.town, found.postcode)
    is_missing = bool(lacks) and not found.do_not_post
    state = standing(
        is_spoken_to=found.conversation_id is not None,
        is_review_due=bool(on and found.review_on and found.review_on < on),
        is_address_missing=is_missing,
    )
    fact = f"{RELATIONSHIP_LABELS[found.relationship_to_child]}, {found.partner}"
    if is_missing:
        fact += f". Address lacks: {', '.join(lacks)}"
    return PersonRow(found.id, found.known_as, fact, STANDING_LABELS[state], STANDING_TONES[state])


def _counts(viewer: Viewer, on: date) -> tuple[int, dict[Standing, int]]:
    """How many people are in reach, and of how many each standing holds."""
    columns = [func.sum(case((with_standing(each, on), 1), else_=0)) for each in Standing]
    asked = joined(select(func.count(Participant.id), *columns)).where(within_reach(viewer))
    everybody, *numbers = db.session.execute(asked).one()
    return everybody, {each: number or 0 for each, number in zip(Standing, numbers, strict=True)}
