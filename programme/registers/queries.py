"""What waits to be done about registers."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession, Step
from programme.cohorts.rules import Stage
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_day
from programme.people.models import Participant
from programme.registers.attendance import latest_two, same_person
from programme.registers.cannot_get_in import left_outside
from programme.registers.models import CallDuty, Closing, Mark, MissedCall
from programme.registers.ringing import (
    drifting_falls_to,
    duty_about,
    falls_to,
    was_dealt_with,
)
from programme.registers.rules import CAME, MISSED, Attendance
from programme.registers.scope import reach, register_is_open, still_takes_part

ABSENT = "registers.absent"
DRIFTING_FOR = timedelta(days=35)
"""Marks older than this no longer ask for a call."""


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Registers not taken, last ones not closed, who was left outside, who missed two in a row,
    and who did not come.
    Five queries."""
    outside = left_outside(viewer, at)
    drifting = db.session.execute(_drifting(viewer, at)).all()
    known = {(row.session_id, row.id) for row in drifting} | set(outside)
    absent = db.session.execute(_absent(viewer, at)).all()
    return [
        *(_not_taken(row) for row in db.session.execute(_registers_not_taken(viewer, at))),
        *(_not_closed(row) for row in db.session.execute(_last_not_closed(viewer, at))),
        *outside.values(),
        *(_to_ring(row, "missed two in a row") for row in drifting),
        *(
            _to_ring(row, f"did not come to week {row.number}")
            for row in absent
            if (row.session_id, row.id) not in known
        ),
    ]


SESSION = (GroupSession.id, GroupSession.number, GroupSession.starts_at, Cohort.public_name)


def _registers_not_taken(viewer: Viewer, at: datetime) -> Select[Any]:
    """Past sessions, not closed, at which somebody expected has no mark."""
    return (
        select(*SESSION, Cohort.zone, _marked().label("marked"))
        .join(GroupSession.cohort)
        .where(
            GroupSession.ends_at <= at,
            register_is_open(),
            reach(viewer, Permission.TAKE_REGISTER),
        )
        .order_by(GroupSession.starts_at)
    )


def _last_not_closed(viewer: Viewer, at: datetime) -> Select[*tuple[Any, ...]]:
    """Last sessions whose register is complete and not closed: closing it says who completed."""
    later = aliased(GroupSession)
    follows = select(later.id).where(
        later.cohort_id == GroupSession.cohort_id,
        later.cancelled_at.is_(None),
        later.starts_at > GroupSession.starts_at,
    )
    closed = select(Closing.id).where(Closing.session_id == GroupSession.id)
    return (
        select(*SESSION, Cohort.zone)
        .join(GroupSession.cohort)
        .where(
            GroupSession.ends_at.between(at - DRIFTING_FOR, at),
            ~register_is_open(),
            GroupSession.cancelled_at.is_(None),
            ~closed.exists(),
            ~follows.exists(),
            _marked() > 0,
            reach(viewer, Permission.RUN_SESSION) | reach(viewer, Permission.OPEN_COHORTS),
        )
        .order_by(GroupSession.starts_at)
    )


def _marked() -> Any:
    return (
        select(func.count(Mark.id))
        .where(Mark.session_id == GroupSession.id)
        .correlate(GroupSession)
        .scalar_subquery()
    )


def _drifting(viewer: Viewer, at: datetime) -> Select[Any]:
    """Who missed the two latest sessions they have a mark for, and was not rung since."""
    latest, before = latest_two(GroupSession.starts_at > at - DRIFTING_FOR)
    about = latest.c.session_id, latest.c.participant_id
    return (
        select(*PERSON, latest.c.session_id, latest.c.day, _tries(*about))
        .join(latest, latest.c.participant_id == Participant.id)
        .join(before, same_person(latest, before))
        .join(Cohort, Cohort.id == latest.c.cohort_id)
        .join(Enrolment, _place_of(Participant.id))
        .outerjoin(CallDuty, duty_about(*about))
        .where(
            latest.c.attendance.in_(MISSED),
            before.c.attendance.in_(MISSED),
            still_takes_part(),
            ~was_dealt_with(*about),
            drifting_falls_to(viewer, at.date(), latest.c.day),
        )
        .order_by(latest.c.day, Participant.known_as)
    )


def _absent(viewer: Viewer, at: datetime) -> Select[Any]:
    """Who did not come, from the morning on which the plan says so until it is of no use."""
    about = Mark.session_id, Mark.participant_id
    return (
        select(*PERSON, Mark.session_id, GroupSession.number, GroupSession.day, _tries(*about))
        .join(Mark, Mark.participant_id == Participant.id)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Cohort, Cohort.id == GroupSession.cohort_id)
        .join(
            Step,
            (Step.cohort_id == Cohort.id)
            & (Step.session_number == GroupSession.number)
            & (Step.kind == ABSENT),
        )
        .join(Enrolment, _place_of(Participant.id))
        .outerjoin(CallDuty, duty_about(*about))
        .where(
            Step.due_at <= at,
            Step.expires_at > at,
            Step.paused_at.is_(None),
            Mark.attendance == Attendance.ABSENT,
            still_takes_part(),
            ~was_dealt_with(*about),
            falls_to(viewer, at.date()),
        )
        .order_by(GroupSession.day, Participant.known_as)
    )


PERSON: tuple[Any, ...] = (Participant.id, Participant.known_as, Cohort.public_name)


def _place_of(participant_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return (Enrolment.cohort_id == Cohort.id) & (Enrolment.participant_id == participant_id)


def _tries(session_id: Any, participant_id: Any) -> Any:
    """How often somebody rang in vain."""
    rung = select(func.count(MissedCall.id)).where(
        MissedCall.session_id == session_id, MissedCall.participant_id == participant_id
    )
    return rung.scalar_subquery().label("tries")


def _not_taken(row: Any) -> ToDo:
    began = f"Week {row.number}, {say_day(row.starts_at, row.zone)}"
    return ToDo(
        title=f"{row.public_name}: register not {'finished' if row.marked else 'taken'}",
        fact=f"{began}. {row.marked} marked so far." if row.marked else f"{began}.",
        action="Finish it now" if row.marked else "Take it now",
        url=url_for("desk.tonight", session_id=row.id),
        tone="soon",
        due=local(row.starts_at, row.zone).date(),
    )


def _not_closed(row: Any) -> ToDo:
    return ToDo(
        title=f"{row.public_name}: close the last register",
        fact="Then it is written down who completed.",
        action="Close it",
        url=url_for("desk.tonight", session_id=row.id),
        tone="soon",
        due=local(row.starts_at, row.zone).date(),
    )


def _to_ring(row: Any, why: str) -> ToDo:
    times = "once" if row.tries == 1 else f"{row.tries} times"
    kind = f"Rung {times}, no answer." if row.tries else "A friendly call keeps the place warm."
    return ToDo(
        title=f"Ring {row.known_as}: {why}",
        fact=f"{row.public_name}. {kind}",
        action="Open the call",
        url=url_for("missed.call", session_id=row.session_id, participant_id=row.id),
        tone="soon",
        due=row.day,
    )


def first_timers(session: GroupSession) -> list[Enrolment]:
    """The places of those who came to this session and had not started before."""
    asked = (
        select(Enrolment)
        .join(Mark, Mark.participant_id == Enrolment.participant_id)
        .where(
            Mark.session_id == session.id,
            Mark.attendance.in_(CAME),
            Enrolment.cohort_id == session.cohort_id,
            Enrolment.stage == Stage.ENROLLED,
        )
        .order_by(Enrolment.id)
    )
    return list(db.session.scalars(asked))
