"""Terms and their breaks."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.forms import read_days
from programme.cohorts.models import Term
from programme.cohorts.pages import Answer
from programme.cohorts.queries import every_term
from programme.cohorts.terms import add_break, open_term, remove_break
from programme.foundation.clock import now
from programme.foundation.web import Refusal

blueprint = Blueprint("terms", __name__, url_prefix="/terms")
Errors = list[tuple[str, str]]


@blueprint.get("")
@needs(Permission.OPEN_COHORTS)
def every() -> str:
    return _page([])


def _page(errors: Errors, about: int = 0) -> str:
    """`about`: the term whose break is being added; 0 for a new term."""
    return render_template(
        "cohorts/terms.html", terms=every_term(), errors=errors, about=about, typed=request.form
    )


@blueprint.post("")
@needs(Permission.OPEN_COHORTS)
def add() -> Answer:
    name, first, last, errors = read_days(request.form)
    if errors:
        return _page(errors), 422
    try:
        open_term(name=name, first_day=first, last_day=last, by=viewer(), at=now())
    except Refusal as refusal:
        return _page([("", str(refusal))]), 422
    flash(f"{name} is added. Add its breaks next.", "done")
    return redirect(url_for("terms.every"), 303)


@blueprint.post("/<int:term_id>/breaks")
@needs(Permission.OPEN_COHORTS)
def add_a_break(term_id: int) -> Answer:
    term = _term_or_404(term_id)
    name, first, last, errors = read_days(request.form)
    if errors:
        return _page(errors, term_id), 422
    try:
        inside = add_break(term, name=name, first_day=first, last_day=last, by=viewer(), at=now())
    except Refusal as refusal:
        return _page([("", str(refusal))], term_id), 422
    flash(_say_added(name, inside), "soon" if inside else "done")
    return redirect(url_for("terms.every"), 303)


def _say_added(name: str, inside: int) -> str:
    if not inside:
        return f"{name} is added."
    return f"{name} is added. Sessions already planned in it stay: {inside}. Move each by hand."


@blueprint.post("/<int:term_id>/breaks/<int:break_id>/remove")
@needs(Permission.OPEN_COHORTS)
def remove_a_break(term_id: int, break_id: int) -> Answer:
    try:
        remove_break(_term_or_404(term_id), break_id, by=viewer(), at=now())
    except Refusal as refusal:
        return _page([("", str(refusal))]), 422
    flash("The break is gone. Sessions already planned stay where they are.", "done")
    return redirect(url_for("terms.every"), 303)


def _term_or_404(term_id: int) -> Term:
    found = next((term for term in every_term() if term.id == term_id), None)
    return found or abort(404)
