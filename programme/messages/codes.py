"""Typed codes on their way to a person: at once, at any hour, for they asked just now."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from programme.access.codes import LASTS, is_code_open
from programme.foundation.clock import real_now
from programme.messages.actions import queue
from programme.messages.models import Message
from programme.messages.reaching import safe_route, settings
from programme.messages.rules import NotSafe, fit_into_hours
from programme.people.models import Participant
from programme.people.rules import Channel

TOO_SLOW = (Channel.POST,)
TOLD_WITHIN = timedelta(days=2)


def send_code(person: Participant, code_id: int, *, sender_name: str, at: datetime) -> Message:
    """Send a code by the safe channel.

    Raises:
        NotSafe: there is none that is quick enough.
    """
    route = safe_route(person, at=at)
    if route.channel in TOO_SLOW:
        raise NotSafe("A letter takes longer than the code works.")
    return _queue_code(person, code_id, route.channel, None, sender_name, at)


def send_code_to(
    person: Participant,
    code_id: int,
    *,
    channel: Channel,
    address: str,
    sender_name: str,
    at: datetime,
) -> Message:
    """Send a code to a phone or e-mail that is new, and so not recorded yet."""
    way = by_text() if channel in (Channel.SMS, Channel.BY_HAND) else channel
    return _queue_code(person, code_id, way, address, sender_name, at)


def tell_old_contact(
    person: Participant, *, channel: Channel, address: str, sender_name: str, at: datetime
) -> Message | None:
    """Say to the phone or e-mail that was replaced that something changed, and nothing more.

    None: there is no hour within two days at which they may be written to.
    """
    route = safe_route(person, at=at)
    hours = (route.from_hour, route.until_hour)
    due_at = fit_into_hours(at, at + TOLD_WITHIN, *hours, settings().zone, at)
    if due_at is None:
        return None
    return queue(
        to=person,
        channel=by_text() if channel in (Channel.SMS, Channel.BY_HAND) else channel,
        template="details-changed",
        values={},
        due_at=due_at,
        expires_at=at + TOLD_WITHIN,
        at=at,
        sender_name=sender_name,
        address=address,
    )


def unwanted_codes(messages: Sequence[Message], _at: datetime) -> dict[int, frozenset[int]]:
    """The text with a code, always alone in its message, once it can no longer be typed."""
    return {each.id: frozenset({0}) for each in messages if _is_code_over(each)}


def _is_code_over(message: Message) -> bool:
    held = json.loads(message.values or "{}").get("code")
    return held is not None and not is_code_open(held["code"], real_now())


def by_text() -> Channel:
    """How a text goes from here: by itself, or from somebody's own phone."""
    ours = settings()
    return Channel.SMS if ours.texts_are_set_up or ours.demonstration else Channel.BY_HAND


def _queue_code(
    person: Participant,
    code_id: int,
    channel: Channel,
    address: str | None,
    sender_name: str,
    at: datetime,
) -> Message:
    return queue(
        to=person,
        channel=channel,
        template="code",
        values={"code": {"code": code_id}},
        due_at=at,
        expires_at=at + LASTS,
        at=at,
        sender_name=sender_name,
        address=address,
    )
