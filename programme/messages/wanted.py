"""Whether a message is still wanted: the areas above are asked just before it leaves."""

from collections.abc import Callable
from datetime import datetime

from programme.messages.models import Message

Ask = Callable[[Message, datetime], frozenset[int]]
ASKED: list[Ask] = []


def ask_before_sending(*asked: Ask) -> None:
    """Have these asked. Each answers which of a message's texts, counted from 0, it does not
    want any more; none for messages it knows nothing about. For `app.py`."""
    ASKED[:] = asked


def unwanted_texts(message: Message, at: datetime) -> frozenset[int]:
    """The texts of a message, counted from 0, that some area does not want any more."""
    return frozenset[int]().union(*(ask(message, at) for ask in ASKED))


def is_still_wanted(message: Message, at: datetime) -> bool:
    """Whether anything is left to say."""
    return len(unwanted_texts(message, at)) < message.carries
