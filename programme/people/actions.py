"""Adding, correcting and merging people, and keeping two apart."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.entries import (
    how_full,
    new_household,
    new_participant,
    write_address,
    write_children,
    write_person,
)
from programme.people.imports.candidates import Candidate
from programme.people.models import Household, KeepApart, Participant
from programme.people.queries import EDIT


def note_seen(person: Participant, *, by: Viewer, at: datetime) -> None:
    """Leave a trace that somebody looked at a person's phone, e-mail and notes."""
    audit.record("looked at", person, by=by, at=at)


def check_can_edit(person: Participant, *, by: Viewer) -> None:
    """Raises Refusal unless this person is the viewer's to change."""
    if not by.can(EDIT, partner=person.partner_id):
        raise Refusal("Only a coordinator can change this person's details.")


def can_edit(person: Participant, *, by: Viewer) -> bool:
    return by.can(EDIT, partner=person.partner_id)


def add_person(
    candidate: Candidate,
    *,
    partner_id: int,
    household: Household | None = None,
    by: Viewer,
    at: datetime,
) -> Participant:
    """Add one person by hand: not yet spoken to, at a home of their own or at a known one."""
    if not by.can(EDIT, partner=partner_id):
        raise Refusal("Choose the partner that this person came from.")
    home = household or new_household([candidate])
    person = new_participant(candidate, household=home, partner_id=partner_id, at=at)
    db.session.add(person)
    audit.record("added", person, by=by, at=at)
    return person


def correct_person(person: Participant, candidate: Candidate, *, by: Viewer, at: datetime) -> None:
    """Write what was typed. The children and the address are the whole household's.

    An address left blank stays as it is: whoever corrects may not be allowed to see it.
    """
    check_can_edit(person, by=by)
    write_person(person, candidate)
    home = person.household
    write_children(home, candidate.children)
    home.do_not_post = candidate.do_not_post
    is_replaced = how_full(candidate.address) > 0
    if is_replaced:
        write_address(home, candidate.address)
    audit.record("corrected", person, by=by, at=at, address_replaced=is_replaced)


def may_see_addresses(viewer: Viewer) -> bool:
    """Only whoever packs parcels too."""
    return viewer.can(Permission.PACK_PARCELS)


def check_can_merge(entry: Participant, *, into: Participant, by: Viewer) -> None:
    """Raises Refusal: not the viewer's, the same entry, or one that others were merged into."""
    check_can_edit(entry, by=by)
    check_can_edit(into, by=by)
    if entry.id == into.id or entry.merged_into_id or into.merged_into_id:
        raise Refusal("Choose another entry: these two are one already.")
    if _has_merged_entries(entry):
        raise Refusal(
            f"{entry.known_as} is the entry that others were merged into. Open that page, and"
            " merge this one into it instead."
        )
    if pair_of(entry, into):
        raise Refusal("These two are to be kept apart, so they are two people.")
    for what_is_in_the_way in _ASKED_BEFORE_MERGING:
        if sentence := what_is_in_the_way(entry):
            raise Refusal(sentence)


_ASKED_BEFORE_MERGING: list[Callable[[Participant], str | None]] = []


def ask_before_merging(*asked: Callable[[Participant], str | None]) -> None:
    """Let areas above say, in a sentence, why an entry must stay. Called once, by `app.py`."""
    _ASKED_BEFORE_MERGING[:] = asked


def can_merge(entry: Participant, *, into: Participant, by: Viewer) -> bool:
    try:
        check_can_merge(entry, into=into, by=by)
    except Refusal:
        return False
    return True


def merge(entry: Participant, *, into: Participant, by: Viewer, at: datetime) -> None:
    """Two entries are one person: `entry` leaves every list, `into` stays. It can be undone."""
    check_can_merge(entry, into=into, by=by)
    entry.merged_into_id = into.id
    audit.record("merged", entry, by=by, at=at, into=into.id)


def undo_merge(entry: Participant, *, by: Viewer, at: datetime) -> None:
    """They were two people after all: the entry is back as it was."""
    check_can_edit(entry, by=by)
    if entry.merged_into_id is None:
        raise Refusal(f"{entry.known_as} stands alone already.")
    audit.record("undid merge", entry, by=by, at=at, into=entry.merged_into_id)
    entry.merged_into_id = None


def keep_apart(one: Participant, other: Participant, *, by: Viewer, at: datetime) -> None:
    """These two must not meet in a group, nor learn the other's address."""
    check_can_edit(one, by=by)
    if one.id == other.id:
        raise Refusal("Choose somebody else.")
    if pair_of(one, other):
        return
    low, high = sorted((one.id, other.id))
    pair = KeepApart(one_id=low, other_id=high, at=at, by=by.actor)
    db.session.add(pair)
    audit.record("keeps apart", pair, by=by, at=at, one=low, other=high)


def end_keeping_apart(one: Participant, other: Participant, *, by: Viewer, at: datetime) -> None:
    """They may meet again."""
    check_can_edit(one, by=by)
    if pair := pair_of(one, other):
        audit.record(
            "ended keeping apart", pair, by=by, at=at, one=pair.one_id, other=pair.other_id
        )
        db.session.delete(pair)


def pair_of(one: Participant, other: Participant) -> KeepApart | None:
    """The record that keeps two people apart."""
    low, high = sorted((one.id, other.id))
    return db.session.scalar(select(KeepApart).filter_by(one_id=low, other_id=high))


def _has_merged_entries(person: Participant) -> bool:
    asked = select(Participant.id).filter_by(merged_into_id=person.id).limit(1)
    return db.session.scalar(asked) is not None
