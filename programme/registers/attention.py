"""What registers say about many cohorts at once, for the term's page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from programme.cohorts.models import Enrolment, GroupSession
from programme.foundation.database import db
from programme.registers.attendance import latest_two, same_person
from programme.registers.queries import DRIFTING_FOR
from programme.registers.ringing import was_dealt_with
from programme.registers.rules import MISSED
from programme.registers.scope import register_is_open, still_takes_part


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
