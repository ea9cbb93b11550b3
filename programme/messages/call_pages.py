"""Calls to make: the list, one person's card, and what came of the call."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.messages import calling
from programme.messages.calls import call_list, open_card
from programme.messages.models import Message
from programme.messages.outbox import find_message
from programme.people.rules import Channel

blueprint = Blueprint("calls", __name__, url_prefix="/calls")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@needs(Permission.SEE_OUTBOX)
def calls() -> str:
    return render_template("messages/calls.html", calls=call_list(viewer(), now()))


@blueprint.get("/<int:message_id>")
@needs(Permission.SEE_OUTBOX, leaves_trace=True)
def card(message_id: int) -> Page:
    return _show(_found(message_id))


@blueprint.post("/<int:message_id>/said")
@needs(Permission.SEE_OUTBOX)
def said(message_id: int) -> Page:
    call = _found(message_id, to_change=True)
    return _do(call, lambda: calling.mark_said(call, by=viewer(), at=now()), "Noted: it is said.")


@blueprint.post("/<int:message_id>/no-answer")
@needs(Permission.SEE_OUTBOX)
def no_answer(message_id: int) -> Page:
    call = _found(message_id, to_change=True)
    done = "Noted: no answer. It is on the list again later."
    return _do(call, lambda: calling.note_no_answer(call, by=viewer(), at=now()), done)


@blueprint.post("/<int:message_id>/ring-back")
@needs(Permission.SEE_OUTBOX)
def ring_back(message_id: int) -> Page:
    call = _found(message_id, to_change=True)
    done = "Noted. It is on the list again at that time."
    return _do(call, lambda: calling.ring_back(call, _when(), by=viewer(), at=now()), done)


def _when() -> datetime:
    try:
        return datetime.fromisoformat(request.form.get("when", "")).replace(tzinfo=None)
    except ValueError:
        raise Refusal("Say on which day and at what time to ring back.") from None


def _do(call: Message, act: Callable[[], None], done: str) -> Page:
    try:
        act()
    except Refusal as refusal:
        return _show(call, str(refusal))
    flash(done, "done")
    return redirect(url_for("calls.calls"), 303)


def _show(call: Message, problem: str = "") -> Page:
    shown = open_card(call, by=viewer(), at=now())
    page = render_template("messages/call.html", card=shown, problem=problem)
    return (page, 422) if problem else page


def _found(message_id: int, *, to_change: bool = False) -> Message:
    found = find_message(viewer(), message_id, to_change=to_change)
    if found is None or found.participant is None or found.channel is not Channel.PHONE:
        abort(404)
    return found
