"""Moving and cancelling sessions, moving and pausing steps: what follows is shown before."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.forms import read_instant, read_when
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import GroupSession, Step
from programme.cohorts.moving import (
    cancel_session,
    check_can_cancel_session,
    check_can_move_session,
    let_step_follow,
    move_session,
    move_step,
    pause_step,
    restore_session,
    resume_step,
    what_a_cancelling_changes,
    what_a_move_changes,
)
from programme.cohorts.pages import Answer, do
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import session_for, step_for
from programme.cohorts.replanning import Consequence, Effect
from programme.cohorts.timeline import title_of
from programme.foundation.clock import local, now
from programme.foundation.web import Refusal

blueprint = Blueprint("plan", __name__, url_prefix="/cohorts/<int:cohort_id>")
Errors = list[tuple[str, str]]


@blueprint.get("/sessions/<int:number>/move")
@needs(Permission.CHANGE_PLAN)
def move(cohort_id: int, number: int) -> Answer:
    """With a day and a time in the address: what would follow."""
    session = session_for(viewer(), cohort_id, number) or abort(404)
    if not request.args.get("day"):
        return _move_form(session, [], None)
    day, at, errors = read_when(request.args)
    if errors:
        return _move_form(session, errors, None), 422
    try:
        check_can_move_session(session, day=day, local_time=at, by=viewer(), at=now())
    except Refusal as refusal:
        return _move_form(session, [("", str(refusal))], None), 422
    follows = what_a_move_changes(session, day=day, local_time=at, at=now())
    return _move_form(session, [], follows)


@blueprint.post("/sessions/<int:number>/move")
@needs(Permission.CHANGE_PLAN)
def move_it(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)
    day, at, errors = read_when(request.form)
    if errors:
        return _move_form(session, errors, None), 422
    try:
        move_session(session, day=day, local_time=at, by=viewer(), at=now())
    except Refusal as refusal:
        return _move_form(session, [("", str(refusal))], None), 422
    flash(f"Week {number} is moved, and what depends on it.", "done")
    return _back(cohort_id)


def _move_form(session: GroupSession, errors: Errors, follows: list[Consequence] | None) -> str:
    typed = request.values if request.values.get("day") else None
    return render_template(
        "cohorts/move_session.html",
        session=session,
        cohort=session.cohort,
        errors=errors,
        day=typed.get("day", "") if typed else f"{session.day}",
        time=typed.get("time", "") if typed else f"{session.local_time:%H:%M}",
        follows=_shown(follows) if follows is not None else None,
        told=_told(follows or []),
        kinds=KINDS,
    )


def _shown(follows: list[Consequence]) -> list[Consequence]:
    """Only what is not as before; what was done is worth a line when its session moves."""
    return [each for each in follows if each.effect not in (Effect.SAME, Effect.DONE)]


def _told(follows: list[Consequence]) -> int:
    """How many people at most were told the old time already."""
    return max((each.told for each in follows if each.effect is Effect.AGAIN), default=0)


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
        cancel_session(session, by=viewer(), at=now())
    except Refusal as refusal:
        return _cancel_form(session, str(refusal)), 422
    flash(f"Week {number} is cancelled. You can bring it back until it would have begun.", "done")
    return _back(cohort_id)


def _cancel_form(session: GroupSession, problem: str) -> str:
    follows = [] if problem else what_a_cancelling_changes(session, at=now())
    return render_template(
        "cohorts/cancel_session.html",
        session=session,
        cohort=session.cohort,
        problem=problem,
        follows=_shown(follows),
        told=max((each.told for each in follows if each.effect is Effect.ENDS), default=0),
        kinds=KINDS,
    )


@blueprint.post("/sessions/<int:number>/restore")
@needs(Permission.CHANGE_PLAN)
def restore(cohort_id: int, number: int) -> Answer:
    session = session_for(viewer(), cohort_id, number) or abort(404)

    def deed() -> str:
        restore_session(session, by=viewer(), at=now())
        return f"Week {number} is back, and what depends on it."

    return do(cohort_id, deed)


@blueprint.get("/steps/<int:step_id>/move")
@needs(Permission.CHANGE_PLAN)
def move_a_step(cohort_id: int, step_id: int) -> str:
    return _step_form(_step_or_404(cohort_id, step_id), [])


@blueprint.post("/steps/<int:step_id>/move")
@needs(Permission.CHANGE_PLAN)
def move_the_step(cohort_id: int, step_id: int) -> Answer:
    step = _step_or_404(cohort_id, step_id)
    due_at, errors = read_instant(request.form, step.cohort.zone)
    if due_at is None:
        return _step_form(step, errors), 422
    try:
        move_step(step, due_at, by=viewer(), at=now())
    except Refusal as refusal:
        return _step_form(step, [("", str(refusal))]), 422
    flash("Moved. It keeps this date until you let it follow the sessions again.", "done")
    return _back(cohort_id)


def _step_form(step: Step, errors: Errors) -> str:
    wall = local(step.due_at, step.cohort.zone)
    return render_template(
        "cohorts/move_step.html",
        step=step,
        cohort=step.cohort,
        title=title_of(step, load_programme(step.cohort.programme)),
        errors=errors,
        day=request.form.get("day", f"{wall:%Y-%m-%d}"),
        time=request.form.get("time", f"{wall:%H:%M}"),
    )


@blueprint.post("/steps/<int:step_id>/<any(pause, resume, follow):verb>")
@needs(Permission.CHANGE_PLAN)
def change_step(cohort_id: int, step_id: int, verb: str) -> Answer:
    step = _step_or_404(cohort_id, step_id)
    act, said = STEP_VERBS[verb]

    def deed() -> str:
        act(step, by=viewer(), at=now())
        return said

    return do(cohort_id, deed)


STEP_VERBS = {
    "pause": (pause_step, "Paused. What is not done before it expires will be skipped."),
    "resume": (resume_step, "Resumed. If it is due, it is done now."),
    "follow": (let_step_follow, "It follows the sessions again."),
}


def _step_or_404(cohort_id: int, step_id: int) -> Step:
    step = step_for(viewer(), step_id)
    return step if step and step.cohort_id == cohort_id else abort(404)


def _back(cohort_id: int) -> Response:
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)
