"""One click: no more messages (RFC 8058). Looking changes nothing; only pressing does."""

from flask import Blueprint, abort, render_template
from werkzeug.exceptions import NotFound

from programme.access.gate import by_link, link
from programme.access.rules import Purpose
from programme.foundation.clock import now
from programme.foundation.web import csrf
from programme.messages.reaching import agrees_to_messages
from programme.messages.replies import stop_by_link
from programme.messages.stopping import everybody_who_is

blueprint = Blueprint("stopping", __name__)
csrf.exempt(blueprint)
"""Mail programs press the button too, and know only the link."""


@blueprint.errorhandler(404)
def over(_error: NotFound) -> tuple[str, int]:
    """The link is an old one, or a part of it is missing."""
    return render_template("messages/stop.html", is_over=True), 404


@blueprint.get("/stop/<key>")
@by_link(Purpose.STOP)
def ask(key: str) -> str:
    return _page()


@blueprint.post("/stop/<key>")
@by_link(Purpose.STOP)
def stop(key: str) -> str:
    stop_by_link(link().row_id, at=now())
    return _page()


def _page() -> str:
    if not everybody_who_is(link().row_id):
        abort(404)
    is_stopped = not agrees_to_messages(link().row_id)
    return render_template("messages/stop.html", is_stopped=is_stopped)
