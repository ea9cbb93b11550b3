"""The call card of somebody who missed, and a group's attendance as a picture."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.phones import say_phone
from programme.registers.actions import record_call
from programme.registers.attendance import picture
from programme.registers.calls import CallCard, open_call
from programme.registers.rules import ATTENDANCE_LABELS

blueprint = Blueprint("registers", __name__)


@blueprint.get("/tonight/<int:session_id>/call/<int:participant_id>")
@needs(Permission.SEE_COHORTS, leaves_trace=True)
def call(session_id: int, participant_id: int) -> str:
    card = open_call(session_id, participant_id, by=viewer(), at=now())
    return _call_page(card)


@blueprint.post("/tonight/<int:session_id>/call/<int:participant_id>")
@needs(Permission.SEE_COHORTS)
def rang(session_id: int, participant_id: int) -> Response | tuple[str, int]:
    card = open_call(session_id, participant_id, by=viewer(), at=now())
    note = request.form.get("note", "")
    try:
        record_call(card.session, participant_id, note, by=viewer(), at=now())
    except Refusal as refusal:
        return _call_page(card, str(refusal)), 422
    flash(f"The call to {card.known_as} is written down.", "done")
    return redirect(url_for("desk.today"), 303)


def _call_page(card: CallCard, problem: str = "") -> str:
    return render_template(
        "registers/call.html", card=card, phone=say_phone(card.number), problem=problem
    )


@blueprint.get("/cohorts/<int:cohort_id>/attendance")
@needs(Permission.SEE_GROUP)
def attendance(cohort_id: int) -> str:
    shown = picture(viewer(), cohort_id, now())
    return render_template("registers/attendance.html", picture=shown, labels=ATTENDANCE_LABELS)
