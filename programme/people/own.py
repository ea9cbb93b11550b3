"""What somebody changes on their own page: written at once where that is safe, and told to us.

A worker's agreement stays the one that counts: each change is a new version of it, and one of
us rings to check. A new phone or e-mail takes effect once a code sent there has come back.
"""

from dataclasses import dataclass
from datetime import datetime

from programme.access.viewer import participant_viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.conversations import keep_answer
from programme.people.entries import write_name_words
from programme.people.imports.addresses import Address
from programme.people.models import FirstConversation, OwnChange, Participant
from programme.people.own_queries import is_alone_at_home, open_change, unconfirmed_changes
from programme.people.own_writing import put, reads_as, written
from programme.people.queries import consents_of
from programme.people.rules import CONSENT_LABELS, ChangeKind, Channel, ConsentPurpose

BY_TEXT = (Channel.SMS, Channel.BY_HAND)
NEEDS_A_CALL = (Channel.PHONE, Channel.POST)
LONGEST_NOTE = 200
OTHERS_STAY = "Somebody else lives at the old home and stays there: ask who moved."


@dataclass(frozen=True)
class Hours:
    """Between which hours of the day somebody may be rung or written to."""

    from_hour: int
    until_hour: int


def hold(person: Participant) -> None:
    """One change of a person at a time, from here until the transaction ends."""
    db.session.refresh(person, with_for_update=True)


def change_name(person: Participant, known_as: str, *, at: datetime) -> None:
    """The name to use, everywhere.

    Raises:
        Refusal: there is none.
    """
    if not known_as:
        raise Refusal("Type the name that we should use.")
    person.known_as = known_as
    write_name_words(person)
    _record("changed own name", person, at)


def change_language(person: Participant, language: str, *, at: datetime) -> None:
    person.language = language
    _record("changed own language", person, at)


def change_print(person: Participant, is_large: bool, *, at: datetime) -> None:
    person.large_print = is_large
    _record("changed own print", person, at)


def change_hours(person: Participant, hours: Hours, *, at: datetime) -> None:
    """When they may be reached."""
    agreed = _agreed(person)
    agreed.from_hour, agreed.until_hour = hours.from_hour, hours.until_hour
    _agree(person, agreed, f"Hours: {hours.from_hour}.00 to {hours.until_hour}.00.", at)


def change_voicemail(person: Participant, may_leave: bool, *, at: datetime) -> None:
    """Whether a voicemail may be left."""
    agreed = _agreed(person)
    agreed.may_leave_voicemail = may_leave
    _agree(person, agreed, f"Voicemail: {'yes' if may_leave else 'no'}.", at)


def change_texting(person: Participant, may_text: bool, *, at: datetime) -> None:
    """Whether texts may be sent at all.

    Raises:
        Refusal: texts are how they are reached.
    """
    agreed = _agreed(person)
    if not may_text and agreed.channel in BY_TEXT:
        raise Refusal("We write to you by text now. First choose another way to reach you.")
    person.may_text = may_text
    _agree(person, agreed, f"Texts: {'yes' if may_text else 'no'}.", at)


def answer_own_consent(
    person: Participant, purpose: ConsentPurpose, is_given: bool, *, at: datetime
) -> None:
    """Give or withdraw one consent, in today's wording. We are told of what is withdrawn."""
    known = consents_of(person.id).get(purpose)
    keep_answer(person, purpose, is_given, by=participant_viewer(person.id), at=at)
    if not is_given and known and known.is_given:
        _tell_us(person, ChangeKind.CONSENT, f"No longer: {CONSENT_LABELS[purpose].lower()}.", at)


def ask_for_a_call(person: Participant, *, at: datetime) -> None:
    """Somebody wants to be rung. Asked twice, it is one call."""
    _tell_us(person, ChangeKind.RING_ME, "", at)
    _record("asked for a call", person, at)


def begin_change(person: Participant, kind: ChangeKind, value: str, *, at: datetime) -> OwnChange:
    """A new phone, e-mail or channel: kept, but of no effect before it is confirmed.

    An earlier one that was not confirmed is forgotten. It waits for a person where no code
    can confirm it.
    """
    for earlier in unconfirmed_changes(person.id, kind):
        db.session.delete(earlier)
    change = OwnChange(
        participant_id=person.id,
        kind=kind,
        was=reads_as(person, kind),
        value=value,
        at=at,
        waits_for_a_person=not _can_confirm_by_code(person, kind, value),
    )
    db.session.add(change)
    db.session.flush()
    _record("began own change", person, at, kind=kind)
    return change


def confirm_change(person: Participant, change: OwnChange, *, at: datetime) -> None:
    """The code came back: from now on this is how they are reached."""
    put(person, change.kind, change.value or "")
    change.confirmed_at = at
    agreed = _agreed(person)
    agreed.version += 1
    agreed.by = participant_viewer(person.id).actor
    _record("confirmed own change", person, at, kind=change.kind, version=agreed.version)


def change_address(person: Participant, address: Address, note: str, *, at: datetime) -> bool:
    """Where they live now; says whether that counts already.

    Somebody else may live at the recorded home, and must not learn where this person went:
    then nothing is written, and one of us asks.
    """
    change = begin_change(person, ChangeKind.ADDRESS, written(address), at=at)
    change.waits_for_a_person = not is_alone_at_home(person)
    change.advice = f"{OTHERS_STAY} {note}".strip() if change.waits_for_a_person else note
    if not change.waits_for_a_person:
        put(person, ChangeKind.ADDRESS, change.value or "")
        change.confirmed_at = at
    _record("changed own address", person, at, counts=not change.waits_for_a_person)
    return not change.waits_for_a_person


def note_own_address_seen(person: Participant, *, at: datetime) -> None:
    """Somebody had the whole address shown, on the person's own page."""
    _record("showed own address", person, at)


def _can_confirm_by_code(person: Participant, kind: ChangeKind, value: str) -> bool:
    if kind is ChangeKind.PHONE:
        return person.may_text
    return kind is not ChangeKind.CHANNEL or Channel(value) not in NEEDS_A_CALL


def _agreed(person: Participant) -> FirstConversation:
    if person.conversation is None:
        raise Refusal("We have not talked yet. Ring us first.")
    return person.conversation


def _agree(person: Participant, agreed: FirstConversation, note: str, at: datetime) -> None:
    """A new version of what was agreed, by the person themselves; and one of us rings."""
    agreed.version += 1
    agreed.by = participant_viewer(person.id).actor
    _record("changed how to be reached", person, at, version=agreed.version)
    _tell_us(person, ChangeKind.REACHING, note, at)


def _tell_us(person: Participant, kind: ChangeKind, note: str, at: datetime) -> None:
    """One thing to ring about, however much was changed since."""
    change = open_change(person.id, kind)
    if change is None:
        change = OwnChange(participant_id=person.id, kind=kind, at=at, confirmed_at=at)
        db.session.add(change)
        db.session.flush()
    if note not in change.advice:
        change.advice = f"{change.advice} {note}".strip()[-LONGEST_NOTE:]


def _record(action: str, person: Participant, at: datetime, **details: object) -> None:
    audit.record(action, person, by=participant_viewer(person.id), at=at, **details)
