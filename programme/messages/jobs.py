"""What the clock does for the outbox: send what is due, forget old texts, say that it ticks."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import CursorResult, select
from sqlalchemy.exc import IntegrityError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.stopping import stopping
from programme.messages import queries
from programme.messages.models import ClockTick
from programme.messages.post_office import PostOffice
from programme.messages.reaching import settings
from programme.messages.sending import (
    AT_ONCE,
    Claim,
    claim,
    deliver,
    expire,
    give_up_uncertain,
    release,
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
            sent += sum(_deliver_or_release(each, post, at, ends) for each in claims)
    return sent


def send_batch(at: datetime) -> int:
    """Send one batch of what is due, where others send the rest; say how many messages left."""
    ends = _end_of_round()
    with closing(PostOffice(settings())) as post:
        return sum(_deliver_or_release(each, post, at, ends) for each in claim(at))


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


def _deliver_or_release(claimed: Claim, post: PostOffice, at: datetime, ends: float) -> bool:
    if _goes_on(ends):
        return deliver(claimed, post, at)
    release(claimed, at)
    return False


def forget_texts(at: datetime) -> int:
    """Empty what messages due more than 90 days ago said; say how many."""
    old = queries.texts_older_than(at - TEXTS_KEPT_FOR)
    emptied = old.values(subject=None, text=None, values="{}", more=None, forgotten_at=at)
    result = db.session.execute(emptied)
    db.session.commit()
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
