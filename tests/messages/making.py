"""Messages for tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.actions import send_to_participant
from programme.messages.models import Message
from programme.messages.wanted import Ask
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders

VALUES: dict[str, Any] = {
    "group": "Tuesday group",
    "day": "Tuesday 6 October",
    "time": "7.30 pm",
    "link": {"link": "my_group", "row": 12},
}


def person(known_as: str = "Jo", *, channel: Channel = Channel.EMAIL, **others: Any) -> Participant:
    """Somebody spoken to, who may be sent messages by that channel."""
    lead = others.pop("partner", None) or builders.partner(f"Charity of {known_as}")
    return builders.spoken_to(
        builders.participant(known_as, partner=lead, **others), channel=channel
    )


def nothing_of(*unwanted: int) -> Ask:
    """An area that wants no text of these messages any more, each by its number."""
    return lambda messages, _at: {
        message.id: frozenset(range(message.carries))
        for message in messages
        if message.id in unwanted
    }


def queued(
    to: Participant,
    *,
    at: datetime,
    template: str = "remind-day-before",
    lasts: timedelta = timedelta(hours=9),
) -> Message:
    """A committed message, due now."""
    message = send_to_participant(
        to,
        template=template,
        values=VALUES,
        due_at=at,
        expires_at=at + lasts,
        at=at,
        sender_name="Tuesday group",
    )
    db.session.commit()
    return message


def queued_now(known_as: str = "Jo", *, channel: Channel = Channel.EMAIL) -> int:
    """A message due by the real clock, to somebody who may be written to at any hour."""
    ours = replace(current_app.config["SETTINGS"], send_from_hour=0, send_until_hour=24)
    current_app.config["SETTINGS"] = ours
    to = person(known_as, channel=channel)
    to.conversation.from_hour, to.conversation.until_hour = 0, 24
    message_id = queued(to, at=real_now(), lasts=timedelta(days=3)).id
    db.session.rollback()
    return message_id


def state_of(message_id: int) -> str:
    """What became of it by now, whoever changed it."""
    return str(db.session.scalar(select(Message.state).filter_by(id=message_id)))
