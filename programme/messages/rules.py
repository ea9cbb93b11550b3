"""Vocabulary of the outbox."""

import re
from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    STOPPED = "stopped"


WAITING = (State.QUEUED, State.SENDING)
NEEDS_A_PERSON = (State.FAILED, State.BOUNCED, State.UNCERTAIN)

REVEALING = re.compile(
    r"\b(prison\w*|jail\w*|gaol\w*|hmp|inmates?|offen[cd]\w*|crim\w*|convict\w*|sentenced?|court\w*"
    r"|custod\w*|probation\w*|parole\w*|police\w*|arrest\w*|abus\w*|violen\w*|safeguard\w*"
    r"|parenting|behaviou?r\w*)\b",
    re.IGNORECASE,
)


def revealing_words(text: str) -> list[str]:
    """The words of a text that tell the wrong person too much."""
    return REVEALING.findall(text)


class NotSafe(Exception):
    """A message may not be sent this way; the reason is a sentence without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAgreed(NotSafe):
    """The person does not agree to messages: nothing follows, not even a task to ring."""
