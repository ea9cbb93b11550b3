"""Text messages, by any provider that takes a JSON request over HTTPS.

We send `{"to", "text", "reference"}` with the token as bearer; the provider answers 2xx,
and its `id` (or `message_id`) is kept. Whatever is not clearly refused may have been sent.
"""

import json
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from programme.foundation.settings import Settings
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
        connection = open_connection(self.url)
        try:
            connection.request("POST", self._path(), self._body(letter), self._headers(letter))
            return read_answer(connection.getresponse())
        except (OSError, HTTPException) as error:
            raise MaybeSent(UNCLEAR) from error
        finally:
            connection.close()

    def close(self) -> None:
        pass

    def _path(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")

    def _headers(self, letter: Letter) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": letter.key,
        }

    def _body(self, letter: Letter) -> bytes:
        asked = {"to": letter.to, "text": letter.body, "reference": letter.key}
        return json.dumps(asked).encode()


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


def read_answer(answer: HTTPResponse) -> str:
    """The provider's id for the message.

    Raises:
        NotSent: the provider refused it.
        MaybeSent: the provider broke down.
    """
    with answer:  # without a length it would keep its socket
        body = answer.read(LONGEST_ANSWER)
    if answer.status in TRY_LATER:
        raise NotNow(f"The provider of text messages wants us to try later ({answer.status}).")
    if answer.status in NOT_LET_IN:
        raise Unreachable(f"The provider of text messages does not let us in ({answer.status}).")
    if 400 <= answer.status < 500:
        raise Refused(f"The provider of text messages refused it ({answer.status}).")
    if not 200 <= answer.status < 300:
        raise MaybeSent(f"The provider of text messages broke down ({answer.status}).")
    return _provider_id(body)


def _provider_id(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    found = (told.get("id") or told.get("message_id") or "") if isinstance(told, dict) else ""
    return str(found)[:200]
