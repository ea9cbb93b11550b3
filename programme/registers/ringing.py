"""Whose it is to ring somebody who missed, as conditions for selects."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.callers import has_facilitator, holds_to_ring
from programme.cohorts.models import Cohort
from programme.registers.models import CallDuty, MissedCall
from programme.registers.rules import CallOutcome
from programme.registers.scope import reach

LEFT_TOO_LONG = timedelta(days=3)
"""After two missed in a row: then coordinators are told too, whoever was named."""
Column = ColumnElement[int] | InstrumentedAttribute[int]


def was_dealt_with(session_id: Column, participant_id: Column) -> ColumnElement[bool]:
    """Whether a call about a session was made or decided against. No answer leaves it open."""
    return (
        select(MissedCall.id)
        .where(
            MissedCall.session_id == session_id,
            MissedCall.participant_id == participant_id,
            or_(MissedCall.outcome.is_(None), MissedCall.outcome != CallOutcome.NO_ANSWER),
        )
        .exists()
    )


def duty_about(session_id: Column, participant_id: Column) -> ColumnElement[bool]:
    """The condition to join CallDuty by."""
    return and_(CallDuty.session_id == session_id, CallDuty.participant_id == participant_id)


def falls_to(viewer: Viewer, on: date) -> ColumnElement[bool]:
    """Whether a call is the viewer's: on Cohort, with CallDuty joined from outside.

    Whoever took it or was given it, while they may ring; else whoever was named for the cohort,
    while they may; else its facilitators. Where whoever was named may no longer ring, or nobody
    facilitates, coordinators have it as well, so that it falls to somebody.
    """
    nobody = and_(~_duty_holds(on), ~_caller_holds(on))
    was_lost = or_(
        CallDuty.account_id.is_not(None), Cohort.caller_id.is_not(None), ~has_facilitator(on)
    )
    return or_(
        _is_named(viewer, on),
        and_(nobody, reach(viewer, Permission.RUN_SESSION)),
        and_(nobody, was_lost, reach(viewer, Permission.OPEN_COHORTS)),
    )


def drifting_falls_to(
    viewer: Viewer, on: date, since: InstrumentedAttribute[date] | ColumnElement[date]
) -> ColumnElement[bool]:
    """The same of somebody who missed two in a row; `since` is the day of the second. While
    nobody is named, or once it was left too long, coordinators have it as well."""
    nobody = and_(~_duty_holds(on), ~_caller_holds(on))
    is_late = since <= on - LEFT_TOO_LONG
    return or_(
        falls_to(viewer, on),
        and_(or_(nobody, is_late), reach(viewer, Permission.OPEN_COHORTS)),
    )


def _is_named(viewer: Viewer, on: date) -> ColumnElement[bool]:
    own = viewer.account_id or 0
    return or_(
        and_(_duty_holds(on), CallDuty.account_id == own),
        and_(~_duty_holds(on), _caller_holds(on), Cohort.caller_id == own),
    )


def _duty_holds(on: date) -> ColumnElement[bool]:
    return holds_to_ring(CallDuty.account_id, on)


def _caller_holds(on: date) -> ColumnElement[bool]:
    return holds_to_ring(Cohort.caller_id, on)
