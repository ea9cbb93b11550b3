"""What is in the outbox: what a sender may take, what staff see of it, whether all is well."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Select,
    Update,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import joinedload

from programme.foundation.clock import instant, local
from programme.foundation.database import db
from programme.messages.models import ClockTick, Message, Reply, Wording
from programme.messages.rules import LEAVES_BY_ITSELF, WAITING, State
from programme.people.models import Participant
from programme.people.rules import Channel

BY_PERSON = (Channel.BY_HAND, Channel.PHONE, Channel.POST)
"""What waits until somebody sends it, rings or posts it."""
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
    """Text messages and letters that were begun and not marked before the lease ran out."""
    return update(Message).where(
        Message.state == State.SENDING, Message.next_try_at <= at, Message.begun_at.is_not(None)
    )


def by_person_too_late(at: datetime) -> Update:
    """Messages that somebody was to send, ring about or post and that are of no use any more."""
    return update(Message).where(
        Message.state == State.QUEUED,
        Message.next_try_at <= at,
        Message.channel.in_(BY_PERSON),
        Message.expires_at <= at,
    )


def texts_older_than(before: datetime) -> Update:
    """Messages that still say something and need not."""
    return update(Message).where(
        Message.forgotten_at.is_(None),
        Message.due_at < before,
        Message.state.not_in(WAITING),
    )


def replies_older_than(before: datetime) -> Update:
    """Replies that still hold what somebody wrote, and from where."""
    return update(Reply).where(Reply.text.is_not(None), Reply.at < before)


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


def held(claims: Mapping[int, int]) -> list[Message]:
    """The messages, with whom they are to, that still belong to the sender that took them.

    `claims`: by message, the attempt that it was taken for; their order is kept.
    """
    asked = select(Message).where(Message.id.in_(claims), Message.state == State.SENDING)
    person = joinedload(Message.participant).joinedload(Participant.household)
    asked = asked.options(person, joinedload(Message.account))
    messages = db.session.scalars(asked.execution_options(populate_existing=True))
    found = {each.id: each for each in messages if each.attempts == claims[each.id]}
    return [found[message_id] for message_id in claims if message_id in found]


def held_by(
    message_id: BindParameter[int], attempt: BindParameter[int]
) -> tuple[ColumnElement[bool], ...]:
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


def latest_wordings(programme: str, languages: Iterable[str] = ()) -> Sequence[Wording]:
    """What counts now of a programme's own wording, also where it gives the shipped text back:
    one row a text and language, of these languages only where any are named."""
    latest = select(func.max(Wording.id)).filter_by(programme=programme)
    if languages:
        latest = latest.where(Wording.language.in_(languages))
    latest = latest.group_by(Wording.template, Wording.language)
    return db.session.scalars(select(Wording).where(Wording.id.in_(latest))).all()


def history_of(programme: str, template: str, language: str) -> Sequence[Wording]:
    """Every wording of one text, the newest first."""
    asked = select(Wording).filter_by(programme=programme, template=template, language=language)
    return db.session.scalars(asked.order_by(Wording.id.desc())).all()
