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
from programme.messages.labels import CHANNEL_LABELS, STATE_LABELS
from programme.messages.models import Message
from programme.messages.outbox import Wanted, find_message, list_messages, next_to_send
from programme.messages.reading import read_message

blueprint = Blueprint("messages", __name__)
Page = str | tuple[str, int] | Response


@blueprint.get("/outbox")
@needs(Permission.SEE_OUTBOX)
def outbox() -> str:
    chosen = {name: request.args.get(name, "") for name in ("state", "channel", "name")}
    before = request.args.get("before", type=int)
    return render_template(
        "messages/outbox.html",
        page=list_messages(viewer(), Wanted(**chosen, before=before), at=now()),
        chosen=chosen,
        before=before,
        labels=STATE_LABELS,
        channels=CHANNEL_LABELS,
        next_to_send=next_to_send(viewer(), now()),
        may_reword=viewer().can(Permission.REWORD_TEXTS),
    )


@blueprint.get("/outbox/<int:message_id>")
@needs(Permission.SEE_OUTBOX, leaves_trace=True)
def message(message_id: int) -> Page:
    return _show(_found(message_id))


@blueprint.post("/outbox/<int:message_id>/sent")
@needs(Permission.SEE_OUTBOX)
def sent_by_hand(message_id: int) -> Page:
    """And on to the next one: somebody may have a dozen to send."""
    chosen = _found(message_id, to_change=True)
    try:
        actions.mark_sent_by_hand(chosen, by=viewer(), at=now())
    except Refusal as refusal:
        return _show(chosen, str(refusal))
    next_id, left = next_to_send(viewer(), now(), after=message_id)
    flash(f"Marked as sent. {_left_to_send(left)}", "done")
    if next_id is None:
        return redirect(url_for("messages.outbox"), 303)
    return redirect(url_for("messages.message", message_id=next_id), 303)


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


def _left_to_send(count: int) -> str:
    if not count:
        return "That was the last one."
    return "1 more to send." if count == 1 else f"{count} more to send."


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
