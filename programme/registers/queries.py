"""What waits to be done about registers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession, Step
from programme.cohorts.rules import Stage
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_day
from programme.people.models import Participant
from programme.registers.attendance import latest_two, same_person
from programme.registers.models import CallDuty, Mark, MissedCall
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
    """Registers not taken, who missed two in a row, and who did not come. Three queries."""
    drifting = db.session.execute(_drifting(viewer, at)).all()
    known = {(row.session_id, row.id) for row in drifting}
    absent = db.session.execute(_absent(viewer, at)).all()
    return [
        *(_not_taken(row) for row in db.session.execute(_registers_not_taken(viewer, at))),
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


def attention_of(cohort_ids: Sequence[int], at: datetime) -> dict[int, list[str]]:
    """What registers say about cohorts that somebody should look at: two queries for all."""
    not_taken = (
        select(GroupSession.cohort_id, func.count())
        .where(
            GroupSession.cohort_id.in_(cohort_ids), GroupSession.ends_at <= at, register_is_open()
        )
        .group_by(GroupSession.cohort_id)
    )
    found: dict[int, list[str]] = {}
    for cohort_id, count in db.session.execute(not_taken):
        words = "1 register" if count == 1 else f"{count} registers"
        found.setdefault(cohort_id, []).append(f"{words} not taken")
    for cohort_id, count in db.session.execute(_drifting_in(cohort_ids, at)):
        found.setdefault(cohort_id, []).append(f"{count} missed two in a row")
    return found


def _drifting_in(cohort_ids: Sequence[int], at: datetime) -> Select[Any]:
    """How many missed their two latest sessions, and nobody rang about it."""
    recent = GroupSession.starts_at > at - DRIFTING_FOR
    latest, before = latest_two(recent & GroupSession.cohort_id.in_(cohort_ids))
    return (
        select(latest.c.cohort_id, func.count())
        .join(before, same_person(latest, before))
        .join(
            Enrolment,
            (Enrolment.cohort_id == latest.c.cohort_id)
            & (Enrolment.participant_id == latest.c.participant_id),
        )
        .where(
            latest.c.attendance.in_(MISSED),
            before.c.attendance.in_(MISSED),
            still_takes_part(),
            ~was_dealt_with(latest.c.session_id, latest.c.participant_id),
        )
        .group_by(latest.c.cohort_id)
    )


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
