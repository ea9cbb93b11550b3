"""Putting messages in the outbox, and what becomes of them."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app

from programme.access.models import Account
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.models import Message
from programme.messages.queries import safe_channel, safe_conversation
from programme.messages.rules import NotSafe, fit_into_hours
from programme.people.models import Participant
from programme.people.rules import Channel

STAFF_NEWS_KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Route:
    """How somebody is reached: by which channel, between which hours of the day."""

    channel: Channel
    from_hour: int
    until_hour: int


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
    """Put a message to a participant in the outbox, by the channel and in the hours that are safe.

    When `due_at` falls outside their hours it goes earlier, or later while of use.

    Raises:
        NotSafe: there is no safe way, or no safe time before it expires.
    """
    route = safe_route(person, at=at)
    zone = settings().zone
    fitting = fit_into_hours(due_at, expires_at, route.from_hour, route.until_hour, zone, at)
    if fitting is None:
        raise NotSafe("There is no safe time to send it while it is of use.")
    return queue(
        to=person,
        channel=route.channel,
        template=template,
        values=values,
        due_at=fitting,
        expires_at=expires_at,
        at=at,
        sender_name=sender_name,
    )


def send_to_staff(
    account: Account, *, template: str, values: dict[str, Any], at: datetime
) -> Message:
    """Put an e-mail to a member of staff in the outbox; it goes at once, at any hour."""
    return queue(
        to=account,
        channel=Channel.EMAIL,
        template=template,
        values=values,
        due_at=at,
        expires_at=at + STAFF_NEWS_KEPT_FOR,
        at=at,
        sender_name=settings().staff_name,
    )


def safe_route(person: Participant, *, at: datetime) -> Route:
    """How a participant may be reached, as agreed in the first conversation.

    Raises:
        NotSafe: not by a message.
    """
    ours = settings()
    agreed = safe_conversation(person, on=local(at, ours.zone).date())
    can_text = bool(ours.sms_url) or ours.demonstration
    return Route(
        channel=safe_channel(person, agreed.channel, can_text=can_text),
        from_hour=max(agreed.from_hour, ours.send_from_hour),
        until_hour=min(agreed.until_hour, ours.send_until_hour),
    )


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


def settings() -> Settings:
    """The settings of the charity whose application is running."""
    return cast(Settings, current_app.config["SETTINGS"])
