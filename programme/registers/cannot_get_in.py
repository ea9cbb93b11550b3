"""Who said that they cannot get into the meeting, and was not helped."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, GroupSession
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_day
from programme.people.models import Participant
from programme.registers.models import CannotGetIn, Mark
from programme.registers.ringing import was_dealt_with
from programme.registers.rules import CAME
from programme.registers.scope import reach

ASKS_FOR = timedelta(days=7)
"""How long after the evening it asks for a call."""


def waits_for_help(session_id: int, participant_id: int) -> bool:
    """Whether somebody stands before the door of a meeting, and nobody helped yet."""
    waiting = select(CannotGetIn.id).filter_by(
        session_id=session_id, participant_id=participant_id, helped_at=None
    )
    return db.session.scalar(waiting.limit(1)) is not None


def could_not_get_in(session_id: int, participant_id: int) -> bool:
    """Whether somebody said so, helped or not."""
    said = select(CannotGetIn.id).filter_by(session_id=session_id, participant_id=participant_id)
    return db.session.scalar(said.limit(1)) is not None


def left_outside(viewer: Viewer, at: datetime) -> dict[tuple[int, int], ToDo]:
    """Whom nobody helped before the evening was over, for coordinators: by session and person."""
    rows = db.session.execute(_never_helped(viewer, at))
    return {(row.session_id, row.id): _ring(row) for row in rows}


def _never_helped(viewer: Viewer, at: datetime) -> Select[*tuple[Any, ...]]:
    """Not whoever was marked as there after all, nor whoever was rung."""
    about = CannotGetIn.session_id, CannotGetIn.participant_id
    came = select(Mark.id).where(
        Mark.session_id == about[0], Mark.participant_id == about[1], Mark.attendance.in_(CAME)
    )
    who = (Participant.id, Participant.known_as, Cohort.public_name, Cohort.zone)
    when = (GroupSession.starts_at, GroupSession.day)
    return (
        select(CannotGetIn.session_id, *who, *when, func.min(CannotGetIn.at))
        .join(GroupSession, GroupSession.id == CannotGetIn.session_id)
        .join(Cohort, Cohort.id == GroupSession.cohort_id)
        .join(Participant, Participant.id == CannotGetIn.participant_id)
        .where(
            CannotGetIn.helped_at.is_(None),
            GroupSession.ends_at.between(at - ASKS_FOR, at),
            ~came.exists(),
            ~was_dealt_with(*about),
            reach(viewer, Permission.OPEN_COHORTS),
        )
        .group_by(CannotGetIn.session_id, *who, *when)
        .order_by(GroupSession.day, Participant.known_as)
    )


def _ring(row: Any) -> ToDo:
    return ToDo(
        title=f"Ring {row.known_as}: could not get in",
        fact=f"{row.public_name}, {say_day(row.starts_at, row.zone)}. Nobody helped that evening.",
        action="Open the call",
        url=url_for("missed.call", session_id=row.session_id, participant_id=row.id),
        tone="soon",
        due=row.day,
    )
