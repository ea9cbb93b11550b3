"""What the clock does about access: forgetting codes and tries."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete

from programme.access.models import PersonalCode, WrongTry
from programme.foundation.clock import real_now
from programme.foundation.database import db

KEPT_FOR = timedelta(days=1)


def forget_codes(_at: datetime) -> int:
    """Delete codes and counted tries of more than a day ago, in real time."""
    before = real_now() - KEPT_FOR
    old = (
        delete(PersonalCode).where(PersonalCode.asked_at < before),
        delete(WrongTry).where(WrongTry.at < before),
    )
    gone = [db.session.execute(each) for each in old]
    db.session.commit()
    return sum(each.rowcount for each in gone if isinstance(each, CursorResult))
