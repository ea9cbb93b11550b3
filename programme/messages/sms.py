"""Text messages, by any provider that takes a JSON request over HTTPS.

We send `{"to", "text", "reference"}` with the token as bearer; the provider answers 2xx,
and its `id` (or `message_id`) is kept. Whatever is not clearly refused may have been sent.
"""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from programme.foundation.settings import Settings
from programme.messages.rules import LONGEST_ID
from programme.messages.transport import Letter, MaybeSent, NotNow, Refused, Unreachable

SECONDS_TO_WAIT = 20
LONGEST_ANSWER = 64 * 1024
TRY_LATER = (429, 503)
NOT_LET_IN = (301, 302, 307, 308, 401, 403)
UNCLEAR = "The text message may have been sent: the provider's answer did not arrive."


class HttpSms:
    """One connection for each message: connecting can fail safely, asking cannot."""

    def __init__(self, settings: Settings) -> None:
        self.url = urlsplit(settings.sms_url)
        self.token = settings.sms_token

    def send(self, letter: Letter) -> str:
        status, body = ask(self.url, self._body(letter), self._headers(letter))
        check_answer(status)
        told = read_json(body)
        return str(told.get("id") or told.get("message_id") or "")[:LONGEST_ID]

    def close(self) -> None:
        pass

    def _headers(self, letter: Letter) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": letter.key,
        }

    def _body(self, letter: Letter) -> bytes:
        asked = {"to": letter.to, "text": letter.body, "reference": letter.key}
        return json.dumps(asked).encode()


def ask(url: SplitResult, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Post to the provider; give the status and the body of its answer.

    Raises:
        Unreachable: there is no connection, so nothing can have been sent.
        MaybeSent: the answer did not arrive.
    """
    connection = open_connection(url)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", path, body, headers)
        with connection.getresponse() as answer:  # without a length it would keep its socket
            return answer.status, answer.read(LONGEST_ANSWER)
    except (OSError, HTTPException) as error:
        raise MaybeSent(UNCLEAR) from error
    finally:
        connection.close()


def open_connection(url: SplitResult) -> HTTPConnection:
    """A connection to the provider.

    Raises:
        Unreachable: there is none, so nothing can have been sent.
    """
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=SECONDS_TO_WAIT)
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise Unreachable("The provider of text messages does not answer.") from error
    return connection


def check_answer(status: int) -> None:
    """Let pass what says that the provider has it.

    Raises:
        NotSent: the provider refused it.
        MaybeSent: the provider broke down.
    """
    if status in TRY_LATER:
        raise NotNow(f"The provider of text messages wants us to try later ({status}).")
    if status in NOT_LET_IN:
        raise Unreachable(f"The provider of text messages does not let us in ({status}).")
    if 400 <= status < 500:
        raise Refused(f"The provider of text messages refused it ({status}).")
    if not 200 <= status < 300:
        raise MaybeSent(f"The provider of text messages broke down ({status}).")


def read_json(body: bytes) -> dict[str, Any]:
    """What a provider tells as JSON; nothing, when it is no object."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
