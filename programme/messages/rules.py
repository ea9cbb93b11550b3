"""Vocabulary of the outbox."""

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
