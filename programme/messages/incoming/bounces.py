"""Reports of mail servers that an e-mail did not arrive, or did (RFC 3464).

A report names our message by what it returns of it, and the recipient by its own fields.
Both are only claims: whoever uses them compares the recipient with whom we wrote to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import parseaddr

from programme.messages.composing import REFERENCE
from programme.messages.incoming.mails import header
from programme.messages.rules import State

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
KEY = re.compile(r"[0-9a-f]{32}")
NOT_ABOUT_THE_ADDRESS = re.compile(r"4|5\.(?:2\.[23]|3\.|6\.|7\.)")
"""A full mailbox, a server in trouble, a text or sender that is not liked: another message, on
another day, may arrive."""
MOST_REPORTS, MOST_KEYS = 20, 20


@dataclass(frozen=True)
class Bounce:
    """What became of one of the messages with these keys, sent to one of these addresses."""

    keys: frozenset[str]
    recipients: frozenset[str]
    state: State
    status: str


def bounces_in(mail: Mail, domain: str) -> list[Bounce]:
    """What a report says, if the mail is one. `domain`: that of our Message-IDs."""
    if mail.get_content_type() != "multipart/report":
        return []
    parts = _parts(mail)
    keys = frozenset(list(_keys(mail, parts, domain))[:MOST_KEYS])
    return [Bounce(keys, *said) for said in _said(parts)] if keys else []


def _parts(mail: Mail) -> list[Mail]:
    content: object = mail.get_payload()
    return [part for part in content if isinstance(part, Mail)] if isinstance(content, list) else []


def _said(parts: list[Mail]) -> Iterator[tuple[frozenset[str], State, str]]:
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            yield from filter(None, map(_about_one, _parts(part)[:MOST_REPORTS]))


def _about_one(group: Mail) -> tuple[frozenset[str], State, str] | None:
    recipients = {
        _address(header(group, name)) for name in ("Final-Recipient", "Original-Recipient")
    }
    status = STATUS.search(header(group, "Status"))
    action = re.match(r"[a-z]*", header(group, "Action").lower())
    state = _state(action[0] if action else "", status[0] if status else "")
    return (frozenset(recipients - {""}), state, status[0]) if state and status else None


def _state(action: str, status: str) -> State | None:
    """Delays change nothing. One that failed in the end is not about the address for certain."""
    if action == "delivered" and status.startswith("2"):
        return State.DELIVERED
    if action != "failed" or not status or status.startswith("2"):
        return None
    return State.FAILED if NOT_ABOUT_THE_ADDRESS.match(status) else State.BOUNCED


def _address(field: str) -> str:
    """ "rfc822; jo@example.org" """
    kind, divided, address = field.partition(";")
    is_mail = divided and kind.strip().lower() in ("rfc822", "utf-8")
    return parseaddr(address.strip())[1].lower() if is_mail else ""


def _keys(mail: Mail, parts: list[Mail], domain: str) -> Iterator[str]:
    """Of our messages: in what is returned of them, else in what the report answers to."""
    for returned in filter(None, map(_returned, parts)):
        yield from _of_ours(header(returned, "Message-ID"), domain)
        yield from KEY.findall(header(returned, REFERENCE))
    for name in ("In-Reply-To", "References"):
        yield from _of_ours(header(mail, name), domain)


def _returned(part: Mail) -> Mail | None:
    """The message that came back, whole or only its headers."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global"):
        return next(iter(_parts(part)), None)
    if kind != "text/rfc822-headers":
        return None
    content = part.get_payload(decode=True)
    return message_from_bytes(content) if isinstance(content, bytes) else None


def _of_ours(text: str, domain: str) -> list[str]:
    return re.findall(rf"<([0-9a-f]{{32}})@{re.escape(domain)}>", text, re.IGNORECASE)
