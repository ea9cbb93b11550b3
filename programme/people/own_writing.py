"""One detail of somebody as a text, to keep beside what it was before; and back into its place."""

import json
from dataclasses import asdict

from programme.access.queries import email_index
from programme.foundation.sealing import blind
from programme.people.entries import write_address
from programme.people.imports.addresses import Address
from programme.people.models import Household, Participant
from programme.people.rules import ChangeKind, Channel


def reads_as(person: Participant, kind: ChangeKind) -> str:
    """What is recorded now, as `put` takes it; empty for nothing."""
    if kind is ChangeKind.PHONE:
        return person.phone or ""
    if kind is ChangeKind.EMAIL:
        return person.email or ""
    if kind is ChangeKind.CHANNEL:
        return person.conversation.channel.value if person.conversation else ""
    return written(address_at(person.household)) if kind is ChangeKind.ADDRESS else ""


def put(person: Participant, kind: ChangeKind, text: str) -> None:
    """Write a detail in its place. Nothing is checked here."""
    if kind is ChangeKind.PHONE:
        person.phone, person.phone_index = text or None, blind("phone", text)
    elif kind is ChangeKind.EMAIL:
        person.email, person.email_index = text or None, email_index(text) if text else None
    elif kind is ChangeKind.CHANNEL and person.conversation:
        person.conversation.channel = Channel(text)
    elif kind is ChangeKind.ADDRESS:
        write_address(person.household, unwritten(text))


def address_at(home: Household) -> Address:
    """The address of a home."""
    lines = tuple((home.address_lines or "").splitlines())
    return Address(lines, home.town or "", "", home.postcode)


def written(address: Address) -> str:
    return json.dumps(asdict(address), ensure_ascii=False)


def unwritten(text: str) -> Address:
    """The address behind `written`."""
    fields = json.loads(text)
    return Address(**(fields | {"lines": tuple(fields["lines"])}))
