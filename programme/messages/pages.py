"""The Outbox, and whether the service is well."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, open_to_all, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.messages import actions
from programme.messages.health import look
from programme.messages.models import Message
from programme.messages.outbox import STATE_LABELS, find_message, list_messages
from programme.messages.reading import read_message

blueprint = Blueprint("messages", __name__)
Page = str | tuple[str, int] | Response


@blueprint.get("/outbox")
@needs(Permission.SEE_OUTBOX)
def outbox() -> str:
    chosen = {"state": request.args.get("state", ""), "name": request.args.get("name", "")}
    before = request.args.get("before", type=int)
    page = list_messages(viewer(), at=now(), before=before, **chosen)
    return render_template(
        "messages/outbox.html",
        page=page,
        chosen=chosen,
        before=before,
        labels=STATE_LABELS,
        may_reword=viewer().can(Permission.REWORD_TEXTS),
    )


@blueprint.get("/outbox/<int:message_id>")
@needs(Permission.SEE_OUTBOX, leaves_trace=True)
def message(message_id: int) -> Page:
    return _show(_found(message_id))


@blueprint.post("/outbox/<int:message_id>/sent")
@needs(Permission.SEE_OUTBOX)
def sent_by_hand(message_id: int) -> Page:
    return _do(actions.mark_sent_by_hand, message_id, "Marked as sent.", "ready")


@blueprint.post("/outbox/<int:message_id>/stop")
@needs(Permission.SEE_OUTBOX)
def stop(message_id: int) -> Page:
    return _do(actions.stop, message_id, "Stopped. It will not be sent.", "")


@blueprint.post("/outbox/<int:message_id>/rung")
@needs(Permission.SEE_OUTBOX)
def rung(message_id: int) -> Page:
    return _do(actions.mark_rung, message_id, "Noted that you rang.", "attention")


@blueprint.get("/healthz")
@open_to_all
def healthz() -> tuple[dict[str, Any], int]:
    health = look(now())
    return health.as_json(), 200 if health.is_well else 503


def _do(act: Any, message_id: int, done: str, back_to: str) -> Page:
    """Do something with a message, then go back to the list it came from."""
    chosen = _found(message_id, to_change=True)
    try:
        act(chosen, by=viewer(), at=now())
    except Refusal as refusal:
        return _show(chosen, str(refusal))
    flash(done, "done")
    return redirect(url_for("messages.outbox", state=back_to or None), 303)


def _show(chosen: Message, problem: str = "") -> Page:
    reading = read_message(chosen, by=viewer(), at=now())
    page = render_template("messages/message.html", reading=reading, problem=problem)
    return (page, 422) if problem else page


def _found(message_id: int, *, to_change: bool = False) -> Message:
    return find_message(viewer(), message_id, to_change=to_change) or abort(404)
