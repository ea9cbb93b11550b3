"""Putting messages in the outbox, and what becomes of them."""

import json
import secrets
from datetime import datetime
from typing import Any

from programme.access.models import Account
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rules import NotSafe
from programme.people.models import Participant
from programme.people.rules import Channel


def queue(
    *,
    to: Participant | Account,
    channel: Channel,
    template: str,
    values: dict[str, Any],
    due_at: datetime,
    expires_at: datetime,
    at: datetime,
    sender_name: str = "",
) -> Message:
    """Put one message in the outbox. Nothing leaves before the commit.

    `values` fill the template when it is sent; a link stands there as
    `{"link": purpose, "row": row_id}` and is made anew each time.
    """
    is_participant = isinstance(to, Participant)
    message = Message(
        key=secrets.token_hex(16),
        participant_id=to.id if is_participant else None,
        account_id=None if is_participant else to.id,
        channel=channel,
        language=to.language if isinstance(to, Participant) else "en",
        template=template,
        values=json.dumps(values),
        sender_name=sender_name,
        created_at=at,
        due_at=due_at,
        expires_at=expires_at,
        next_try_at=due_at,
    )
    db.session.add(message)
    return message


def send_to_participant(
    person: Participant,
    *,
    template: str,
    values: dict[str, Any],
    due_at: datetime,
    expires_at: datetime,
    at: datetime,
    sender_name: str,
) -> Message:
    """Put a message in the outbox by the channel that was agreed."""
    if person.conversation is None:
        raise NotSafe("The first conversation is not recorded yet.")
    if person.conversation.channel in (Channel.PHONE, Channel.POST):
        raise NotSafe("They asked to be rung.")
    return queue(
        to=person,
        channel=person.conversation.channel,
        template=template,
        values=values,
        due_at=due_at,
        expires_at=expires_at,
        at=at,
        sender_name=sender_name,
    )
