"""What somebody changed on their own page, as staff deal with it."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.details import details
from programme.people.own_followup import note_checked, put_back, take_up
from programme.people.own_queries import change_for

blueprint = Blueprint("own_changes", __name__)
VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "checked": (note_checked, "Noted that you rang."),
    "use": (take_up, "It counts from now on."),
    "back": (put_back, "It is as it was before."),
}


@blueprint.post("/people/changes/<int:number>/<any(checked, use, back):verb>")
@needs(Permission.EDIT_PEOPLE)
def follow_up(number: int, verb: str) -> Response | tuple[str, int]:
    change = change_for(viewer(), number) or abort(404)
    person, (act, said) = change.participant, VERBS[verb]
    try:
        act(change, by=viewer(), at=now())
    except Refusal as refusal:
        page = details(person, viewer=viewer(), at=now())
        return render_template("people/person.html", person=page, problem=str(refusal)), 422
    flash(f"{person.known_as}: {said[:1].lower()}{said[1:]}", "done")
    return redirect(url_for("people.person", number=person.id), 303)
