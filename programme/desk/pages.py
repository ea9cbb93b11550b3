"""Today: what staff see first."""

from flask import Blueprint, current_app, render_template

from programme.access.gate import needs
from programme.access.rules import Permission

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@needs(Permission.SEE_DESK)
def today() -> str:
    return render_template("desk/today.html")


def zone() -> str:
    """Where the charity's clocks hang."""
    return str(current_app.config["SETTINGS"].zone)
