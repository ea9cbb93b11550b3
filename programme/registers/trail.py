"""What marks were before they were changed, once their register was closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import select

from programme.cohorts.models import GroupSession
from programme.foundation.database import db
from programme.registers.models import EarlierMark, Mark
from programme.registers.rules import say_mark


@dataclass(frozen=True)
class Change:
    """What a mark was until somebody changed it, and why."""

    was: str
    by: str
    at: datetime
    reason: str


class Trail:
    """Every change to the marks of one session, as rows. One query."""

    def __init__(self, session: GroupSession) -> None:
        asked = (
            select(Mark.participant_id, Mark.at, Mark.by, EarlierMark)
            .join(EarlierMark, EarlierMark.mark_id == Mark.id)
            .where(Mark.session_id == session.id)
            .order_by(Mark.id, EarlierMark.id)
        )
        rows: Sequence[Any] = db.session.execute(asked).all()
        self.rows = rows

    @property
    def actors(self) -> list[str]:
        """Whoever changed something."""
        return [row.by for row in self.rows] + [row.EarlierMark.by for row in self.rows]

    def changes(self, names: Mapping[str, str]) -> dict[int, tuple[Change, ...]]:
        """The changes that have a reason, by participant, the first one first."""
        return {
            participant_id: tuple(_changes(list(rows), names))
            for participant_id, rows in groupby(self.rows, key=lambda row: row.participant_id)
        }


def _changes(rows: Sequence[Any], names: Mapping[str, str]) -> list[Change]:
    """Each state lasted until the next was set, and the last of them until the mark as it is."""
    states = [row.EarlierMark for row in rows] + [rows[-1]]
    return [
        Change(say_mark(was.attendance, was.how), names[now.by], now.at, was.reason)
        for was, now in pairwise(states)
        if was.reason
    ]
