"""What every staff page shows around itself: the ways to go on, and who is signed in."""

from typing import Any

from flask import Flask, current_app, request, url_for

from programme.access.gate import viewer
from programme.access.rules import Permission

WAYS = (
    ("Today", "desk.today", Permission.SEE_DESK),
    ("Handouts", "handouts.index", Permission.SEE_COHORTS),
    ("Staff", "desk.staff", Permission.MANAGE_STAFF),
)


def surround(app: Flask) -> None:
    """Give every page its surroundings."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """The names that `_parts/staff.html` and `_parts/parent.html` use."""
    return {
        "settings": current_app.config["SETTINGS"],
        "nav": [(label, url, request.path == url) for label, url in _ways()],
        "signed_in_as": viewer().name,
    }


def _ways() -> list[tuple[str, str]]:
    return [(label, url_for(endpoint)) for label, endpoint, need in WAYS if viewer().can(need)]
