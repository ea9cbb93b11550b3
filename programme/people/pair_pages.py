"""Pages about two people: merging two entries, and keeping two people apart."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.actions import end_keeping_apart, keep_apart, merge, undo_merge
from programme.people.listing import people_like
from programme.people.models import Participant
from programme.people.pages import person_or_404
from programme.people.queries import merged_entry_for

blueprint = Blueprint("pairs", __name__)


@blueprint.get("/people/<int:number>/merge")
@needs(Permission.EDIT_PEOPLE)
def choose_entry(number: int) -> str:
    return _show_choice(person_or_404(number), "merge")


@blueprint.post("/people/<int:number>/merge")
@needs(Permission.EDIT_PEOPLE)
def merge_entry(number: int) -> Response | tuple[str, int]:
    kept = person_or_404(number)
    entry = person_or_404(request.form.get("other", 0, type=int))
    try:
        merge(entry, into=kept, by=viewer(), at=now())
    except Refusal as refusal:
        return _show_choice(kept, "merge", str(refusal)), 422
    flash(f"{entry.known_as} is now one entry with {kept.known_as}. Undo it below.", "done")
    return redirect(url_for("people.person", number=number), 303)


@blueprint.post("/people/<int:number>/unmerge")
@needs(Permission.EDIT_PEOPLE)
def unmerge(number: int) -> Response:
    entry = merged_entry_for(viewer(), number)
    if entry is None:
        abort(404)
    undo_merge(entry, by=viewer(), at=now())
    flash(f"{entry.known_as} is an entry of their own again.", "done")
    return redirect(url_for("people.person", number=number), 303)


@blueprint.get("/people/<int:number>/apart")
@needs(Permission.EDIT_PEOPLE)
def choose_apart(number: int) -> str:
    return _show_choice(person_or_404(number), "apart")


@blueprint.post("/people/<int:number>/apart")
@needs(Permission.EDIT_PEOPLE)
def set_apart(number: int) -> Response | tuple[str, int]:
    one = person_or_404(number)
    other = person_or_404(request.form.get("other", 0, type=int))
    try:
        keep_apart(one, other, by=viewer(), at=now())
    except Refusal as refusal:
        return _show_choice(one, "apart", str(refusal)), 422
    flash(f"{one.known_as} and {other.known_as} will not be put into one group.", "done")
    return redirect(url_for("people.person", number=number), 303)


@blueprint.post("/people/<int:number>/together")
@needs(Permission.EDIT_PEOPLE)
def end_apart(number: int) -> Response:
    one = person_or_404(number)
    other = person_or_404(request.form.get("other", 0, type=int))
    end_keeping_apart(one, other, by=viewer(), at=now())
    flash(f"{one.known_as} and {other.known_as} may be in one group.", "done")
    return redirect(url_for("people.person", number=number), 303)


def _show_choice(person: Participant, what: str, problem: str = "") -> str:
    text = request.args.get("q", "")
    if not text and what == "merge":
        text = person.surname or person.known_as
    return render_template(
        "people/choose.html",
        person=person,
        what=what,
        text=text,
        found=people_like(viewer(), text, but=person.id),
        problem=problem,
    )
