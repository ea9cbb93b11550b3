"""Today: what staff see first."""

import re

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from programme.access.gate import needs, open_to_all, viewer
from programme.access.rules import Permission
from programme.cohorts.coming import coming_up
from programme.cohorts.queries import sessions_on
from programme.desk.queries import everything_to_do
from programme.foundation.clock import local, now

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@needs(Permission.SEE_DESK)
def today() -> str:
    at = now()
    return render_template(
        "desk/today.html",
        greeting=f"{greeting(local(at, zone()).hour)}, {viewer().name.split()[0]}",
        now=at,
        sessions=sessions_on(viewer(), local(at, zone()).date()),
        todo=everything_to_do(viewer(), at),
        coming=coming_up(viewer(), at),
    )


def zone() -> str:
    """Where the charity's clocks hang."""
    return str(current_app.config["SETTINGS"].zone)


def greeting(hour: int) -> str:
    """What people say at that hour of the day."""
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


@blueprint.get("/brand.css")
@open_to_all
def brand() -> Response:
    """The charity's own colour, over the one that ships."""
    colour = current_app.config["SETTINGS"].brand
    sheet = f":root{{--brand:{colour};--brand-dark:{colour};--on-brand:#fff}}"
    known = sheet if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else ""
    answer = Response(known, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/favicon.ico")
@open_to_all
def icon() -> WerkzeugResponse:
    """What browsers ask for beside a file that they show by themselves, such as a PDF."""
    return redirect(url_for("static", filename="icon.svg"))
