"""Sending what is due: taken with a lease, handed over, marked; each message by itself.

No transaction is open while a letter is handed over. A sender that stops in between
leaves its rows to the next one when the lease runs out: an e-mail goes again with the
same Message-ID; a text message that was begun becomes uncertain, and never goes again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, case, update
from sqlalchemy.exc import SQLAlchemyError

from programme.foundation.database import db
from programme.messages import queries
from programme.messages.models import Message
from programme.messages.post_office import PostOffice
from programme.messages.reaching import safe_route, settings
from programme.messages.rendering import TemplateError, Text, render
from programme.messages.rules import (
    RETRY_FOR,
    NotAgreed,
    NotSafe,
    State,
    is_within_hours,
    next_opening,
    pause_after,
)
from programme.messages.transport import Letter, MaybeSent, NotNow, Refused
from programme.messages.wanted import unwanted_texts
from programme.people.rules import Channel

AT_ONCE = 50
LEASE = timedelta(minutes=10)
TOO_LATE = "It was too late for it to be of use."
NOT_WANTED = "It was no longer wanted."
NO_SAFE_TIME = "There was no safe time to send it while it was of use."
INTERRUPTED = "The sender stopped while handing it over: it may have arrived."
log = structlog.get_logger()


class NotNeeded(Exception):
    """A message that comes to nothing, and why."""


@dataclass(frozen=True)
class Claim:
    """A row that this sender holds, until the lease ends or somebody counts another attempt."""

    message_id: int
    attempt: int


def claim(at: datetime) -> list[Claim]:
    """Take what is due, up to a batch, for the length of a lease; commits."""
    waiting = db.session.execute(queries.due_for_sending(at, AT_ONCE)).all()
    if waiting:
        ours = update(Message).where(Message.id.in_([row.id for row in waiting]))
        counted = Message.attempts + 1
        taken = ours.values(state=State.SENDING, attempts=counted, next_try_at=at + LEASE)
        db.session.execute(taken)
    db.session.commit()
    return [Claim(row.id, row.attempts + 1) for row in waiting]


def deliver(claimed: Claim, post: PostOffice, at: datetime) -> bool:
    """Prepare, hand over and mark one message. Whatever goes wrong stays with this one."""
    try:
        letter = prepare(claimed, at)
        return letter is not None and hand_over(letter, post, at)
    except SQLAlchemyError as problem:  # the lease brings it back
        db.session.rollback()
        log.error("message left for later", id=claimed.message_id, error=type(problem).__name__)
    except Exception as problem:
        db.session.rollback()
        log.error("message given up", id=claimed.message_id, error=type(problem).__name__)
        _give_up(claimed)
    return False


def prepare(claimed: Claim, at: datetime) -> Letter | None:
    """The letter, if the message is still ours, wanted, safe and in time; commits."""
    message = queries.held(claimed.message_id, claimed.attempt)
    letter = _ready(message, at) if message else None
    db.session.commit()
    return letter


def hand_over(letter: Letter, post: PostOffice, at: datetime) -> bool:
    """Send one letter and mark its row; says whether it left."""
    try:
        provider_id = post.send(letter)
    except MaybeSent as problem:
        _mark(letter, state=State.UNCERTAIN, reason=str(problem))
    except Refused as problem:
        _mark(letter, state=State.FAILED, reason=problem.reason)
    except NotNow as problem:
        _mark(letter, **_later(letter, at, problem.reason))
    else:
        _mark(letter, **_sent(letter, at, provider_id))
        return True
    return False


def release(claimed: Claim, at: datetime) -> None:
    """Give back a message that was taken and not touched; commits."""
    own = queries.held_by(claimed.message_id, claimed.attempt)
    untouched = (*own, Message.begun_at.is_(None))
    back = update(Message).where(*untouched).values(state=State.QUEUED, next_try_at=at)
    db.session.execute(back)
    db.session.commit()


def expire(at: datetime) -> None:
    """Skip what waits for a person's hand and is of no use any more; commits."""
    db.session.execute(queries.by_hand_too_late(at).values(state=State.SKIPPED, reason=TOO_LATE))
    db.session.commit()


def give_up_uncertain(at: datetime) -> None:
    """Show staff the text messages whose sender stopped halfway; commits."""
    db.session.execute(
        queries.begun_and_abandoned(at).values(state=State.UNCERTAIN, reason=INTERRUPTED)
    )
    db.session.commit()


def _ready(message: Message, at: datetime) -> Letter | None:
    try:
        return _letter(message, at)
    except (NotNeeded, NotAgreed) as problem:
        message.state, message.reason = State.SKIPPED, str(problem)
    except (NotSafe, TemplateError) as problem:
        message.state, message.reason = State.FAILED, str(problem)
    return None


def _letter(message: Message, at: datetime) -> Letter | None:
    if message.expires_at <= at:
        raise NotNeeded(TOO_LATE)
    unwanted = unwanted_texts(message, at)
    if len(unwanted) == message.carries:
        raise NotNeeded(NOT_WANTED)
    if not _may_go_now(message, at):
        return None
    text = render(message, settings(), without=unwanted)
    if message.channel is Channel.SMS:
        message.begun_at, message.subject, message.text = at, text.subject, text.body
    return _addressed(message, text)


def _may_go_now(message: Message, at: datetime) -> bool:
    """Follow what is safe for a participant today; staff can be written to at any hour."""
    if message.participant is None:
        return True
    route, zone = safe_route(message.participant, at=at), settings().zone
    message.channel = route.channel
    if route.channel is Channel.BY_HAND:
        message.state = State.QUEUED
        return False
    if is_within_hours(at, route.from_hour, route.until_hour, zone):
        return True
    _postpone(message, next_opening(at, route.from_hour, zone))
    return False


def _postpone(message: Message, until: datetime) -> None:
    if until >= message.expires_at:
        raise NotNeeded(NO_SAFE_TIME)
    message.state, message.next_try_at = State.QUEUED, until


def _addressed(message: Message, text: Text) -> Letter:
    return Letter(
        message_id=message.id,
        attempt=message.attempts,
        key=message.key,
        channel=message.channel,
        to=_address(message),
        language=message.language,
        subject=text.subject,
        body=text.body,
        sender_name=message.sender_name,
        give_up_at=min(message.expires_at, message.due_at + RETRY_FOR),
    )


def _address(message: Message) -> str:
    if message.account:
        return message.account.email
    person = message.participant
    found = person and (person.email if message.channel is Channel.EMAIL else person.phone)
    return found or ""


def _later(letter: Letter, at: datetime, reason: str) -> dict[str, Any]:
    again = at + pause_after(letter.attempt)
    if again >= letter.give_up_at:
        return {"state": State.FAILED, "reason": f"It could not be sent in time. {reason}"}
    return {"state": State.QUEUED, "next_try_at": again, "reason": reason, "begun_at": None}


def _sent(letter: Letter, at: datetime, provider_id: str) -> dict[str, Any]:
    return {
        "state": State.SENT,
        "sent_at": at,
        "sent_by": "clock",
        "provider_id": provider_id,
        "subject": letter.subject,
        "text": letter.body,
        "reason": None,
    }


def _give_up(claimed: Claim) -> None:
    """A mistake of ours: it would only happen again. A text message may be on its way."""
    begun = Message.begun_at.is_not(None)
    state = case((begun, State.UNCERTAIN), else_=State.FAILED)
    own = queries.held_by(claimed.message_id, claimed.attempt)
    values = {"state": state, "reason": "Something went wrong here while it was being sent."}
    db.session.execute(update(Message).where(*own).values(values))
    db.session.commit()


def _mark(letter: Letter, **values: Any) -> None:
    """Write down what came of it, unless another sender took the row over; commits."""
    own = queries.held_by(letter.message_id, letter.attempt)
    result = db.session.execute(update(Message).where(*own).values(**values))
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        log.warning("message was taken over", id=letter.message_id)
    db.session.commit()
