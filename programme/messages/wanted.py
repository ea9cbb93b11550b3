"""Whether a message is still wanted: the areas above are asked just before it leaves."""

from collections.abc import Callable
from datetime import datetime

from programme.messages.models import Message

Ask = Callable[[Message, datetime], bool]
ASKED: list[Ask] = []


def ask_before_sending(*asked: Ask) -> None:
    """Have these asked. Each answers yes for messages it knows nothing about. For `app.py`."""
    ASKED[:] = asked


def is_still_wanted(message: Message, at: datetime) -> bool:
    """Whether every area that knows the message still wants it sent."""
    return all(ask(message, at) for ask in ASKED)
