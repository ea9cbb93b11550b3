"""The first conversation on one page, and consents that change later."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.rules import Permission
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.conversations import answer_consent, record_conversation
from programme.people.details import details
from programme.people.forms import read_conversation
from programme.people.models import Participant
from programme.people.pages import person_or_404
from programme.people.phones import say_phone
from programme.people.queries import consents_of, day_of, zone
from programme.people.rules import (
    CHANNEL_LABELS,
    CONSENT_LABELS,
    CONSENT_WORDING,
    CONSENT_WORDING_VERSION,
    ConsentPurpose,
)

blueprint = Blueprint("conversations", __name__)


@blueprint.get("/people/<int:number>/conversation")
@needs(Permission.EDIT_PEOPLE)
def conversation(number: int) -> str:
    found = person_or_404(number)
    return _show(found, _as_typed(found))


@blueprint.post("/people/<int:number>/conversation")
@needs(Permission.EDIT_PEOPLE)
def record(number: int) -> Response | tuple[str, int]:
    found = person_or_404(number)
    typed = read_conversation(request.form, zone=zone(), at=now())
    if typed.agreement is None:
        return _show(found, request.form, typed.errors), 422
    try:
        record_conversation(found, typed.agreement, by=viewer(), at=now())
    except Refusal as refusal:
        return _show(found, request.form, {"channel": str(refusal)}), 422
    flash(f"The conversation with {found.known_as} is recorded.", "done")
    return redirect(url_for("people.person", number=number), 303)


@blueprint.post("/people/<int:number>/consent")
@needs(Permission.EDIT_PEOPLE)
def change_consent(number: int) -> Response | tuple[str, int]:
    found = person_or_404(number)
    purpose = request.form.get("purpose", "")
    if purpose not in set(ConsentPurpose):
        abort(400)
    is_given = request.form.get("is_given") == "1"
    try:
        answer_consent(found, ConsentPurpose(purpose), is_given, by=viewer(), at=now())
    except Refusal as refusal:
        page = details(found, viewer=viewer(), at=now())
        return render_template("people/person.html", person=page, problem=str(refusal)), 422
    label = CONSENT_LABELS[ConsentPurpose(purpose)]
    flash(f"{label}: {'agreed' if is_given else 'no longer agreed'}. Saved.", "done")
    return redirect(url_for("people.person", number=number), 303)


def _show(
    found: Participant, typed: MultiDict[str, str], errors: dict[str, str] | None = None
) -> str:
    return render_template(
        "people/conversation.html",
        person=found,
        phone=say_phone(found.phone),
        typed=typed,
        consents_typed=typed.getlist("consent"),
        errors=errors or {},
        channels=CHANNEL_LABELS,
        wording=CONSENT_WORDING,
        labels=CONSENT_LABELS,
        version=CONSENT_WORDING_VERSION,
    )


def _as_typed(found: Participant) -> MultiDict[str, str]:
    """What was agreed last, or nothing agreed and today's day."""
    agreed = found.conversation
    typed: MultiDict[str, str] = MultiDict(
        {
            "spoken_on": day_of(now()).isoformat(),
            "spoken_by": viewer().name,
            "known_as": found.known_as,
            "from_hour": str(agreed.from_hour if agreed else 9),
            "until_hour": str(agreed.until_hour if agreed else 20),
        }
    )
    if found.may_text:
        typed["may_text"] = "yes"
    if agreed:
        typed["channel"] = agreed.channel.value
        typed["who_must_not_know"] = agreed.who_must_not_know or ""
        if agreed.may_leave_voicemail:
            typed["may_leave_voicemail"] = "yes"
        known = consents_of(found.id)
        given = [purpose.value for purpose, answer in known.items() if answer.is_given]
        typed.setlist("consent", given)
    return typed
