"""Files that go with an e-mail: the areas above say who makes each kind."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from programme.messages.models import Message
from programme.messages.transport import Attachment
from programme.people.rules import Channel

Make = Callable[[int, datetime], Attachment | None]
MAKERS: dict[str, Make] = {}


def register_attachments(makers: Mapping[str, Make]) -> None:
    """Say who makes what, such as `{"calendar": attach_dates}`; a message asks for it with
    `{"calendar": row}` among its values. Called once, by `app.py`."""
    MAKERS.update(makers)


def attachments_of(message: Message, at: datetime) -> tuple[Attachment, ...]:
    """What goes with a message, each once, as things stand now. Only e-mails take anything."""
    if message.channel is not Channel.EMAIL:
        return ()
    made = (MAKERS[kind](row, at) for kind, row in dict.fromkeys(_asked_for(message)))
    return tuple(filter(None, made))


def _asked_for(message: Message) -> Iterator[tuple[str, int]]:
    yield from _of(json.loads(message.values or "{}"))
    for _, values in json.loads(message.more or "[]"):
        yield from _of(values)


def _of(values: dict[str, object]) -> Iterator[tuple[str, int]]:
    return ((kind, int(str(row))) for kind, row in values.items() if kind in MAKERS)
