"""Messages for tests."""

from datetime import datetime, timedelta
from typing import Any

from programme.foundation.database import db
from programme.messages.actions import send_to_participant
from programme.messages.models import Message
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
