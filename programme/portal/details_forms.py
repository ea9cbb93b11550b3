"""A new phone, e-mail, way or address as a parent typed it, with sentences that say what to do."""

from werkzeug.datastructures import MultiDict

from programme.foundation.web import Refusal
from programme.people.imports.addresses import Address
from programme.people.imports.emails import read_email
from programme.people.imports.phones import read_phone
from programme.people.models import Participant
from programme.people.postcodes import tidy_postcode
from programme.people.rules import ChangeKind, Channel

LONGEST_LINE, MOST_LINES = 80, 3
OFFERED = {
    Channel.SMS: "By text",
    Channel.EMAIL: "By e-mail",
    Channel.PHONE: "Ring me",
    Channel.POST: "Write me a letter",
}
SAME = (Channel.SMS, Channel.BY_HAND)
"""To a parent these are one thing: a text."""


def read_contact(form: MultiDict[str, str], kind: ChangeKind, person: Participant) -> str:
    """What was typed or chosen.

    Raises:
        Refusal: it is not complete, or is what we have already.
    """
    typed = form.get("answer", "").strip()
    value = READERS[kind](typed, person)
    if value in (person.phone, person.email):
        raise Refusal("That is what we have already.")
    return value


def _phone(typed: str, _person: Participant) -> str:
    value = read_phone(typed).value
    if value is None:
        raise Refusal("Type the whole number, like 07700 900123.")
    return value


def _email(typed: str, _person: Participant) -> str:
    value = read_email(typed).value
    if value is None:
        raise Refusal("Type the whole e-mail address, like jo@example.org.")
    return value


def _channel(typed: str, person: Participant) -> str:
    if typed not in set(OFFERED):
        raise Refusal("Choose one of the answers.")
    now = person.conversation.channel if person.conversation else None
    if now == typed or {now, typed} <= set(SAME):
        raise Refusal("That is how we reach you already.")
    if typed == Channel.EMAIL and not person.email:
        raise Refusal("We have no e-mail address of yours. Add it first.")
    if typed == Channel.SMS and not person.phone:
        raise Refusal("We have no phone number of yours. Add it first.")
    if typed == Channel.SMS and not person.may_text:
        raise Refusal("You said no to texts. Say yes to them first.")
    return typed


READERS = {
    ChangeKind.PHONE: _phone,
    ChangeKind.EMAIL: _email,
    ChangeKind.CHANNEL: _channel,
}


def read_address(form: MultiDict[str, str]) -> Address:
    """A whole address.

    Raises:
        Refusal: something is missing, in one sentence.
    """
    lines = [" ".join(line.split()) for line in form.get("lines", "").splitlines()]
    lines = [line.strip(" ,") for line in lines if line.strip(" ,")]
    town, postcode = " ".join(form.get("town", "").split()), tidy_postcode(form.get("postcode", ""))
    if not lines:
        raise Refusal("Type your house number and street.")
    if not town:
        raise Refusal("Type your town.")
    if postcode is None:
        raise Refusal("Type your whole postcode, like L8 1TJ.")
    if len(lines) > MOST_LINES or max(map(len, [*lines, town])) > LONGEST_LINE:
        raise Refusal("That is too long for a label. Leave out what the post does not need.")
    return Address(tuple(lines), town, "", postcode)
