"""Codes for a person's own details, and changes that need one."""

from dataclasses import dataclass
from datetime import datetime

from programme.access.codes import make_code, take_typed_code
from programme.access.rules import Purpose
from programme.access.viewer import participant_viewer
from programme.foundation import audit
from programme.foundation.web import Refusal
from programme.messages.codes import send_code, send_code_to, tell_old_contact
from programme.messages.reaching import settings
from programme.messages.rules import NotSafe
from programme.people.models import OwnChange, Participant
from programme.people.own import confirm_change, hold
from programme.people.rules import ChangeKind, Channel
from programme.portal.place import Place
from programme.questionnaires.links import give_new_links, places_of

KINDS_OF_CHANNEL = {ChangeKind.PHONE: Channel.SMS, ChangeKind.EMAIL: Channel.EMAIL}


@dataclass(frozen=True)
class Moment:
    """When and from where somebody does something; `real` runs codes, `at` everything else."""

    at: datetime
    real: datetime
    address: str


def ask_for_code(own: Place, when: Moment) -> None:
    """Send a code to the safe channel of whoever's page this is.

    Raises:
        Refusal: there is no quick safe channel, or too many codes were asked for.
    """
    person = own.participant
    hold(person)
    number = make_code(
        Purpose.DETAILS, own.enrolment.id, person=person.id, address=when.address, at=when.real
    )
    try:
        send_code(person, number, sender_name=own.cohort.public_name, at=when.at)
    except NotSafe as problem:
        phone = settings().office_phone
        raise Refusal(f"We cannot send you a code. Ring us: {phone}.") from problem
    audit.record("asked for code", own.enrolment, by=participant_viewer(person.id), at=when.at)


def open_with_code(own: Place, typed: str, when: Moment) -> None:
    """The right code opens the details, once.

    Raises:
        Refusal: see `take_typed_code`.
    """
    take_typed_code(Purpose.DETAILS, own.enrolment.id, typed, address=when.address, at=when.real)
    by = participant_viewer(own.participant.id)
    audit.record("opened own details", own.enrolment, by=by, at=when.at)


def send_code_to_new(own: Place, change: OwnChange, when: Moment) -> None:
    """Send a code to the new phone or e-mail, or by the new way.

    Raises:
        Refusal: too many codes were asked for.
    """
    person = own.participant
    hold(person)
    number = make_code(
        Purpose.NEW_CONTACT, change.id, person=person.id, address=when.address, at=when.real
    )
    channel, address = _new_contact(person, change)
    send_code_to(
        person,
        number,
        channel=channel,
        address=address,
        sender_name=own.cohort.public_name,
        at=when.at,
    )


def take_new_contact(own: Place, change: OwnChange, typed: str, when: Moment) -> bool:
    """The code came back from there: it counts. Says whether the links were made anew.

    Where somebody else reads what goes to the old one, nothing goes there, and the links in
    it open nothing any more. Otherwise one line says there that something was changed.

    Raises:
        Refusal: see `take_typed_code`.
    """
    person, old = own.participant, _old_contact(own.participant, change)
    take_typed_code(Purpose.NEW_CONTACT, change.id, typed, address=when.address, at=when.real)
    confirm_change(person, change, at=when.at)
    if change.is_old_shared:
        by = participant_viewer(person.id)
        give_new_links(places_of(person.id), by=by, at=when.at)
    elif old:
        _tell(own, *old, when)
    return change.is_old_shared


def _tell(own: Place, channel: Channel, address: str, when: Moment) -> None:
    """Somebody who no longer wants messages is told nothing: one of us rings anyhow."""
    name = own.cohort.public_name
    try:
        tell_old_contact(
            own.participant, channel=channel, address=address, sender_name=name, at=when.at
        )
    except NotSafe:
        return


def _new_contact(person: Participant, change: OwnChange) -> tuple[Channel, str]:
    if change.kind is not ChangeKind.CHANNEL:
        return KINDS_OF_CHANNEL[change.kind], change.value or ""
    return _recorded(person, Channel(change.value or ""))


def _old_contact(person: Participant, change: OwnChange) -> tuple[Channel, str] | None:
    """Where what was replaced can be told; None for a call, a letter or nothing."""
    if not change.was:
        return None
    if change.kind is not ChangeKind.CHANNEL:
        return KINDS_OF_CHANNEL[change.kind], change.was
    was = Channel(change.was)
    return None if was in (Channel.PHONE, Channel.POST) else _recorded(person, was)


def _recorded(person: Participant, channel: Channel) -> tuple[Channel, str]:
    return channel, (person.email if channel is Channel.EMAIL else person.phone) or ""
