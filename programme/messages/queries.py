"""What is in the outbox: what a sender may take, what staff see of it, whether all is well."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, func, select, update
from sqlalchemy.orm import joinedload

from programme.foundation.clock import instant, local
from programme.foundation.database import db
from programme.messages.models import ClockTick, Message
from programme.messages.rules import WAITING, State
from programme.people.rules import Channel

LEAVES_BY_ITSELF = (Channel.EMAIL, Channel.SMS)
TICK = "tick"


def due_for_sending(at: datetime, limit: int) -> Select[int, int]:
    """Ids and attempts of what a sender may take now, locked against every other sender.

    A row that a stopped sender held is free again when its lease ran out, unless it is a
    text message that was begun.
    """
    return (
        select(Message.id, Message.attempts)
        .where(*_may_be_taken(at))
        .order_by(Message.next_try_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def count_due(at: datetime, *, up_to: int) -> int:
    """How many messages a sender may take now; counts no further than `up_to`."""
    due = select(Message.id).where(*_may_be_taken(at)).limit(up_to).subquery()
    return db.session.scalar(select(func.count()).select_from(due)) or 0


def _may_be_taken(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.state.in_(WAITING),
        Message.next_try_at <= at,
        Message.channel.in_(LEAVES_BY_ITSELF),
        Message.begun_at.is_(None),
    )


def begun_and_abandoned(at: datetime) -> Update:
    """Text messages that were begun and not marked before the lease ran out."""
    return update(Message).where(
        Message.state == State.SENDING, Message.next_try_at <= at, Message.begun_at.is_not(None)
    )


def by_hand_too_late(at: datetime) -> Update:
    """Messages that somebody was to send and that are of no use any more."""
    return update(Message).where(
        Message.state == State.QUEUED,
        Message.next_try_at <= at,
        Message.channel == Channel.BY_HAND,
        Message.expires_at <= at,
    )


def texts_older_than(before: datetime) -> Update:
    """Messages that still say something and need not."""
    return update(Message).where(
        Message.forgotten_at.is_(None),
        Message.due_at < before,
        Message.state.not_in(WAITING),
    )


MOST_TEXTS = 3
"""In one message, so that it stays short."""


def may_be_joined(message: Message, at: datetime, zone: str) -> Message | None:
    """A waiting message to the same person, by the same channel, from the same sender, of the
    same day, that nobody has seen or taken yet; locked against every sender."""
    midnight = datetime.combine(local(message.due_at, zone).date(), time())
    begins, ends = instant(midnight, zone), instant(midnight + timedelta(days=1), zone)
    asked = (
        select(Message)
        .filter_by(
            participant_id=message.participant_id,
            channel=message.channel,
            sender_name=message.sender_name,
            wording=message.wording,
            state=State.QUEUED,
            attempts=0,
        )
        .where(Message.due_at >= max(begins, at), Message.due_at < ends)
        .where(Message.carries < MOST_TEXTS)
        .order_by(Message.due_at, Message.id)
        .limit(1)
    )
    return db.session.scalar(asked.with_for_update(skip_locked=True))


def held(message_id: int, attempt: int) -> Message | None:
    """The message, with whom it is to, if it still belongs to the sender that took it."""
    found = select(Message).where(*held_by(message_id, attempt), Message.state == State.SENDING)
    people = (joinedload(Message.participant), joinedload(Message.account))
    return db.session.scalar(found.options(*people))


def held_by(message_id: int, attempt: int) -> tuple[ColumnElement[bool], ...]:
    """The condition that no other sender took the row over.

    One given up as uncertain still counts: its sender may come back and know.
    """
    known = Message.state.in_((State.SENDING, State.UNCERTAIN))
    return (Message.id == message_id, Message.attempts == attempt, known)


def clock_ticked_at() -> datetime | None:
    """When the clock last ticked, in real time."""
    return db.session.scalar(select(ClockTick.at).filter_by(job=TICK))


def failing(job: str) -> str:
    """Under what name it is noted that a job fails."""
    return f"failing: {job}"[:60]


def noted_failures(jobs: Iterable[str]) -> Sequence[ClockTick]:
    """Since when which of these jobs have failed."""
    names = [failing(job) for job in jobs]
    return db.session.scalars(select(ClockTick).where(ClockTick.job.in_(names))).all()


def every_noted_failure() -> Delete:
    """All that is noted about jobs that fail."""
    return delete(ClockTick).where(_is_failure())


def count_failing(since: datetime) -> int:
    """How many jobs have failed ever since that instant, or longer."""
    asked = select(func.count()).select_from(ClockTick).where(_is_failure(), ClockTick.at <= since)
    return db.session.scalar(asked) or 0


def _is_failure() -> ColumnElement[bool]:
    return ClockTick.job.startswith(failing(""))
