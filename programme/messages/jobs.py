"""What the clock does for the outbox: send what is due, forget old texts, say that it ticks."""

from datetime import datetime, timedelta
from threading import Event
from time import monotonic

from sqlalchemy import CursorResult, Update, select

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import queries
from programme.messages.models import ClockTick
from programme.messages.post_office import PostOffice
from programme.messages.reaching import settings
from programme.messages.sending import claim, deliver
from programme.messages.waiting import (
    expire,
    follow_agreements,
    give_up_late_letters,
    give_up_uncertain,
)

LONGEST_ROUND = timedelta(minutes=4)
"""Well under a lease, so that a row is never sent by one sender while another takes it."""
stopping = Event()
"""Set when the worker is told to stop: it ends after the message it has in hand."""
TEXTS_KEPT_FOR = timedelta(days=90)


def send_due(at: datetime) -> int:
    """Send what is due, batch after batch; say how many messages left."""
    expire(at)
    give_up_uncertain(at)
    post, ends = PostOffice(settings()), monotonic() + LONGEST_ROUND.total_seconds()
    sent = 0
    try:
        while _goes_on(ends) and (claims := claim(at)):
            sent += deliver(claims, post, at, lambda: _goes_on(ends))
    finally:
        post.close()
    return sent


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
