"""Sending what is due: taken with a lease, handed over, marked; each message by itself.

Messages are prepared some at a time, in a few queries; whatever was asked about them is asked
again when it is more than some seconds old. No transaction is open while a letter is handed
over. A sender that stops in between leaves its rows to the next one when the lease runs out:
an e-mail goes again with the same Message-ID; a text message that was begun becomes
uncertain, and never goes again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Connection, Update, bindparam, update
from sqlalchemy.exc import SQLAlchemyError

from programme.foundation.database import db
from programme.messages import queries
from programme.messages.came_back import address_index
from programme.messages.models import Message
from programme.messages.post_office import PostOffice
from programme.messages.preparing import Claim, prepare
from programme.messages.rules import State, pause_after
from programme.messages.transport import (
    CameBack,
    Letter,
    MaybeSent,
    NotNow,
    NotTried,
    Refused,
    Unanswered,
)
from programme.people.rules import Channel

AT_ONCE = 100
LEASE = timedelta(minutes=10)
FRESH_FOR = 5.0
"""Seconds for which what was asked just before sending counts as just before."""
SOONER = timedelta(seconds=15)
COPIES_AT_MOST = 3
"""Of an e-mail that a server takes without saying so."""
log = structlog.get_logger()
_connection: ContextVar[Connection | None] = ContextVar("_connection", default=None)


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


def deliver(
    claims: Sequence[Claim], post: PostOffice, at: datetime, goes_on: Callable[[], bool]
) -> int:
    """Prepare, hand over and mark messages, one after the other; say how many left.

    Whatever goes wrong with one stays with it. When it does not go on, the rest is given back.
    """
    with one_connection():
        letters = _fresh_letters(claims, at, goes_on)
        return sum(_deliver_alone(letter, post, at) for letter in letters)


def _fresh_letters(
    claims: Sequence[Claim], at: datetime, goes_on: Callable[[], bool]
) -> Iterator[Letter]:
    """Letters, prepared again when that was too long ago; at least one of each preparation."""
    while claims and goes_on():
        letters, began = _prepare_each(claims, at), monotonic()
        claims = []
        for number, letter in enumerate(letters):
            is_stale = number > 0 and monotonic() - began > FRESH_FOR
            if is_stale or not goes_on():
                claims = [Claim(each.message_id, each.attempt) for each in letters[number:]]
                break
            yield letter
    release(claims, at)


def _prepare_each(claims: Sequence[Claim], at: datetime) -> list[Letter]:
    """Some at a time; when that goes wrong, one by one, to find which it was."""
    try:
        return prepare(claims, at)
    except Exception as problem:
        db.session.rollback()
        if len(claims) == 1:
            _note_mistake(claims[0], problem)
            return []
    return [letter for each in claims for letter in _prepare_each([each], at)]


def _deliver_alone(letter: Letter, post: PostOffice, at: datetime) -> bool:
    try:
        return hand_over(letter, post, at)
    except Exception as problem:
        db.session.rollback()
        _note_mistake(Claim(letter.message_id, letter.attempt), problem)
    return False


def _note_mistake(claimed: Claim, problem: Exception) -> None:
    """What the database refuses, the lease brings back; a mistake of ours would happen again."""
    is_for_later = isinstance(problem, SQLAlchemyError)
    what = "message left for later" if is_for_later else "message given up"
    log.error(what, id=claimed.message_id, error=type(problem).__name__)
    if not is_for_later:
        _give_up(claimed)


def hand_over(letter: Letter, post: PostOffice, at: datetime) -> bool:
    """Send one letter and mark its row; says whether it left."""
    if letter.channel is Channel.SMS and not begin(letter, at):
        return False
    try:
        provider_id = post.send(letter)
    except MaybeSent as problem:
        _mark(letter, state=State.UNCERTAIN, reason=str(problem))
    except CameBack as problem:
        _mark(letter, state=State.BOUNCED, reason=problem.reason, came_back_at=at)
    except Refused as problem:
        _mark(letter, state=State.FAILED, reason=problem.reason)
    except NotNow as problem:
        _mark(letter, **_later(letter, at, problem))
    else:
        _mark(letter, **_sent(letter, at, provider_id))
        return True
    return False


def begin(letter: Letter, at: datetime) -> bool:
    """Note that a text message is about to be handed over; from then on it never is again,
    unless this sender learns that it did not leave. False: it is not ours any more. Commits."""
    held = Claim(letter.message_id, letter.attempt)
    news = {"begun_at": at, "subject": letter.subject, "text": letter.kept}
    return _write(held, only_untouched=True, **news)


def release(claims: Sequence[Claim], at: datetime) -> None:
    """Give back messages that were taken and not touched; commits."""
    for each in claims:
        _write(each, only_untouched=True, state=State.QUEUED, next_try_at=at)


def _later(letter: Letter, at: datetime, problem: NotNow) -> dict[str, Any]:
    """Again after a pause. What was not even tried comes before what was, so that a letter at
    which the mail server breaks off does not stand in the way of the others for ever."""
    sooner = SOONER if isinstance(problem, NotTried) else timedelta()
    again = at + pause_after(letter.attempt) - sooner
    is_over = again >= letter.give_up_at
    if isinstance(problem, Unanswered) and (is_over or letter.attempt >= COPIES_AT_MOST):
        return {"state": State.UNCERTAIN, "reason": problem.reason}
    if is_over:
        return {"state": State.FAILED, "reason": f"It could not be sent in time. {problem.reason}"}
    return {"state": State.QUEUED, "next_try_at": again, "reason": problem.reason, "begun_at": None}


def _sent(letter: Letter, at: datetime, provider_id: str) -> dict[str, Any]:
    return {
        "state": State.SENT,
        "sent_at": at,
        "sent_by": "clock",
        "provider_id": provider_id or None,
        "subject": letter.subject,
        "text": letter.kept,
        "reason": None,
    }


def _give_up(claimed: Claim) -> None:
    """A mistake of ours: it would only happen again. A text message may be on its way."""
    reason = "Something went wrong here while it was being sent."
    if not _write(claimed, only_untouched=True, state=State.FAILED, reason=reason):
        _write(claimed, state=State.UNCERTAIN, reason=reason)


def _mark(letter: Letter, **values: Any) -> None:
    """Write down what came of it, unless another sender took the row over; commits."""
    values["address_index"] = address_index(letter.channel, letter.to)
    if not _write(Claim(letter.message_id, letter.attempt), **values):
        log.warning("message was taken over", id=letter.message_id)


@contextmanager
def one_connection() -> Iterator[None]:
    """Whatever is marked in here is written on one connection, each mark committed by itself.

    PostgreSQL commits a single statement without being told to begin and to end.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    options = {} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    with db.engine.connect() as connection:
        token = _connection.set(connection.execution_options(**options))
        try:
            yield
        finally:
            _connection.reset(token)


def _write(held: Claim, *, only_untouched: bool = False, **values: Any) -> bool:
    """Write to a row that is still ours, or only while no text of it was begun; says whether
    it was so. Commits."""
    connection = _connection.get()
    if connection is None:
        with one_connection():
            return _write(held, only_untouched=only_untouched, **values)
    news = {f"new_{name}": value for name, value in values.items()}
    ours = {"held_id": held.message_id, "held_attempt": held.attempt}
    result = connection.execute(_change(tuple(values), only_untouched), news | ours)
    connection.commit()
    return bool(result.rowcount)


@cache
def _change(columns: tuple[str, ...], only_untouched: bool) -> Update:
    """The statement that writes these columns, put together once."""
    own = queries.held_by(bindparam("held_id"), bindparam("held_attempt"))
    where = (*own, Message.begun_at.is_(None)) if only_untouched else own
    news: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(Message.__table__).where(*where).values(news)  # type: ignore[arg-type]
