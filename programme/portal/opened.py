"""That the right code was typed in this browser, a short while ago. Real time."""

from datetime import datetime

from flask import session

from programme.access.codes import LASTS

OPENED = "details"


def open_details(place_id: int, at: datetime) -> None:
    """Open the details of one place in this browser for ten minutes."""
    session[OPENED] = {"place": place_id, "until": (at + LASTS).timestamp()}


def are_details_open(place_id: int, at: datetime) -> bool:
    kept = session.get(OPENED, {})
    return bool(kept.get("place") == place_id and at.timestamp() < kept.get("until", 0))


def close_details() -> None:
    """Whoever opens the page next types a code."""
    session.pop(OPENED, None)
