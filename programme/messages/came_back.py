"""Addresses and numbers that take nothing of ours: nothing more is sent there.

Nothing marks a person. It follows from what became of messages to this very address, so
that another address lifts it; and so does agreeing anew on this one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from programme.access.queries import email_index
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.messages.models import Message
from programme.messages.rules import NotSafe
from programme.people.models import Participant
from programme.people.rules import Channel

SENTENCES = {
    Channel.EMAIL: "Their e-mail came back: ring them, and ask for another address.",
    Channel.SMS: "Texts to their number come back: ring them, and ask for another number.",
}


def address_index(channel: Channel, to: str) -> str | None:
    """The blind index of an address or number, as messages and people keep it."""
    return email_index(to) if channel is Channel.EMAIL else blind("phone", to)


def last_came_back(people: Sequence[Participant]) -> dict[str, datetime]:
    """When something last came back from the addresses and numbers of these people, by index."""
    known = {index for each in people for index in (each.email_index, each.phone_index) if index}
    asked = select(Message.address_index, func.max(Message.came_back_at)).where(
        Message.address_index.in_(known), Message.came_back_at.is_not(None)
    )
    rows = db.session.execute(asked.group_by(Message.address_index))
    return {index: at for index, at in rows if index and at}


def refuse_what_came_back(
    person: Participant, channel: Channel, came_back: Mapping[str, datetime], *, since: datetime
) -> None:
    """Stop here when the address that a message would take came back after `since`, which is
    when they last agreed on it.

    Raises:
        NotSafe: somebody must ring them.
    """
    if channel not in SENTENCES:
        return
    index = person.email_index if channel is Channel.EMAIL else person.phone_index
    last = came_back.get(index or "")
    if last is not None and last > since:
        raise NotSafe(SENTENCES[channel])
