"""What people changed or asked for on their own pages, and nobody has rung about yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_moment
from programme.people.models import FirstConversation, OwnChange, Participant
from programme.people.own_writing import unwritten
from programme.people.phones import say_phone
from programme.people.queries import EDIT, day_of, is_kept_apart_at_home, within_reach, zone
from programme.people.rules import CHANGE_LABELS, CHANNEL_LABELS, ChangeKind, Channel

MOST_ON_TODAY = 40
CAN_BE_PUT_BACK = (ChangeKind.PHONE, ChangeKind.EMAIL, ChangeKind.CHANNEL, ChangeKind.ADDRESS)


@dataclass(frozen=True)
class OwnLine:
    """One change or wish on a person's page for staff."""

    id: int
    label: str
    at: datetime
    was: str
    value: str
    advice: str
    counts: bool
    """Whether it has taken effect; otherwise it waits for whoever rings."""
    can_put_back: bool
    is_call: bool
    is_old_shared: bool


def open_change(person_id: int, kind: ChangeKind) -> OwnChange | None:
    """What of this kind waits for somebody to ring."""
    asked = _waiting().where(OwnChange.participant_id == person_id, OwnChange.kind == kind)
    return db.session.scalar(asked.limit(1))


def unconfirmed_changes(person_id: int, kind: ChangeKind) -> Sequence[OwnChange]:
    """What of this kind was begun, and has no effect yet."""
    asked = select(OwnChange).filter_by(
        participant_id=person_id, kind=kind, confirmed_at=None, done_at=None
    )
    return db.session.scalars(asked).all()


def change_to_confirm(person_id: int, number: int) -> OwnChange | None:
    """A person's own change that a code can still confirm."""
    return db.session.scalar(
        select(OwnChange).filter_by(
            id=number,
            participant_id=person_id,
            confirmed_at=None,
            waits_for_a_person=False,
            done_at=None,
        )
    )


def change_for(viewer: Viewer, number: int) -> OwnChange | None:
    """A change of somebody whom the viewer may change; held until the transaction ends."""
    asked = _waiting().join(Participant, Participant.id == OwnChange.participant_id)
    asked = asked.where(OwnChange.id == number, within_reach(viewer, EDIT))
    return db.session.scalar(asked.with_for_update(of=OwnChange))


def is_alone_at_home(person: Participant) -> bool:
    """Whether nobody else whom we know is recorded at the same address."""
    others = select(Participant.id).where(
        Participant.household_id == person.household_id,
        Participant.id != person.id,
        Participant.merged_into_id.is_(None),
    )
    return db.session.scalar(others.limit(1)) is None


def may_see_own_address(person: Participant) -> bool:
    """Not where somebody recorded at the same address is kept apart from them: one of the two
    lives elsewhere, and must not be found."""
    apart = select(Participant.id).where(Participant.id == person.id, is_kept_apart_at_home())
    return db.session.scalar(apart) is None


def own_lines(person: Participant, *, shows_address: bool) -> list[OwnLine]:
    """What waits about one person; addresses only for whoever may see them."""
    asked = _waiting().where(OwnChange.participant_id == person.id).order_by(OwnChange.id)
    return [_line(change, shows_address) for change in db.session.scalars(asked)]


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Whom to ring because they asked, and with whom to check what they changed."""
    if not viewer.can(EDIT):
        return []
    asked = (
        _waiting()
        .join(OwnChange.participant)
        .options(contains_eager(OwnChange.participant).joinedload(Participant.conversation))
        .where(within_reach(viewer, EDIT))
        .order_by(OwnChange.at, OwnChange.id)
        .limit(MOST_ON_TODAY)
    )
    changes = db.session.scalars(asked).all()
    calls = [_call(one) for one in changes if one.kind is ChangeKind.RING_ME]
    return calls + [_check(group) for group in _by_person(changes).values()]


def _waiting() -> Select[OwnChange]:
    """A new phone that no code has confirmed yet is nobody's business but theirs."""
    return select(OwnChange).where(OwnChange.done_at.is_(None), _is_ours())


def _is_ours() -> ColumnElement[bool]:
    return or_(OwnChange.confirmed_at.is_not(None), OwnChange.waits_for_a_person.is_(True))


def _by_person(changes: Sequence[OwnChange]) -> dict[int, list[OwnChange]]:
    found: dict[int, list[OwnChange]] = {}
    for change in changes:
        if change.kind is not ChangeKind.RING_ME:
            found.setdefault(change.participant_id, []).append(change)
    return found


def _call(change: OwnChange) -> ToDo:
    person = change.participant
    asked_at = f"They asked for it {say_moment(change.at, zone())}."
    return ToDo(
        title=f"Ring {person.known_as}: they ask for a call",
        fact=f"{asked_at} {_when(person.conversation)}",
        action="How to reach them",
        url=url_for("people.person", number=person.id, _anchor="own"),
        tone="wrong",
        due=day_of(change.at),
    )


def _check(changes: list[OwnChange]) -> ToDo:
    person = changes[0].participant
    what = ", ".join(dict.fromkeys(CHANGE_LABELS[one.kind].lower() for one in changes))
    return ToDo(
        title=f"{person.known_as} changed their details: ring to check",
        fact=f"{what[:1].upper()}{what[1:]}. {_when(person.conversation)}",
        action="See what",
        url=url_for("people.person", number=person.id, _anchor="own"),
        tone="soon",
        due=day_of(changes[0].at),
    )


def _when(agreed: FirstConversation | None) -> str:
    if agreed is None:
        return "The first conversation is not recorded yet."
    voicemail = "" if agreed.may_leave_voicemail else " Leave no voicemail."
    return f"Ring between {agreed.from_hour}.00 and {agreed.until_hour}.00.{voicemail}"


def _line(change: OwnChange, shows_address: bool) -> OwnLine:
    return OwnLine(
        id=change.id,
        label=CHANGE_LABELS[change.kind],
        at=change.at,
        was=_say(change.kind, change.was, shows_address),
        value=_say(change.kind, change.value, shows_address),
        advice=change.advice,
        counts=change.confirmed_at is not None,
        is_call=change.kind is ChangeKind.RING_ME,
        is_old_shared=change.is_old_shared,
        can_put_back=change.confirmed_at is not None and change.kind in CAN_BE_PUT_BACK,
    )


def _say(kind: ChangeKind, text: str | None, shows_address: bool) -> str:
    if not text:
        return ""
    if kind is ChangeKind.CHANNEL:
        return CHANNEL_LABELS[Channel(text)]
    if kind is not ChangeKind.ADDRESS:
        return say_phone(text) if kind is ChangeKind.PHONE else text
    address = unwritten(text)
    parts = [*address.lines, address.town, address.postcode]
    return ", ".join(filter(None, parts)) if shows_address else "for packers to see"
