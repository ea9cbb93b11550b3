"""Letters to print and post: the list, the file, and what became of it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.messages import posting
from programme.messages.letters import letter_page

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


@blueprint.get("")
@needs(Permission.PACK_PARCELS)
def letters() -> str:
    return render_template("messages/letters.html", page=letter_page(viewer(), now()))


@blueprint.post("/letters.pdf")
@needs(Permission.PACK_PARCELS)
def printed() -> Response:
    try:
        run = posting.print_letters(_chosen(), by=viewer(), at=now())
    except Refusal as refusal:
        flash(str(refusal), "wrong")
        return redirect(url_for("letters.letters"), 303)
    for sentence in run.left_out:
        flash(sentence, "wrong")
    answer = current_app.response_class(run.pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="letters.pdf"'
    return answer


@blueprint.post("/posted")
@needs(Permission.PACK_PARCELS)
def posted() -> Response:
    if request.form.get("what") == "put_back":
        count = posting.put_back(_chosen(), by=viewer(), at=now())
        return _done(count, "put back. They wait to be printed again.")
    return _done(posting.mark_posted(_chosen(), by=viewer(), at=now()), "marked as posted.")


def _done(count: int, what: str) -> Response:
    letters = "1 letter" if count == 1 else f"{count} letters"
    flash(f"{letters} {what}" if count else "Choose which letters first.", "done" if count else "")
    return redirect(url_for("letters.letters"), 303)


def _chosen() -> list[int]:
    return request.form.getlist("letter", type=int)
