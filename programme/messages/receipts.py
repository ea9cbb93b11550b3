"""What became of a message after it left, as a provider or a mail server tells it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from programme.foundation.database import db
from programme.messages.came_back import SENTENCES, address_index
from programme.messages.incoming.bounces import Bounce
from programme.messages.incoming.words import Receipt
from programme.messages.models import Message
from programme.messages.rules import LONGEST_ID, State
from programme.people.rules import Channel

STILL_OPEN = (State.SENDING, State.SENT, State.UNCERTAIN)
"""What a receipt may change. Never backwards: what was delivered, or rung about, stays."""


def take_receipt(receipt: Receipt, *, at: datetime) -> bool:
    """Write down what became of a text message; says whether anything changed."""
    message = _texted(receipt)
    if message is None or message.state not in STILL_OPEN:
        return False
    message.provider_id = message.provider_id or receipt.provider_id[:LONGEST_ID] or None
    _settle(message, receipt.state, f"The provider says: {receipt.state.value}.", at)
    return True


def take_bounce(bounce: Bounce, *, at: datetime) -> bool:
    """Write down what a mail server reports; says whether anything changed.

    Only of a message that went to the very recipient whom the report names: a report can
    be made up by anybody, and a key be guessed.
    """
    found = [each for each in _written(bounce) if _address_of(each) in _indexes(bounce)]
    for message in found:
        _settle(message, bounce.state, f"A mail server reports {bounce.status}.", at)
    return bool(found)


def _settle(message: Message, state: State, reason: str, at: datetime) -> None:
    message.address_index = _address_of(message)
    message.sent_at = message.sent_at or at
    message.sent_by = message.sent_by or "clock"
    message.state, message.reason = state, reason
    if state is State.DELIVERED:
        message.reason = None
    if state is State.BOUNCED:
        message.came_back_at = at
        message.reason = f"{SENTENCES[message.channel]} {reason}"


def _texted(receipt: Receipt) -> Message | None:
    """By its key first: a provider's id may be missing where its answer never arrived."""
    for column, value in (
        (Message.key, receipt.reference),
        (Message.provider_id, receipt.provider_id),
    ):
        if value and (found := db.session.scalar(_of(Channel.SMS).where(column == value))):
            return found
    return None


def _written(bounce: Bounce) -> Sequence[Message]:
    asked = _of(Channel.EMAIL).where(Message.key.in_(bounce.keys), Message.state.in_(STILL_OPEN))
    return db.session.scalars(asked).all()


def _of(channel: Channel) -> Select[Message]:
    return select(Message).where(Message.channel == channel).order_by(Message.id).with_for_update()


def _indexes(bounce: Bounce) -> set[str | None]:
    return {address_index(Channel.EMAIL, each) for each in bounce.recipients} - {None}


def _address_of(message: Message) -> str | None:
    """The index of whom it went to; while it is handed over, of whom it goes to."""
    if message.address_index:
        return message.address_index
    to = message.participant or message.account
    if to is None:
        return None
    by_mail = message.channel is Channel.EMAIL
    return to.email_index if by_mail else getattr(to, "phone_index", None)
