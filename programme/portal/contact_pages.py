"""A new phone, e-mail or way to be reached: it counts once a code sent there has come back."""

from flask import abort, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import by_link
from programme.access.links import link_key
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.people.models import OwnChange
from programme.people.own import begin_change, hold
from programme.people.own_queries import change_to_confirm
from programme.people.rules import ChangeKind
from programme.portal import details_actions as actions
from programme.portal import details_queries as queries
from programme.portal.details_forms import OFFERED, read_contact
from programme.portal.details_pages import Page, moment, opened, to
from programme.portal.details_pages import blueprint as blueprint
from programme.portal.place import Place

CONTACT = "/<any(phone, email, channel):name>"
SHARED = {"no": "No, nobody else", "yes": "Yes, or I am not sure"}
RING_FIRST = "Thank you. One of us rings you to agree on it. Until then it stays as it is."


@blueprint.get(CONTACT)
@by_link(Purpose.MY_GROUP)
def contact(key: str, name: str) -> str:
    return _contact(key, opened(key), name)


@blueprint.post(CONTACT)
@by_link(Purpose.MY_GROUP)
def change_contact(key: str, name: str) -> Page:
    own, kind = opened(key), ChangeKind(name)
    hold(own.participant)
    try:
        value = read_contact(request.form, kind, own.participant)
    except Refusal as refusal:
        return _contact(key, own, name, str(refusal)), 422
    change = begin_change(own.participant, kind, value, at=now())
    if change.waits_for_a_person:
        flash(RING_FIRST, "done")
        return to("show", key)
    return to("old", key, number=change.id) if change.was else _send(key, own, change)


@blueprint.get("/old/<int:number>")
@by_link(Purpose.MY_GROUP)
def old(key: str, number: int) -> str:
    _change(opened(key), number)
    return _old(key, number)


@blueprint.post("/old/<int:number>")
@by_link(Purpose.MY_GROUP)
def say_about_old(key: str, number: int) -> Page:
    own = opened(key)
    change, said = _change(own, number), request.form.get("answer", "")
    if said not in SHARED:
        return _old(key, number, "Choose one of the answers."), 422
    change.is_old_shared = said == "yes"
    return _send(key, own, change)


@blueprint.post("/new/<int:number>/again")
@by_link(Purpose.MY_GROUP)
def send_again(key: str, number: int) -> Response:
    own = opened(key)
    return _send(key, own, _change(own, number))


@blueprint.get("/new/<int:number>")
@by_link(Purpose.MY_GROUP)
def confirm(key: str, number: int) -> str:
    change = _change(opened(key), number)
    shown = queries.code_to_try_out(Purpose.NEW_CONTACT, change.id)
    return render_template(
        "portal/details_code.html", key=key, shown=shown, number=number, kind=change.kind.value
    )


@blueprint.post("/new/<int:number>")
@by_link(Purpose.MY_GROUP)
def take_new(key: str, number: int) -> Response:
    own = opened(key)
    change = _change(own, number)
    try:
        is_new_link = actions.take_new_contact(own, change, request.form.get("code", ""), moment())
    except Refusal as refusal:
        flash(str(refusal), "wrong")
        return to("confirm", key, number=number)
    if not is_new_link:
        flash("Saved. From now on we use the new one.", "done")
        return to("show", key)
    flash("Saved. Your old links are closed, and this page has a new one.", "done")
    return to("show", link_key(Purpose.MY_GROUP, own.enrolment.id))


def _send(key: str, own: Place, change: OwnChange) -> Response:
    try:
        actions.send_code_to_new(own, change, moment())
    except Refusal as refusal:
        flash(str(refusal), "wrong")
        return to("show", key)
    return to("confirm", key, number=change.id)


def _change(own: Place, number: int) -> OwnChange:
    return change_to_confirm(own.participant.id, number) or abort(404)


def _contact(key: str, own: Place, name: str, problem: str = "") -> str:
    return render_template(
        "portal/details_contact.html",
        key=key,
        name=name,
        offered=OFFERED,
        back=url_for("details.show", key=key),
        typed=request.form.get("answer", ""),
        problem=problem,
    )


def _old(key: str, number: int, problem: str = "") -> str:
    return render_template(
        "portal/details_old.html", key=key, number=number, options=SHARED, problem=problem
    )
