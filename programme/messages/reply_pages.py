"""What people wrote back: the list, and one reply."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.messages.models import Reply
from programme.messages.replies import mark_read
from programme.messages.reply_list import find_reply, list_replies, read_reply

blueprint = Blueprint("replies", __name__)


@blueprint.get("/replies")
@needs(Permission.SEE_OUTBOX)
def listed() -> str:
    page = list_replies(viewer(), page=request.args.get("page", 1, type=int))
    return render_template("messages/replies.html", page=page)


@blueprint.get("/replies/<int:reply_id>")
@needs(Permission.SEE_OUTBOX, leaves_trace=True)
def reply(reply_id: int) -> str:
    found = read_reply(_found(reply_id), by=viewer(), at=now())
    return render_template("messages/reply.html", reply=found)


@blueprint.post("/replies/<int:reply_id>/read")
@needs(Permission.SEE_OUTBOX)
def dealt_with(reply_id: int) -> Response:
    mark_read(_found(reply_id, to_change=True), by=viewer(), at=now())
    flash("Marked as dealt with.", "done")
    return redirect(url_for("replies.listed"), 303)


def _found(reply_id: int, *, to_change: bool = False) -> Reply:
    return find_reply(viewer(), reply_id, to_change=to_change) or abort(404)
