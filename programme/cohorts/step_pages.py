"""One step of the plan: its page, and moving, pausing, resuming or letting it follow."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.forms import read_instant
from programme.cohorts.models import Step
from programme.cohorts.pages import Answer
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import step_for
from programme.cohorts.steering import let_step_follow, move_step, pause_step, resume_step
from programme.cohorts.step_page import step_page
from programme.cohorts.timeline import title_of
from programme.foundation.clock import local, now
from programme.foundation.web import Refusal

blueprint = Blueprint("steps", __name__, url_prefix="/cohorts/<int:cohort_id>/steps/<int:step_id>")
Errors = list[tuple[str, str]]


@blueprint.get("")
@needs(Permission.SEE_COHORTS)
def show(cohort_id: int, step_id: int) -> str:
    """With a person's number in the address: the text as that person would get it."""
    chosen = request.args.get("person", 0, type=int)
    page = step_page(viewer(), cohort_id, step_id, now(), chosen) or abort(404)
    return render_template("cohorts/step.html", page=page)


@blueprint.get("/move")
@needs(Permission.CHANGE_PLAN)
def move_a_step(cohort_id: int, step_id: int) -> str:
    return _step_form(_step_or_404(cohort_id, step_id), [])


@blueprint.post("/move")
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
    return _to(step)


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


@blueprint.post("/<verb>")
@needs(Permission.CHANGE_PLAN)
def change_step(cohort_id: int, step_id: int, verb: str) -> Answer:
    step = _step_or_404(cohort_id, step_id)
    act, said = STEP_VERBS.get(verb) or abort(404)

    act(step, by=viewer(), at=now())
    flash(said, "done")
    return _to(step)


STEP_VERBS = {
    "pause": (pause_step, "Paused. What is not done before it expires will be skipped."),
    "resume": (resume_step, "Resumed. If it is due, it is done now."),
    "follow": (let_step_follow, "It follows the sessions again."),
}


def _step_or_404(cohort_id: int, step_id: int) -> Step:
    step = step_for(viewer(), step_id)
    return step if step and step.cohort_id == cohort_id else abort(404)


def _to(step: Step) -> Response:
    return redirect(url_for("steps.show", cohort_id=step.cohort_id, step_id=step.id), 303)
