"""My group: a person's own page, by a link. Looking marks nothing; only pressing a button does."""

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response

from programme.access.gate import by_link, link, open_to_all
from programme.access.links import link_key
from programme.access.pages import is_demonstration
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.foundation.web import Refusal
from programme.handouts.pages import send_handout
from programme.portal import actions, joining, queries
from programme.portal.reading import file_of, pictures_of, week_of, with_pictures

blueprint = Blueprint("portal", __name__)


@blueprint.post("/sign-in/parent")
@open_to_all
def as_a_parent() -> Response:
    """The demonstration's button for a parent: their own page, as their link opens it."""
    somebody = queries.somebody_taking_part(now()) if is_demonstration() else None
    if somebody is None:
        abort(404)
    return redirect(url_for("portal.my_group", key=link_key(Purpose.MY_GROUP, somebody)), 303)


@blueprint.get("/g/<key>")
@by_link(Purpose.MY_GROUP)
def my_group(key: str) -> str:
    return _page(key)


@blueprint.post("/g/<key>/join/<int:number>")
@by_link(Purpose.MY_GROUP)
def join(key: str, number: int) -> Response | tuple[str, int]:
    own = queries.place(link().row_id, now())
    try:
        ticked = request.form.getlist("who", type=int)
        return redirect(joining.join(own, number, ticked, at=now()), 303)
    except Refusal as refusal:
        return _page(key, str(refusal)), 422


@blueprint.post("/g/<key>/stuck/<int:number>")
@by_link(Purpose.MY_GROUP)
def stuck(key: str, number: int) -> Response | tuple[str, int]:
    own = queries.place(link().row_id, now())
    try:
        joining.cannot_get_in(own, number, at=now())
    except Refusal as refusal:
        return _page(key, str(refusal)), 422
    return redirect(url_for("portal.my_group", key=key), 303)


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
    week_of(own, number)
    actions.open_week(own, number, at=now())
    return redirect(url_for("portal.week", key=key, number=number), 303)


@blueprint.get("/g/<key>/week/<int:number>")
@by_link(Purpose.MY_GROUP)
def week(key: str, number: int) -> str:
    own = queries.place(link().row_id, now())
    page = week_of(own, number)
    has_file = file_of(own, page) is not None
    html = with_pictures(page, url_for("portal.picture", key=key, name="x").removesuffix("x"))
    return render_template(
        "portal/week.html",
        page=page,
        html=html,
        group=own.cohort.public_name,
        key=key,
        has_file=has_file,
    )


@blueprint.post("/g/<key>/week-<int:number>.pdf")
@by_link(Purpose.MY_GROUP)
def keep_week(key: str, number: int) -> Response:
    own = queries.place(link().row_id, now())
    week_of(own, number)
    actions.keep_week(own, number, at=now())
    return redirect(url_for("portal.week_file", key=key, number=number), 303)


@blueprint.get("/g/<key>/week-<int:number>.pdf")
@by_link(Purpose.MY_GROUP)
def week_file(key: str, number: int) -> Response:
    own = queries.place(link().row_id, now())
    return send_handout(file_of(own, week_of(own, number)), number)


@blueprint.get("/g/<key>/pictures/<path:name>")
@by_link(Purpose.MY_GROUP)
def picture(key: str, name: str) -> Response:
    own = queries.place(link().row_id, now())
    answer = send_from_directory(pictures_of(own), name)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _page(key: str, problem: str = "") -> str:
    page = queries.my_group(link().row_id, now())
    return render_template("portal/my_group.html", page=page, key=key, problem=problem)
