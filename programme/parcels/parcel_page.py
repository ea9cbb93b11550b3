"""One parcel's page: what is in it, what stops it, what happened, and what may be done now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from programme.access.models import Account
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.parcels.contents import contents, kit_of
from programme.parcels.dispatch_list import sentence_for
from programme.parcels.models import Parcel, ParcelEvent
from programme.parcels.rules import (
    IN_HAND,
    MOVE_LABELS,
    MOVES_BY_HAND,
    NOT_GONE,
    STATE_LABELS,
    ParcelState,
    can_confirm,
    can_move,
    can_undo,
)
from programme.parcels.standings import Standing, standing_of
from programme.people.addresses import Address
from programme.people.models import FirstConversation


@dataclass(frozen=True)
class Happening:
    """Something that happened to a parcel."""

    label: str
    at: datetime
    name: str


@dataclass(frozen=True)
class Move:
    """A button that moves the parcel on."""

    to: ParcelState
    label: str


@dataclass(frozen=True, kw_only=True)
class ToRing:
    """What a coordinator needs to confirm the address by phone."""

    participant_id: int
    known_as: str
    phone: str | None
    hours: str
    may_leave_voicemail: bool
    hint: str
    fingerprint: str
    again: bool


@dataclass(frozen=True, kw_only=True)
class ParcelPage:
    """Everything one parcel's page shows. `address` only for packers, of a parcel in hand."""

    id: int
    reference: str
    cohort: str
    due_on: date
    names: str
    state: ParcelState
    state_label: str
    is_gone: bool
    booklets: int
    contents: tuple[str, ...]
    note: str
    stopped_because: str | None
    changed_since: bool
    address: Address | None
    to_ring: ToRing | None
    can_split: bool
    confirmed_at: datetime | None
    carrier: str | None
    person_id: int | None
    moves: tuple[Move, ...]
    happenings: tuple[Happening, ...]
    undo_event: int | None


def parcel_page(viewer: Viewer, parcel: Parcel, at: datetime) -> ParcelPage:
    """One parcel as this viewer may see it."""
    standing = standing_of(parcel)
    is_gone = parcel.state not in NOT_GONE
    stopped = None if is_gone else sentence_for(viewer, standing)
    return ParcelPage(
        id=parcel.id,
        reference=parcel.reference,
        cohort=parcel.cohort.public_name,
        due_on=parcel.due_on,
        names=standing.names or parcel.participant.known_as,
        state=parcel.state,
        state_label=STATE_LABELS[parcel.state],
        is_gone=is_gone,
        booklets=standing.booklets,
        contents=tuple(contents(kit_of(parcel.cohort.programme), standing.booklets)),
        note=standing.note,
        stopped_because=stopped,
        changed_since=is_gone and standing.facts.address_changed,
        address=_address(viewer, parcel, standing),
        to_ring=_to_ring(viewer, parcel, standing),
        can_split=_can_split(viewer, parcel, standing),
        confirmed_at=parcel.confirmed_at,
        carrier=parcel.carrier,
        person_id=parcel.participant_id if viewer.can(Permission.SEE_PEOPLE) else None,
        moves=tuple(_moves(viewer, parcel.state, stopped)),
        happenings=_happenings(parcel.events),
        undo_event=_undo_event(parcel.events, at),
    )


def may_see_address(viewer: Viewer, parcel: Parcel, standing: Standing) -> bool:
    """Only who packs, only a parcel in hand, and only while nothing stops it."""
    cohort = parcel.cohort
    packs = viewer.can(Permission.PACK_PARCELS, cohort=cohort.id, partner=cohort.partner_id)
    return packs and parcel.state in IN_HAND and standing.stopped_because is None


def _address(viewer: Viewer, parcel: Parcel, standing: Standing) -> Address | None:
    return standing.address if may_see_address(viewer, parcel, standing) else None


def _to_ring(viewer: Viewer, parcel: Parcel, standing: Standing) -> ToRing | None:
    cohort = parcel.cohort
    edits = viewer.can(Permission.EDIT_PEOPLE, cohort=cohort.id, partner=cohort.partner_id)
    asked_again = parcel.state in IN_HAND
    if not edits or not can_confirm(parcel.state, standing.facts):
        return None
    if asked_again and not standing.facts.address_changed:
        return None
    person = standing.people[0]
    talk = db.session.scalar(select(FirstConversation).filter_by(participant_id=person.id))
    return ToRing(
        participant_id=person.id,
        known_as=person.known_as,
        phone=_as_people_say(person.phone),
        hours=f"{_hour(talk.from_hour)} to {_hour(talk.until_hour)}" if talk else "Not known",
        may_leave_voicemail=bool(talk and talk.may_leave_voicemail),
        hint=standing.recorded.hint(),
        fingerprint=standing.recorded.fingerprint(),
        again=asked_again,
    )


def _as_people_say(phone: str | None) -> str | None:
    """+447700900123 as 07700 900123; anything else as it is stored."""
    found = re.fullmatch(r"\+44(\d{4})(\d{6})", phone or "")
    return f"0{found[1]} {found[2]}" if found else phone


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'am' if hour % 24 < 12 else 'pm'}"


def _can_split(viewer: Viewer, parcel: Parcel, standing: Standing) -> bool:
    may = viewer.can(Permission.EDIT_PEOPLE) and parcel.state in NOT_GONE
    return may and standing.facts.somebody_moved_out


def _moves(viewer: Viewer, state: ParcelState, stopped: str | None) -> list[Move]:
    possible = MOVES_BY_HAND.get(state, ())
    if not viewer.can(Permission.EDIT_PEOPLE):
        possible = tuple(to for to in possible if to is not ParcelState.CANCELLED)
    return [Move(to, MOVE_LABELS[to]) for to in possible if can_move(state, to, stopped)]


def _undo_event(events: Sequence[ParcelEvent], at: datetime) -> int | None:
    """The last thing that happened, when it can be taken back."""
    if len(events) < 2 or events[-1].is_undo:
        return None
    last, before = events[-1], events[-2]
    return last.id if can_undo(before.state, last.state, last.at, at) else None


def _happenings(events: Sequence[ParcelEvent]) -> tuple[Happening, ...]:
    names = _names(events)
    return tuple(
        Happening(_said(event, before), event.at, names.get(event.by, event.by))
        for event, before in zip(events, [None, *events[:-1]], strict=True)
    )


def _said(event: ParcelEvent, before: ParcelEvent | None) -> str:
    if before is None:
        return "Put on the list"
    label = STATE_LABELS[event.state]
    if event.is_undo:
        return f"Undone: {label.lower()} again"
    if event.state in IN_HAND and before.state is event.state:
        return "Address confirmed again"
    is_confirmed = event.state is ParcelState.TO_PACK and before.state is ParcelState.TO_CONFIRM
    return "Address confirmed by phone" if is_confirmed else label


def _names(events: Sequence[ParcelEvent]) -> dict[str, str]:
    """The names of the staff who did these things, by actor."""
    ids = {int(e.by.partition(":")[2]) for e in events if e.by.startswith("account:")}
    asked = select(Account.id, Account.name).filter(Account.id.in_(ids))
    return {f"account:{number}": name for number, name in db.session.execute(asked)}
