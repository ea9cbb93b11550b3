"""What comes back, in our words, whoever told it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from werkzeug.datastructures import Headers

from programme.foundation.settings import Settings
from programme.messages.rules import State
from programme.people.rules import Channel

LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Receipt:
    """What became of a message, found by its key (`reference`) or by the provider's id."""

    provider_id: str
    reference: str
    state: State


@dataclass(frozen=True)
class Heard:
    """What somebody wrote to us. `provider_id` is the same each time the same is told."""

    channel: Channel
    provider_id: str
    sender: str
    text: str
    subject: str = ""


@dataclass(frozen=True)
class Call:
    """A request by somebody who may be the provider. `url`: as we gave it out, whatever the
    request says about its host."""

    url: str
    headers: Headers
    body: bytes
    reference: str
    at: datetime
    """Real time."""


class Provider(Protocol):
    """How one provider of text messages signs and words what it tells."""

    def is_listening(self, settings: Settings) -> bool:
        """Whether the secret is set that this provider's calls are checked by."""

    def is_genuine(self, call: Call, settings: Settings) -> bool:
        """Whether only the provider can have signed it."""

    def receipt(self, call: Call) -> Receipt | None:
        """What became of a message; None while it is only on its way."""

    def heard(self, call: Call) -> Heard | None:
        """What somebody texted; None when a part of it is missing."""


def plain(text: str) -> str:
    """Text that can be kept: whole characters, and none that a database refuses."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
