"""Whether the service is well: the database answers, the clock ticks, the senders send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.outbox import SILENT_AFTER, stuck
from programme.messages.queries import clock_ticked_at


@dataclass(frozen=True)
class Health:
    """Numbers only: whoever asks learns nothing about anybody."""

    database_answers: bool
    seconds_since_tick: int | None = None
    messages_stuck: int = 0

    @property
    def is_well(self) -> bool:
        silent = self.seconds_since_tick is None
        return self.database_answers and not silent and self._ticked_lately()

    def _ticked_lately(self) -> bool:
        return (self.seconds_since_tick or 0) <= SILENT_AFTER.total_seconds()

    def as_json(self) -> dict[str, Any]:
        return {
            "well": self.is_well,
            "database": self.database_answers,
            "seconds_since_tick": self.seconds_since_tick,
            "messages_stuck": self.messages_stuck,
        }


def look(at: datetime) -> Health:
    """How the service is at this moment."""
    try:
        ticked = clock_ticked_at()
        waiting = db.session.scalar(select(func.count()).select_from(Message).where(stuck(at)))
    except SQLAlchemyError:
        db.session.rollback()
        return Health(database_answers=False)
    since = int((real_now() - ticked).total_seconds()) if ticked else None
    return Health(True, since, waiting or 0)
