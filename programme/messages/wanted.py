"""Whether a message is still wanted: the areas above are asked just before it leaves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from programme.messages.models import Message

Ask = Callable[[Sequence[Message], datetime], Mapping[int, frozenset[int]]]
ASKED: list[Ask] = []


def ask_before_sending(*asked: Ask) -> None:
    """Have these asked. Each answers, by message, which of its texts, counted from 0, it does
    not want any more; none for messages it knows nothing about. For `app.py`."""
    ASKED[:] = asked


def unwanted_among(messages: Sequence[Message], at: datetime) -> dict[int, frozenset[int]]:
    """By message, the texts that some area does not want any more. In a few queries."""
    answers = [ask(messages, at) for ask in ASKED]
    return {
        message.id: frozenset[int]().union(*(each.get(message.id, ()) for each in answers))
        for message in messages
    }


def unwanted_texts(message: Message, at: datetime) -> frozenset[int]:
    """The texts of a message, counted from 0, that some area does not want any more."""
    return unwanted_among([message], at)[message.id]


def is_still_wanted(message: Message, at: datetime) -> bool:
    """Whether anything is left to say."""
    return len(unwanted_texts(message, at)) < message.carries
