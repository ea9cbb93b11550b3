"""Putting messages in the outbox, and what people do with those already there."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from programme.access.models import Account
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages import queries
from programme.messages.attachments import MAKERS
from programme.messages.labels import is_ready
from programme.messages.models import Message
from programme.messages.reaching import check_arrives, safe_route, settings
from programme.messages.rendering import render
from programme.messages.rules import NEEDS_A_PERSON, NotSafe, State, fit_into_hours
from programme.messages.templates import PLACEHOLDERS, TemplateError, Wordings, load_template
from programme.messages.wanted import is_still_wanted, leave_out, unwanted_texts
from programme.messages.wordings import wordings_for
from programme.people.models import Participant
from programme.people.rules import Channel

STAFF_NEWS_KEPT_FOR = timedelta(days=2)


def send_to_participant(
    person: Participant,
    *,
    template: str,
    values: dict[str, Any],
    due_at: datetime,
    expires_at: datetime,
    at: datetime,
    sender_name: str,
    wording: str = "",
) -> Message:
    """Put a message to a participant in the outbox, by the channel and in the hours that are safe.

    When `due_at` falls outside their hours it goes earlier, or later while of use. When
    another message is going to them that day, it joins that one, where both texts allow.
    `wording`: the programme whose own wording counts.

    Raises:
        NotSafe: there is no safe way, or no safe time before it expires.
    """
    route = safe_route(person, at=at)
    zone = settings().zone
    fitting = fit_into_hours(due_at, expires_at, route.from_hour, route.until_hour, zone, at)
    if fitting is None:
        raise NotSafe("There is no safe time to send it while it is of use.")
    message = _row(
        to=person,
        channel=route.channel,
        template=template,
        values=values,
        due_at=fitting,
        expires_at=expires_at,
        at=at,
        sender_name=sender_name,
        wording=wording,
    )
    return _joined(message, at) or _added(message)


def _joined(message: Message, at: datetime) -> Message | None:
    """The message of the same day that carries this one too from now on, if there is one."""
    wordings = wordings_for(message.wording, message.language)
    if not _goes_with_others(message, wordings):
        return None
    first = queries.may_be_joined(message, at, settings().zone)
    if first is None or not _goes_with_others(first, wordings):
        return None
    carried = json.loads(first.more or "[]")
    first.more = json.dumps([*carried, [message.template, json.loads(message.values)]])
    first.carries += 1
    first.expires_at = max(first.expires_at, message.expires_at)
    return first


def _goes_with_others(message: Message, wordings: Wordings) -> bool:
    """Whether the text of this message may go in one message with others."""
    try:
        return bool(load_template(message.language, message.template, wordings).together)
    except TemplateError:  # told when it is sent
        return False


def _added(message: Message) -> Message:
    db.session.add(message)
    return message


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
    address: str | None = None,
) -> Message:
    """Put one message in the outbox. Nothing leaves before the commit.

    `values` fill the template when it is sent; a link stands there as
    `{"link": purpose, "row": row_id}`, a typed code as `{"code": its number}`, and both are
    made anew each time. A file that goes with an e-mail is asked for as
    `{"calendar": row_id}`. `address`: where it goes instead of what is recorded.

    Raises:
        NotSafe: it would go by post and arrive too late.
    """
    return _added(
        _row(
            to=to,
            channel=channel,
            template=template,
            values=values,
            due_at=due_at,
            expires_at=expires_at,
            at=at,
            sender_name=sender_name,
            address=address,
        )
    )


def _row(
    *, to: Participant | Account, channel: Channel, values: dict[str, Any], due_at: datetime,
    expires_at: datetime, at: datetime, **others: Any,
) -> Message:  # fmt: skip
    if channel is Channel.POST and isinstance(to, Participant):
        check_arrives(to, posted_at=max(due_at, at), expires_at=expires_at)
    unknown = values.keys() - PLACEHOLDERS - MAKERS.keys()
    if unknown:
        raise ValueError(f"No template can ask for {', '.join(sorted(unknown))}.")
    is_participant = isinstance(to, Participant)
    return Message(
        key=secrets.token_hex(16),
        participant_id=to.id if is_participant else None,
        account_id=None if is_participant else to.id,
        language=to.language if isinstance(to, Participant) else "en",
        values=json.dumps(values),
        channel=channel,
        created_at=at,
        due_at=due_at,
        expires_at=expires_at,
        next_try_at=due_at,
        carries=1,
        **others,
    )


def mark_sent_by_hand(message: Message, *, by: Viewer, at: datetime) -> None:
    """Write down that somebody sent it from a phone of theirs, and what it said.

    Raises:
        Refusal: it is not theirs to send, or not any more.
    """
    check_can_send_by_hand(message, at)
    unwanted = unwanted_texts(message, at)
    leave_out(message, unwanted, at)
    text = render(message, settings(), without=unwanted, hides_code=True)
    message.state, message.sent_at, message.sent_by = State.SENT, at, by.actor
    message.subject, message.text, message.language = text.subject, text.body, text.language
    audit.record("sent message by hand", message, by=by, at=at)


def stop(message: Message, *, by: Viewer, at: datetime) -> None:
    """Keep a waiting message from being sent.

    Raises:
        Refusal: it is not waiting any more.
    """
    check_can_stop(message)
    message.state, message.reason = State.STOPPED, "Somebody stopped it."
    audit.record("stopped message", message, by=by, at=at)


def mark_rung(message: Message, *, by: Viewer, at: datetime) -> None:
    """Write down that somebody rang instead of a message that did not arrive.

    Raises:
        Refusal: it needs nobody to ring.
    """
    check_can_ring(message)
    message.state, message.reason = State.STOPPED, "Somebody rang instead."
    audit.record("rang instead of message", message, by=by, at=at)


def check_can_send_by_hand(message: Message, at: datetime) -> None:
    if not _waits_for_a_hand(message, at):
        raise Refusal("This message is not waiting for somebody to send it. Look at its state.")
    if not is_still_wanted(message, at):
        raise Refusal("This message is no longer wanted. Stop it instead.")


def can_send_by_hand(message: Message, at: datetime) -> bool:
    return _waits_for_a_hand(message, at) and is_still_wanted(message, at)


def _waits_for_a_hand(message: Message, at: datetime) -> bool:
    return message.channel is Channel.BY_HAND and is_ready(message, at)


def check_can_stop(message: Message) -> None:
    if not can_stop(message):
        raise Refusal("It is too late to stop this message. Look at its state.")


def can_stop(message: Message) -> bool:
    return message.state is State.QUEUED


def check_can_ring(message: Message) -> None:
    if not can_ring(message):
        raise Refusal("This message needs nobody to ring. Look at its state.")


def can_ring(message: Message) -> bool:
    return message.state in NEEDS_A_PERSON and message.participant_id is not None
