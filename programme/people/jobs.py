"""What the clock does about people: forgetting files."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete

from programme.foundation.database import db
from programme.people.models import Upload
from programme.people.uploads import KEPT_FOR


def forget_uploads(at: datetime) -> int:
    """Delete every partner's file that came a day ago or earlier, with what was chosen about it."""
    gone = db.session.execute(delete(Upload).where(Upload.at <= at - KEPT_FOR))
    db.session.commit()
    return cast(CursorResult[Any], gone).rowcount
