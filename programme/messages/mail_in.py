"""Reading the mailbox that answers and bounces come back to: each mail by itself, once.

What a mail changes is committed before it is marked as dealt with. After a crash in
between it is read again, and changes nothing: bounces and replies are known by then.
"""

from datetime import datetime, timedelta
from email import message_from_bytes

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.incoming.bounces import Bounce, bounces_in
from programme.messages.incoming.mailboxes import Mailbox, NotOpen, open_mailbox
from programme.messages.incoming.mails import heard_in
from programme.messages.incoming.words import Heard
from programme.messages.models import ClockTick
from programme.messages.reaching import settings
from programme.messages.receipts import take_bounce
from programme.messages.replies import take_reply

ASKED, READ = "mailbox asked", "mailbox read"
EVERY = timedelta(minutes=5)
log = structlog.get_logger()


def read_mailbox(at: datetime) -> int:
    """Read what came, at most every five minutes of real time; say how many mails were new."""
    ours = settings()
    if ours.demonstration or not (ours.bounce_host or ours.bounce_maildir) or not _is_time():
        return 0
    try:
        return _read(at)
    except NotOpen as problem:
        log.warning("mailbox not read", reason=str(problem))
        return 0


def _is_time() -> bool:
    """Noted before the mailbox is asked: one that hangs holds the clock up once, not always."""
    asked = db.session.scalar(select(ClockTick).filter_by(job=ASKED).with_for_update())
    is_time = asked is None or real_now() - asked.at >= EVERY
    if is_time:
        _note(ASKED)
    db.session.commit()
    return is_time


def _read(at: datetime) -> int:
    box = open_mailbox(settings())
    if box is None:
        return 0
    try:
        count = sum(_take(box, name, raw, at) for name, raw in box.waiting())
    finally:
        box.close()
    _note(READ)
    db.session.commit()
    return count


def _take(box: Mailbox, name: str, raw: bytes, at: datetime) -> bool:
    """Deal with one mail; whatever goes wrong with it holds back no other."""
    try:
        for told in understood(raw):
            take_bounce(told, at=at) if isinstance(told, Bounce) else take_reply(told, at=at)
        db.session.commit()
    except SQLAlchemyError as error:  # the next reading finds it again
        db.session.rollback()
        log.error("mail left for later", error=type(error).__name__)
        return False
    box.done(name)
    return True


def understood(raw: bytes) -> list[Bounce | Heard]:
    """What a mail tells: reports, or what somebody wrote; nothing when it makes no sense."""
    ours = settings()
    try:
        mail = message_from_bytes(raw)
        reports = bounces_in(mail, ours.sending_address.rpartition("@")[2])
        heard = heard_in(mail, raw, ours.sending_address)
    except Exception as error:  # whatever a stranger may have thought of
        log.warning("mail not understood", error=type(error).__name__)
        return []
    return [*reports, *([heard] if heard else [])]


def _note(job: str) -> None:
    tick = db.session.scalar(select(ClockTick).filter_by(job=job))
    if tick is None:
        tick = ClockTick(job=job)
        db.session.add(tick)
    tick.at = real_now()
