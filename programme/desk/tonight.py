"""Tonight: one evening on one page. Its routes join the desk's blueprint."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.desk.pages import blueprint as blueprint
from programme.desk.tonight_queries import asked_about, programme_of
from programme.desk.tonight_queries import tonight as tonight_for
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.registers.actions import (
    accept_arrivals,
    close_register,
    mark_everyone_else_present,
    mark_helped,
)
from programme.registers.checklist import answer_checklist
from programme.registers.forms import read_checklist, read_instant, read_marks, read_minutes
from programme.registers.marking import save_marks
from programme.registers.rules import KEPT_LABELS
from programme.registers.scope import session_to_mark, session_within
from programme.registers.writing import save_hours, save_note

Answer = str | Response | tuple[str | Response, int]


@blueprint.get("/tonight/<int:session_id>")
@needs(Permission.TAKE_REGISTER)
def tonight(session_id: int) -> str:
    return _page(session_id)


@blueprint.post("/tonight/<int:session_id>/marks")
@needs(Permission.TAKE_REGISTER)
def marks(session_id: int) -> Answer:
    """Save the register as one form, as it is sent without scripts."""
    session, at = session_to_mark(viewer(), session_id), now()
    try:
        saved = save_marks(session, read_marks(request.form), by=viewer(), at=at)
        _fill = {"present": mark_everyone_else_present, "arrived": accept_arrivals}
        if fill := _fill.get(request.form.get("fill", "")):
            fill(session, by=viewer(), at=at)
    except Refusal as refusal:
        return _refused(session_id, refusal)
    if saved.conflicts:
        return _page(session_id, conflicts={one.participant_id: one for one in saved.conflicts})
    flash("The register is saved.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/note")
@needs(Permission.RUN_SESSION)
def note(session_id: int) -> Answer:
    session = session_within(viewer(), Permission.RUN_SESSION, session_id)
    text = request.form.get("text", "")
    try:
        seen_at = read_instant(request.form.get("seen", ""))
        save_note(session, text, seen_at=seen_at, by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, problem=str(refusal), typed_note=text), 422
    flash("Your notes are saved.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/hours")
@needs(Permission.RUN_SESSION)
def hours(session_id: int) -> Answer:
    session = session_within(viewer(), Permission.RUN_SESSION, session_id)
    typed = request.form.get("minutes", "")
    try:
        save_hours(session, read_minutes(typed), by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, problem=str(refusal), typed_minutes=typed), 422
    flash("Your time is saved.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/close")
@needs(Permission.TAKE_REGISTER)
def close(session_id: int) -> Answer:
    session = session_to_mark(viewer(), session_id)
    try:
        close_register(session, by=viewer(), at=now())
    except Refusal as refusal:
        return _refused(session_id, refusal)
    flash("The register is closed. Marks can still be changed, with a reason.", "done")
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/helped/<int:participant_id>")
@needs(Permission.TAKE_REGISTER)
def helped(session_id: int, participant_id: int) -> Response:
    session = session_to_mark(viewer(), session_id)
    mark_helped(session, participant_id, by=viewer(), at=now())
    return _back(session_id)


@blueprint.post("/tonight/<int:session_id>/checklist")
@needs(Permission.RUN_SESSION)
def checklist(session_id: int) -> Answer:
    """Keep one's own answers."""
    session = session_within(viewer(), Permission.RUN_SESSION, session_id)
    items = asked_about(session, programme_of(session.cohort))
    try:
        answers = read_checklist(request.form)
        answer_checklist(session, items, answers, by=viewer(), at=now())
    except Refusal as refusal:
        return _page(session_id, problem=str(refusal)), 422
    flash("Your answers are saved.", "done")
    return redirect(url_for("desk.tonight", session_id=session_id, _anchor="checklist"), 303)


def _page(session_id: int, **others: Any) -> str:
    at = now()
    page = tonight_for(viewer(), session_id, at)
    return render_template(
        "desk/tonight.html",
        page=page,
        at=at,
        kept_labels=KEPT_LABELS,
        **others,
    )


def _back(session_id: int) -> Response:
    return redirect(url_for("desk.tonight", session_id=session_id), 303)


def _refused(session_id: int, refusal: Refusal) -> Answer:
    typed = {
        name: value
        for name, value in request.form.items()
        if name.startswith(("mark-", "how-", "reason"))
    }
    return _page(session_id, problem=str(refusal), typed=typed), 422
