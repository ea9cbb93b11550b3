"""One message as a list shows it: everything about it but what it says and where it goes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import contains_eager, defer

from programme.access.models import Account
from programme.messages.labels import (
    CHANNEL_LABELS,
    TONES,
    label_of,
    sentence_of,
    state_label,
    state_of,
)
from programme.messages.models import Message
from programme.messages.reaching import settings
from programme.people.models import Participant
from programme.people.rules import Channel

LISTED = (
    defer(Message.values),
    defer(Message.more),
    defer(Message.subject),
    defer(Message.text),
    contains_eager(Message.participant).load_only(Participant.known_as),
    contains_eager(Message.account).load_only(Account.name),
)
"""What is sealed is not opened for a list."""


@dataclass(frozen=True)
class Row:
    """One message in the list, without its text or address. `sentence`: how it stands."""

    id: int
    key: str
    to: str
    participant_id: int | None
    account_id: int | None
    what: str
    template: str
    channel: Channel
    channel_label: str
    language: str
    state: str
    state_label: str
    tone: str
    sentence: str
    due_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    attempts: int
    provider_id: str | None
    reason: str | None


def row_of(message: Message, at: datetime) -> Row:
    """A message as the list shows it."""
    state = state_of(message, at)
    return Row(
        id=message.id,
        key=message.key,
        to=_name(message),
        participant_id=message.participant_id,
        account_id=message.account_id,
        what=label_of(message),
        template=message.template,
        channel=message.channel,
        channel_label=CHANNEL_LABELS[message.channel],
        language=message.language,
        state=state,
        state_label=state_label(message, at),
        tone=TONES[state],
        sentence=sentence_of(message, settings().zone),
        due_at=message.due_at,
        expires_at=message.expires_at,
        sent_at=message.sent_at,
        attempts=message.attempts,
        provider_id=message.provider_id,
        reason=message.reason,
    )


def _name(message: Message) -> str:
    to = message.participant.known_as if message.participant else None
    return to or (message.account.name if message.account else "")
