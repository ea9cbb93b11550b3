"""What every way of sending has in common: a letter, and how it can go wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from programme.people.rules import Channel


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an e-mail. `kind`: its media type with parameters."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One message on its way out: everything a way of sending needs, read from no table.

    `attempt` tells whether its row still belongs to the sender that took it; `kept` is the
    body as we keep it, without a code that it may hold.
    """

    message_id: int
    attempt: int
    key: str
    channel: Channel
    to: str
    language: str
    subject: str
    body: str
    kept: str
    sender_name: str
    give_up_at: datetime
    stop_url: str = ""
    """Where one click ends all messages to this person; empty for staff."""
    attachments: tuple[Attachment, ...] = ()


class NotSent(Exception):
    """It did not leave; the reason is a sentence without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotSent):
    """It never will: the address does not exist, or does not take our messages."""


class CameBack(Refused):
    """Nor will any other: the address or number itself takes nothing of ours."""


class NotNow(NotSent):
    """Trying again may help."""


class Unreachable(NotNow):
    """Trying again may help, but not before a while, nor with another message."""


class NotTried(Unreachable):
    """It was not even tried, because another message found that nothing leaves this way."""


class Unanswered(NotNow):
    """It may have left. Another copy would be recognised as one, so a few may be tried."""


class MaybeSent(Exception):
    """It may have left; nobody can tell."""


class Transport(Protocol):
    """A way of sending."""

    def send(self, letter: Letter) -> str:
        """Hand one letter over and give the provider's id for it, which may be empty.

        Raises:
            NotSent: it did not leave.
            MaybeSent: it may have left.
        """

    def close(self) -> None:
        """Let go of whatever is still open."""


class KeptHere:
    """For the demonstration: nothing leaves, and all can be read in the Outbox."""

    def send(self, letter: Letter) -> str:
        return "kept here"

    def close(self) -> None:
        pass


class NotSetUp:
    """For a channel without settings."""

    def __init__(self, what: str) -> None:
        self.reason = f"{what} is not set up here."

    def send(self, letter: Letter) -> str:
        raise Unreachable(self.reason)

    def close(self) -> None:
        pass
