"""Whether the service is well: the database answers, the clock ticks, the senders send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.alarms import (
    SILENT_AFTER,
    count_failing_jobs,
    is_disk_nearly_full,
    stuck,
)
from programme.messages.models import Message
from programme.messages.queries import clock_ticked_at


@dataclass(frozen=True)
class Health:
    """Numbers only: whoever asks learns nothing about anybody."""

    database_answers: bool
    seconds_since_tick: int | None = None
    messages_stuck: int = 0
    jobs_failing: int = 0
    disk_nearly_full: bool = False

    @property
    def is_well(self) -> bool:
        wrong = self.messages_stuck or self.jobs_failing or self.disk_nearly_full
        return self.database_answers and self._ticked_lately() and not wrong

    def _ticked_lately(self) -> bool:
        since = self.seconds_since_tick
        return since is not None and since <= SILENT_AFTER.total_seconds()

    def as_json(self) -> dict[str, Any]:
        return {
            "well": self.is_well,
            "database": self.database_answers,
            "seconds_since_tick": self.seconds_since_tick,
            "messages_stuck": self.messages_stuck,
            "jobs_failing": self.jobs_failing,
            "disk_nearly_full": self.disk_nearly_full,
        }


def look(at: datetime) -> Health:
    """How the service is at this moment."""
    try:
        ticked = clock_ticked_at()
        waiting = db.session.scalar(select(func.count()).select_from(Message).where(stuck(at)))
        failing = count_failing_jobs()
    except SQLAlchemyError:
        db.session.rollback()
        return Health(database_answers=False)
    since = int((real_now() - ticked).total_seconds()) if ticked else None
    return Health(True, since, waiting or 0, failing, is_disk_nearly_full())
