"""The texts that one message carries, each with the values that fill it, counted from 0."""

import json
from typing import Any

from programme.access.rules import Purpose
from programme.messages.models import Message


def template_of(message: Message, part: int) -> str:
    """Which text that is."""
    more = _more(message)
    return str(more[part - 1][0]) if 0 < part <= len(more) else message.template


def values_of(message: Message, part: int) -> dict[str, Any]:
    """What fills that text; nothing once it was forgotten."""
    if part == 0:
        return dict(json.loads(message.values))
    more = _more(message)
    return dict(more[part - 1][1]) if part <= len(more) else {}


def links_in(message: Message) -> set[tuple[Purpose, int]]:
    """Every personal link that its texts have, as purpose and row."""
    values = (value for part in range(message.carries) for value in _values(message, part))
    return {(Purpose(each["link"]), each["row"]) for each in values if "link" in each}


def _values(message: Message, part: int) -> list[dict[str, Any]]:
    return [value for value in values_of(message, part).values() if isinstance(value, dict)]


def correct(message: Message, part: int, news: dict[str, Any]) -> None:
    """Let a text that has not left say something newer."""
    if part == 0:
        message.values = json.dumps(values_of(message, 0) | news)
        return
    more = _more(message)
    more[part - 1][1] |= news
    message.more = json.dumps(more)


def _more(message: Message) -> list[Any]:
    return list(json.loads(message.more or "[]"))
