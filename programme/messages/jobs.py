"""What the clock does for the outbox: send what is due, forget old texts, say that it ticks."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import CursorResult, Update, select
from sqlalchemy.exc import IntegrityError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.stopping import stopping
from programme.messages import queries
from programme.messages.models import ClockTick
from programme.messages.post_office import PostOffice
from programme.messages.reaching import settings
from programme.messages.sending import AT_ONCE, claim, deliver
from programme.messages.waiting import (
    expire,
    follow_agreements,
    give_up_late_letters,
    give_up_uncertain,
)

LONGEST_ROUND = timedelta(minutes=4)
"""Well under a lease, so that a row is never sent by one sender while another takes it."""
TEXTS_KEPT_FOR = timedelta(days=90)
MOST_BATCHES = 400
"""How many batches one tick hands out. The next tick hands out what is left."""


def send_due(at: datetime) -> int:
    """Send what is due, batch after batch; say how many messages left."""
    ends, sent = _end_of_round(), 0
    set_aside(at)
    with closing(PostOffice(settings())) as post:
        while _goes_on(ends) and (claims := claim(at)):
            sent += deliver(claims, post, at, lambda: _goes_on(ends))
    return sent


def send_batch(at: datetime) -> int:
    """Send one batch of what is due, where others send the rest; say how many messages left."""
    ends = _end_of_round()
    with closing(PostOffice(settings())) as post:
        return deliver(claim(at), post, at, lambda: _goes_on(ends))


def batches_due(at: datetime) -> int:
    """Into how many batches what is due falls; lets go of what is too late on the way."""
    set_aside(at)
    count = queries.count_due(at, up_to=MOST_BATCHES * AT_ONCE)
    db.session.rollback()
    return -(-count // AT_ONCE)


def set_aside(at: datetime) -> None:
    """Skip what is too late to send by hand, and show staff what may have been sent; commits."""
    expire(at)
    give_up_uncertain(at)


def _end_of_round() -> float:
    return monotonic() + LONGEST_ROUND.total_seconds()


def _goes_on(ends: float) -> bool:
    return monotonic() < ends and not stopping.is_set()


def look_after_waiting(at: datetime) -> int:
    """Keep what waits for a person in step with what was agreed; say how many it concerned."""
    return follow_agreements(at) + give_up_late_letters(at)


def forget_texts(at: datetime) -> int:
    """Empty what messages due more than 90 days ago said, and what people wrote back; say how
    many."""
    before = at - TEXTS_KEPT_FOR
    messages, replies = queries.texts_older_than(before), queries.replies_older_than(before)
    emptied = {"subject": None, "text": None, "values": "{}", "more": None, "address": None}
    count = _emptied(messages.values(**emptied, forgotten_at=at))
    count += _emptied(replies.values(sender="", text=None))
    db.session.commit()
    return count


def _emptied(update: Update) -> int:
    result = db.session.execute(update)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def note_tick(_at: datetime) -> int:
    """Write down, in real time, that the clock is ticking."""
    tick = db.session.scalar(select(ClockTick).filter_by(job=queries.TICK).with_for_update())
    if tick is None:
        tick = ClockTick(job=queries.TICK)
        db.session.add(tick)
    tick.at = real_now()
    db.session.commit()
    return 1


def note_failures(done: Mapping[str, int | None]) -> None:
    """Keep since when each job of a round has failed, in real time; forget it when it works."""
    noted = {tick.job: tick for tick in queries.noted_failures(done)}
    for name, count in done.items():
        failing = queries.failing(name)
        if count is not None and failing in noted:
            db.session.delete(noted[failing])
        if count is None and failing not in noted:
            db.session.add(ClockTick(job=failing, at=real_now()))
    try:
        db.session.commit()
    except IntegrityError:  # another worker noted it first
        db.session.rollback()


def forget_failures() -> None:
    """Begin anew, as after an upgrade: what failed may have another name now."""
    db.session.execute(queries.every_noted_failure())
    db.session.commit()
