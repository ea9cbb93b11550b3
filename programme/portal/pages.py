"""My group: a person's own page, by a link. Looking marks nothing; only pressing a button does."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.handouts.queries import WeekPage, week_page
from programme.portal import actions, queries

blueprint = Blueprint("portal", __name__)


@blueprint.errorhandler(404)
def over(_error: NotFound) -> tuple[str, int]:
    """The link is over, or a part of it is missing: kindly, and saying nothing."""
    return render_template("portal/over.html"), 404


@blueprint.get("/g/<key>")
@by_link(Purpose.MY_GROUP)
def my_group(key: str) -> str:
    return _page(key)


@blueprint.post("/g/<key>/join/<int:number>")
@by_link(Purpose.MY_GROUP)
def join(key: str, number: int) -> Response | tuple[str, int]:
    own = queries.place(link().row_id, now())
    try:
        return redirect(actions.join(own, number, at=now()), 303)
    except Refusal as refusal:
        return _page(key, str(refusal)), 422


@blueprint.post("/g/<key>/said/<int:number>")
@by_link(Purpose.MY_GROUP)
def said(key: str, number: int) -> Response | tuple[str, int]:
    own = queries.place(link().row_id, now())
    try:
        actions.answer_pulse(own, number, request.form.get("answer", ""), at=now())
    except Refusal as refusal:
        return _page(key, str(refusal)), 422
    flash("Thank you. We have your answer.", "done")
    return redirect(url_for("portal.my_group", key=key), 303)


@blueprint.post("/g/<key>/week/<int:number>")
@by_link(Purpose.MY_GROUP)
def open_week(key: str, number: int) -> Response:
    own = queries.place(link().row_id, now())
    _week_or_404(own, number)
    actions.open_week(own, number, at=now())
    return redirect(url_for("portal.week", key=key, number=number), 303)


@blueprint.get("/g/<key>/week/<int:number>")
@by_link(Purpose.MY_GROUP)
def week(key: str, number: int) -> str:
    own = queries.place(link().row_id, now())
    page = _week_or_404(own, number)
    return render_template("portal/week.html", page=page, group=own.cohort.public_name, key=key)


def _week_or_404(own: queries.Place, number: int) -> WeekPage:
    return week_page(own.cohort.id, number, own.participant.language) or abort(404)


def _page(key: str, problem: str = "") -> str:
    page = queries.my_group(link().row_id, now())
    return render_template("portal/my_group.html", page=page, key=key, problem=problem)
