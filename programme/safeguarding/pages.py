"""Raising a concern, and reading and answering concerns."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.safeguarding import queries
from programme.safeguarding.actions import answer_concern, raise_concern, read_concern

blueprint = Blueprint("safeguarding", __name__)
PASSED = {
    False: "Passed to the safeguarding lead. You did right to write it down.",
    True: "Passed to the safeguarding deputy, on their Today. Ring them as well: no e-mail is sent"
    " about this, because others see what is sent. You did right to write it down.",
}


@blueprint.get("/concerns/new")
@needs(Permission.RAISE_CONCERN)
def new() -> str:
    return _form()


@blueprint.post("/concerns/new")
@needs(Permission.RAISE_CONCERN)
def send() -> Response | tuple[str, int]:
    try:
        raise_concern(
            text=request.form.get("text", ""),
            participant_id=request.form.get("participant", type=int),
            session_id=request.form.get("session", type=int),
            is_about_lead="about_lead" in request.form,
            happened_on=_day(request.form.get("happened_on", "")),
            by=viewer(),
            at=now(),
        )
    except Refusal as refusal:
        return _form(str(refusal)), 422
    flash(PASSED["about_lead" in request.form], "done")
    return redirect(url_for("desk.today"), 303)


@blueprint.get("/concerns")
@needs(Permission.READ_CONCERNS)
def concerns() -> str:
    return render_template("safeguarding/concerns.html", concerns=queries.concerns(viewer(), now()))


@blueprint.get("/concerns/<int:concern_id>")
@needs(Permission.READ_CONCERNS, leaves_trace=True)
def concern(concern_id: int) -> str:
    found = read_concern(concern_id, by=viewer(), at=now())
    return render_template("safeguarding/concern.html", concern=found)


@blueprint.post("/concerns/<int:concern_id>")
@needs(Permission.READ_CONCERNS)
def answer(concern_id: int) -> Response | tuple[str, int]:
    acted = {"yes": True, "no": False}.get(request.form.get("acted", ""))
    text = request.form.get("text", "")
    try:
        answer_concern(concern_id, text=text, was_acted_on=acted, by=viewer(), at=now())
    except Refusal as refusal:
        found = queries.concern(viewer(), concern_id)
        page = render_template("safeguarding/concern.html", concern=found, problem=str(refusal))
        return page, 422
    flash("Your answer is kept with the concern.", "done")
    return redirect(url_for("safeguarding.concerns"), 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal("Write the day as a date, or leave it empty.") from error


def _form(problem: str = "") -> str:
    return render_template(
        "safeguarding/new.html",
        people=queries.people_to_name(viewer()),
        sessions=queries.sessions_to_name(viewer(), now()),
        problem=problem,
    )
