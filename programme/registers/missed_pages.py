"""Who missed, and who rings whom."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.cohorts.callers import find_account
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.phones import say_phone
from programme.registers.calling import give_call, record_call, take_call
from programme.registers.calls import CallCard, open_call
from programme.registers.missed import missed_evening, missed_lately
from programme.registers.rules import CALL_OUTCOMES, CallOutcome
from programme.registers.scope import session_within

blueprint = Blueprint("missed", __name__)


@blueprint.get("/missed")
@needs(Permission.SEE_COHORTS)
def lately() -> str:
    return render_template("registers/missed.html", evenings=missed_lately(viewer(), now()))


@blueprint.get("/tonight/<int:session_id>/missed")
@needs(Permission.SEE_COHORTS)
def evening(session_id: int) -> str:
    one = missed_evening(viewer(), session_id, now())
    return render_template("registers/missed.html", evenings=[one], one=one)


@blueprint.post("/tonight/<int:session_id>/missed/<int:participant_id>")
@needs(Permission.SEE_COHORTS)
def give(session_id: int, participant_id: int) -> Response:
    """Give a call to somebody, or, with nobody named, take it."""
    session = session_within(viewer(), Permission.SEE_COHORTS, session_id)
    account_id = request.form.get("account", type=int)
    try:
        if account_id:
            account = find_account(account_id) or abort(404)
            give_call(session, participant_id, account, by=viewer(), at=now())
            flash(f"{account.name} rings them.", "done")
        else:
            take_call(session, participant_id, by=viewer(), at=now())
            flash("You ring them. The call stands on your Today.", "done")
    except Refusal as refusal:
        flash(str(refusal), "wrong")
    return redirect(url_for("missed.evening", session_id=session_id), 303)


@blueprint.get("/tonight/<int:session_id>/call/<int:participant_id>")
@needs(Permission.SEE_COHORTS, leaves_trace=True)
def call(session_id: int, participant_id: int) -> str:
    return _call_page(open_call(session_id, participant_id, by=viewer(), at=now()))


@blueprint.post("/tonight/<int:session_id>/call/<int:participant_id>")
@needs(Permission.SEE_COHORTS)
def rang(session_id: int, participant_id: int) -> Response | tuple[str, int]:
    card = open_call(session_id, participant_id, by=viewer(), at=now())
    outcome, note = request.form.get("outcome", type=CallOutcome), request.form.get("note", "")
    try:
        record_call(card.session, participant_id, outcome, note, by=viewer(), at=now())
    except Refusal as refusal:
        return _call_page(card, str(refusal)), 422
    flash(f"The call to {card.known_as} is written down.", "done")
    return redirect(url_for("missed.evening", session_id=session_id), 303)


def _call_page(card: CallCard, problem: str = "") -> str:
    return render_template(
        "registers/call.html",
        card=card,
        phone=say_phone(card.number),
        problem=problem,
        outcomes=CALL_OUTCOMES,
    )
