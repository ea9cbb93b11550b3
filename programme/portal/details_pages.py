"""My details: opened by the link and a typed code, one question on each screen."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.foundation.clock import now, real_now
from programme.foundation.web import Refusal
from programme.messages.reaching import settings
from programme.people import own as changes
from programme.people.rules import ConsentPurpose
from programme.portal import details_actions as actions
from programme.portal import details_queries as queries
from programme.portal.details_actions import Moment
from programme.portal.opened import are_details_open, close_details, open_details
from programme.portal.place import Place
from programme.portal.queries import place
from programme.portal.screens import SCREENS, YES_OR_NO

blueprint = Blueprint("details", __name__, url_prefix="/g/<key>/details")
Page = str | Response | tuple[str, int]
SAVED = "Saved. Thank you."


@blueprint.get("")
@by_link(Purpose.MY_GROUP)
def show(key: str) -> str:
    own = place(link().row_id, now())
    if not are_details_open(own.enrolment.id, real_now()):
        how = queries.how_a_code_comes(own.participant)
        return render_template("portal/details_ask.html", key=key, how=how)
    return render_template(
        "portal/details.html",
        key=key,
        person=own.participant,
        screens=SCREENS,
        queries=queries,
        agreements=queries.agreements(own.participant),
    )


@blueprint.post("")
@by_link(Purpose.MY_GROUP)
def ask_for_code(key: str) -> Response:
    try:
        actions.ask_for_code(place(link().row_id, now()), moment())
    except Refusal as refusal:
        flash(str(refusal), "wrong")
        return to("show", key)
    return to("code", key)


@blueprint.get("/code")
@by_link(Purpose.MY_GROUP)
def code(key: str) -> str:
    own = place(link().row_id, now())
    shown = queries.code_to_try_out(Purpose.DETAILS, own.enrolment.id)
    return render_template("portal/details_code.html", key=key, shown=shown)


@blueprint.post("/code")
@by_link(Purpose.MY_GROUP)
def open_with_code(key: str) -> Response:
    """A wrong code answers with a redirect, so that the guess is counted for good."""
    own = place(link().row_id, now())
    try:
        actions.open_with_code(own, request.form.get("code", ""), moment())
    except Refusal as refusal:
        flash(str(refusal), "wrong")
        return to("code", key)
    open_details(own.enrolment.id, real_now())
    return to("show", key)


@blueprint.post("/done")
@by_link(Purpose.MY_GROUP)
def done(key: str) -> Response:
    close_details()
    return redirect(url_for("portal.my_group", key=key), 303)


@blueprint.get("/leave")
@by_link(Purpose.MY_GROUP)
def leave(key: str) -> Response:
    """The button that leaves: it forgets the code that was typed, in this browser only."""
    close_details()
    return redirect(settings().leave_url)


@blueprint.get("/<any(name, language, print, hours, voicemail, texts):name>")
@by_link(Purpose.MY_GROUP)
def ask(key: str, name: str) -> str:
    return _screen(key, opened(key), name)


@blueprint.post("/<any(name, language, print, hours, voicemail, texts):name>")
@by_link(Purpose.MY_GROUP)
def answer(key: str, name: str) -> Page:
    own = opened(key)
    changes.hold(own.participant)
    try:
        SCREENS[name].answer(own.participant, request.form.get("answer", ""), now())
    except Refusal as refusal:
        return _screen(key, own, name, str(refusal)), 422
    return saved(key)


@blueprint.get("/agreed/<purpose>")
@by_link(Purpose.MY_GROUP)
def consent(key: str, purpose: str) -> str:
    return _consent(key, opened(key), _purpose(purpose))


@blueprint.post("/agreed/<purpose>")
@by_link(Purpose.MY_GROUP)
def answer_consent(key: str, purpose: str) -> Page:
    own, asked = opened(key), _purpose(purpose)
    said = request.form.get("answer", "")
    if said not in YES_OR_NO:
        return _consent(key, own, asked, "Choose yes or no."), 422
    changes.hold(own.participant)
    changes.answer_own_consent(own.participant, asked, said == "yes", at=now())
    return saved(key)


def opened(key: str) -> Place:
    """The place, for a browser in which the code was typed; any other is asked for it."""
    own = place(link().row_id, now())
    if not are_details_open(own.enrolment.id, real_now()):
        abort(to("show", key))
    return own


def moment() -> Moment:
    """Now, and from where."""
    return Moment(at=now(), real=real_now(), address=request.remote_addr or "")


def _purpose(word: str) -> ConsentPurpose:
    return ConsentPurpose(word) if word in set(ConsentPurpose) else abort(404)


def saved(key: str) -> Response:
    """Back to all of the details, with a word that it counts."""
    flash(SAVED, "done")
    return to("show", key)


def to(page: str, key: str, number: int | None = None) -> Response:
    """On to another page of the details."""
    return redirect(url_for(f"details.{page}", key=key, number=number), 303)


def _screen(key: str, own: Place, name: str, problem: str = "") -> str:
    return render_template(
        "portal/details_screen.html",
        key=key,
        screen=SCREENS[name],
        person=own.participant,
        problem=problem,
    )


def _consent(key: str, own: Place, purpose: ConsentPurpose, problem: str = "") -> str:
    agreed = next(one for one in queries.agreements(own.participant) if one.purpose is purpose)
    return render_template(
        "portal/details_consent.html",
        key=key,
        agreed=agreed,
        options=YES_OR_NO,
        warning=queries.IF_WITHDRAWN.get(purpose, ""),
        problem=problem,
    )
