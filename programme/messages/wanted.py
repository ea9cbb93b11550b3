"""Whether a message is still wanted: the areas above are asked just before it leaves.

A text that is left out is left out for good, and whoever asked for it is told, so that it may
be said later in another message.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from programme.messages.models import Message
from programme.messages.rules import LEAVES_BY_ITSELF

Ask = Callable[[Sequence[Message], datetime], Mapping[int, frozenset[int]]]
Tell = Callable[[Message, frozenset[int], datetime], None]
Wait = Callable[[Message, datetime], bool]
ASKED: list[Ask] = []
WAITS: list[Wait] = []
TOLD: list[Tell] = []


def ask_before_sending(*asked: Ask) -> None:
    """Have these asked. Each answers, by message, which of its texts, counted from 0, it does
    not want any more; none for messages it knows nothing about. For `app.py`."""
    ASKED[:] = asked


def tell_when_left_out(*told: Tell) -> None:
    """Have these told which texts of a message will not be said. For `app.py`."""
    TOLD[:] = told


def ask_whether_it_waits(*asked: Wait) -> None:
    """Have these asked, of a message with nothing left to say, whether that may change. For
    `app.py`."""
    WAITS[:] = asked


def unwanted_among(messages: Sequence[Message], at: datetime) -> dict[int, frozenset[int]]:
    """By message, the texts that some area does not want any more, and those left out before.
    In a few queries."""
    answers = [ask(messages, at) for ask in ASKED]
    return {
        message.id: _left_out(message).union(*(each.get(message.id, ()) for each in answers))
        for message in messages
    }


def unwanted_texts(message: Message, at: datetime) -> frozenset[int]:
    """The texts of a message, counted from 0, that some area does not want any more."""
    return unwanted_among([message], at)[message.id]


def is_still_wanted(message: Message, at: datetime) -> bool:
    """Whether anything is left to say."""
    return len(unwanted_texts(message, at)) < message.carries


def leave_out(message: Message, unwanted: frozenset[int], at: datetime) -> None:
    """Decide that these texts are not said by this message."""
    news = unwanted - _left_out(message)
    if not news:
        return
    message.left_out |= sum(1 << part for part in news)
    for tell in TOLD:
        tell(message, news, at)


def may_have_left(message: Message) -> bool:
    """Whether a copy may be on its way already, from a try of which nobody told us the end."""
    return message.attempts > 1 and message.channel in LEAVES_BY_ITSELF


def waits_as_it_is(message: Message, at: datetime) -> bool:
    """Whether it must wait itself, instead of being written anew later: a second copy has to be
    recognised as one."""
    return may_have_left(message) and any(ask(message, at) for ask in WAITS)


def _left_out(message: Message) -> frozenset[int]:
    return frozenset(part for part in range(message.carries) if message.left_out >> part & 1)
