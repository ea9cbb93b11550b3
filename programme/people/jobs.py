"""What the clock does about people: forgetting files, and contacts never confirmed."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete

from programme.foundation.database import db
from programme.people.models import OwnChange, Upload
from programme.people.uploads import KEPT_FOR


def forget_unconfirmed(at: datetime) -> int:
    """Delete each new phone or e-mail whose code was not typed within a day: whose is it?"""
    gone = db.session.execute(
        delete(OwnChange).where(
            OwnChange.confirmed_at.is_(None),
            OwnChange.waits_for_a_person.is_(False),
            OwnChange.done_at.is_(None),
            OwnChange.at <= at - KEPT_FOR,
        )
    )
    db.session.commit()
    return cast(CursorResult[Any], gone).rowcount


def forget_uploads(at: datetime) -> int:
    """Delete every partner's file that came a day ago or earlier, with what was chosen about it."""
    gone = db.session.execute(delete(Upload).where(Upload.at <= at - KEPT_FOR))
    db.session.commit()
    return cast(CursorResult[Any], gone).rowcount
