"""Moving and cancelling sessions: what follows is shown before, and who was told otherwise."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.forms import read_when
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import GroupSession
from programme.cohorts.moving import (
    cancel_session,
    check_can_cancel_session,
    check_can_move_session,
    move_session,
    restore_session,
    told_of,
    told_otherwise,
    what_a_cancelling_changes,
    what_a_move_changes,
)
from programme.cohorts.opening import bank_holiday
from programme.cohorts.pages import Answer, do
from programme.cohorts.queries import session_for
from programme.cohorts.replanning import Consequence, shown
from programme.cohorts.told import say_told
from programme.foundation.clock import now
from programme.foundation.web import Refusal

blueprint = Blueprint("plan", __name__, url_prefix="/cohorts/<int:cohort_id>")
Errors = list[tuple[str, str]]


@blueprint.get("/sessions/<int:number>/move")
@needs(Permission.CHANGE_PLAN)
def move(cohort_id: int, number: int) -> Answer:
    """With a day and a time in the address: what would follow."""
    session = session_for(viewer(), cohort_id, number) or abort(404)
    if not request.args.get("day"):
        return _move_form(session, [])
    day, at, errors = read_when(request.args)
    if errors:
        return _move_form(session, errors), 422
    try:
        check_can_move_session(session, day=day, local_time=at, by=viewer(), at=now())
    except Refusal as refusal:
        return _move_form(session, [("", str(refusal))]), 422
    follows = what_a_move_changes(session, day=day, local_time=at, at=now())
    told = say_told(told_otherwise(session, day=day, local_time=at))
    return _move_form(session, [], follows, told, bank_holiday(day))


@blueprint.post("/sessions/<int:number>/move")
@needs(Permission.CHANGE_PLAN)
def move_it(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)
    day, at, errors = read_when(request.form)
    if errors:
        return _move_form(session, errors), 422
    try:
        count = move_session(
            session, day=day, local_time=at, tell=_is_to_tell(), by=viewer(), at=now()
        )
    except Refusal as refusal:
        return _move_form(session, [("", str(refusal))]), 422
    flash(f"Week {number} is moved, and what depends on it.{_say_told(count)}", "done")
    return _back(cohort_id)


def _is_to_tell() -> bool:
    return request.form.get("tell") == "yes"


def _say_told(count: int) -> str:
    if not count:
        return ""
    return f" {'1 person is' if count == 1 else f'{count} people are'} told."


def _move_form(
    session: GroupSession,
    errors: Errors,
    follows: list[Consequence] | None = None,
    told: Sequence[str] = (),
    holiday: str = "",
) -> str:
    typed = request.values if request.values.get("day") else None
    return render_template(
        "cohorts/move_session.html",
        session=session,
        cohort=session.cohort,
        errors=errors,
        day=typed.get("day", "") if typed else f"{session.day}",
        time=typed.get("time", "") if typed else f"{session.local_time:%H:%M}",
        follows=shown(follows) if follows is not None else None,
        told=told,
        holiday=holiday,
        kinds=KINDS,
    )


@blueprint.get("/sessions/<int:number>/cancel")
@needs(Permission.CHANGE_PLAN)
def cancel(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)
    try:
        check_can_cancel_session(session, by=viewer(), at=now())
    except Refusal as refusal:
        return _cancel_form(session, str(refusal)), 422
    return _cancel_form(session, "")


@blueprint.post("/sessions/<int:number>/cancel")
@needs(Permission.CHANGE_PLAN)
def cancel_it(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)
    try:
        count = cancel_session(session, tell=_is_to_tell(), by=viewer(), at=now())
    except Refusal as refusal:
        return _cancel_form(session, str(refusal)), 422
    undo = "You can bring it back until it would have begun."
    flash(f"Week {number} is cancelled.{_say_told(count)} {undo}", "done")
    return _back(cohort_id)


def _cancel_form(session: GroupSession, problem: str) -> str:
    follows = [] if problem else what_a_cancelling_changes(session, at=now())
    return render_template(
        "cohorts/cancel_session.html",
        session=session,
        cohort=session.cohort,
        problem=problem,
        follows=shown(follows),
        told=() if problem else say_told(told_of(session)),
        kinds=KINDS,
    )


@blueprint.post("/sessions/<int:number>/restore")
@needs(Permission.CHANGE_PLAN)
def restore(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)

    def deed() -> str:
        count = restore_session(session, by=viewer(), at=now())
        return f"Week {number} is back, and what depends on it.{_say_told(count)}"

    return do(cohort_id, deed)


def _back(cohort_id: int) -> Response:
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)
