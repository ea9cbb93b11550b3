"""Fill an empty instance with the demonstration."""

from collections.abc import Callable

from flask import Flask

from programme.access.queries import every_account


def is_wanted(app: Flask) -> bool:
    """Whether nobody is here yet."""
    with app.app_context():
        return not every_account()


def load(app: Flask, *, progress: Callable[[str], None]) -> dict[str, int]:
    """Make the demonstration; the same for a given day. Says how many of what it made."""
    progress("…")
    return {}
