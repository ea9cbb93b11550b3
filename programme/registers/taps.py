"""Marks from a device that may send them twice: each counts once, and is answered the same."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from programme.access.viewer import Viewer
from programme.cohorts.models import GroupSession
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.registers.asking import MarkedMeanwhile
from programme.registers.marking import save_marks, take_turns
from programme.registers.models import Mark, Tap
from programme.registers.rules import Attendance, How, Wanted


@dataclass(frozen=True)
class Receipt:
    """What a device is told about a tap of its own that was saved."""

    participant_id: int
    attendance: Attendance
    how: How | None
    seen_at: datetime
    """When the mark was set: what the device says that it saw when it marks again."""


def take_tap(
    session: GroupSession, key: str, wanted: Wanted, *, by: Viewer, at: datetime
) -> Receipt:
    """Set one mark, unless this tap set it before: then only say so again.

    Raises:
        MarkedMeanwhile: somebody must decide; the tap did not count and may be sent again.
        Refusal: the person is not on this register, or the session was cancelled.
    """
    take_turns(session)
    known = db.session.scalar(select(Tap).filter_by(key=key))
    if known is None:
        known = _remember(key, _save(session, wanted, by=by, at=at), by=by, at=at)
    if known.session_id != session.id or known.by != by.actor:
        raise Refusal("This mark was sent before, by somebody else. Load the page again.")
    return Receipt(known.participant_id, known.attendance, known.how, known.marked_at)


def _save(session: GroupSession, wanted: Wanted, *, by: Viewer, at: datetime) -> Mark:
    saved = save_marks(session, [wanted], by=by, at=at)
    if saved.conflicts:
        raise MarkedMeanwhile(saved.conflicts[0])
    return saved.marks[0]


def _remember(key: str, mark: Mark, *, by: Viewer, at: datetime) -> Tap:
    tap = Tap(
        key=key,
        session_id=mark.session_id,
        participant_id=mark.participant_id,
        attendance=mark.attendance,
        how=mark.how,
        marked_at=mark.at,
        at=at,
        by=by.actor,
    )
    db.session.add(tap)
    return tap
