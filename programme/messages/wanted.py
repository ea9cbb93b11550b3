"""Whether a message is still wanted: the areas above are asked just before it leaves."""

from collections.abc import Callable
from datetime import datetime

from programme.messages.models import Message

ASKED: list[Callable[[Message, datetime], bool]] = []
"""Filled once, by `app.py`. Each answers yes for messages it knows nothing about."""


def is_still_wanted(message: Message, at: datetime) -> bool:
    """Whether every area that knows the message still wants it sent."""
    return all(ask(message, at) for ask in ASKED)
