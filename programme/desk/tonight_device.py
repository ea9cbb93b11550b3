"""What the open page of an evening asks for by itself: to save a tap, for news, and for a page
that works without the network. Its routes join the desk's blueprint."""

from hashlib import sha256
from typing import Any

from flask import get_template_attribute, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from programme.access.gate import needs, open_to_all, viewer
from programme.access.rules import Permission
from programme.desk.pages import blueprint as blueprint
from programme.desk.tonight_queries import Live, what_is_live
from programme.foundation.clock import now
from programme.foundation.web import Refusal, say_time
from programme.registers.asking import Conflict, MarkedMeanwhile
from programme.registers.forms import read_tap
from programme.registers.register import Line
from programme.registers.scope import session_to_mark
from programme.registers.taps import Receipt, take_tap

Told = Response | tuple[Response, int]
_KEPT = (
    *("app.css", "icon.svg"),
    *("fonts/hyperlegible-latin-400.woff2", "fonts/hyperlegible-latin-700.woff2"),
    *("htmx.min.js", "saved.js", "register/leaving.js", "register/offline.js"),
    *("register/keys.js", "register/lines.js", "register/marking.js", "register/overall.js"),
    *("register/sender.js", "register/store.js"),
)
"""What the page without the network is made of."""


@blueprint.post("/tonight/<int:session_id>/taps")
@needs(Permission.TAKE_REGISTER)
def tap(session_id: int) -> Told:
    """Save one mark, once however often it is sent; ask where somebody must decide."""
    session = session_to_mark(viewer(), session_id)
    try:
        tapped = read_tap(request.form)
        if tapped.account_id != viewer().account_id:
            return jsonify({"problem": "Somebody else is signed in now."}), 409
        receipt = take_tap(session, tapped.key, tapped.wanted, by=viewer(), at=now())
    except MarkedMeanwhile as asked:
        return jsonify({"asks": _asked(asked.conflict)})
    except Refusal as refusal:
        return jsonify({"problem": str(refusal)}), 422
    return jsonify({"saved": _saved(receipt)})


@blueprint.get("/tonight/<int:session_id>/news")
@needs(Permission.TAKE_REGISTER)
def news(session_id: int) -> Response:
    """What others marked, who came and who cannot get in; and a key to save with again."""
    at = now()
    live = what_is_live(viewer(), session_id, at)
    lines = [_line(line, live.cohort.zone) for line in live.register.lines]
    return jsonify(
        {
            "account": viewer().account_id,
            "csrf": generate_csrf(),
            "closed": live.register.closed_at is not None,
            "lines": lines,
            "pieces": {
                name: _piece(name, live, at) for name in ("next", "arrived", "help", "close")
            },
        }
    )


@blueprint.get("/tonight/offline")
@open_to_all
def tonight_offline() -> str:
    """The register without the network. Nobody's name is in it: these are on the device."""
    return render_template("desk/tonight_offline.html")


@blueprint.get("/tonight/worker.js")
@open_to_all
def tonight_worker() -> Response:
    """Gives the browser the page above when the network is gone."""
    shell = url_for("desk.tonight_offline")
    kept = [shell, url_for("desk.brand"), *(url_for("static", filename=name) for name in _KEPT)]
    # The page is what it says: a change of it is a new worker, as a change of a script is.
    version = sha256(render_template("desk/tonight_offline.html").encode()).hexdigest()[:10]
    script = render_template("desk/tonight_worker.js", kept=kept, shell=shell, version=version)
    return Response(script, mimetype="text/javascript")


def _piece(name: str, live: Live, at: Any) -> str:
    return str(get_template_attribute("desk/_tonight_live.html", name)(live, at)).strip()


def _line(line: Line, zone: str) -> dict[str, Any]:
    mark = line.mark
    return {
        "participant": line.participant_id,
        "attendance": mark.attendance if mark else "",
        "how": (mark.how or "") if mark else "",
        "seen": mark.at.isoformat() if mark else "",
        "by": mark.by if mark and not mark.is_own else "",
        "said": f"Marked by {mark.by}, {say_time(mark.at, zone)}"
        if mark and not mark.is_own
        else "Saved",
        "arrived": f"Joined at {say_time(line.arrived_at, zone)}" if line.arrived_at else "",
        "suggested": line.suggested or "",
    }


def _saved(receipt: Receipt) -> dict[str, Any]:
    return {
        "participant": receipt.participant_id,
        "attendance": receipt.attendance,
        "how": receipt.how or "",
        "seen": receipt.seen_at.isoformat(),
    }


def _asked(conflict: Conflict) -> dict[str, Any]:
    return {
        "participant": conflict.participant_id,
        "attendance": conflict.attendance,
        "how": conflict.how or "",
        "seen": conflict.at.isoformat(),
        "why": conflict.asks_why,
        "sentence": conflict.sentence,
    }
