"""A small browser: one kept connection, its cookies, and how long each answer took."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode

KEPT_SECONDS = 1.0
"""Servers close a connection that was silent for two seconds; ours is opened anew before that."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds its last byte was here."""

    status: int
    body: bytes
    milliseconds: float

    @property
    def token(self) -> str:
        """The page's token for forms."""
        found = TOKEN.search(self.body.decode())
        assert found, "This page holds no form."
        return found[1]


class Client:
    """Asks one server, one request at a time."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = cookie
        self.last_used = 0.0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        return self._ask("POST", path, urlencode(form), headers)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.cookie:
            headers = headers | {"Cookie": self.cookie}
        self._be_connected()
        began = perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        took = (perf_counter() - began) * 1000
        self.last_used = perf_counter()
        self._keep(response.getheader("Set-Cookie"))
        return Answer(response.status, content, took)

    def _be_connected(self) -> None:
        """Outside what is measured."""
        if perf_counter() - self.last_used > KEPT_SECONDS:
            self.connection.close()
            self.connection.connect()

    def _keep(self, cookie: str | None) -> None:
        if cookie and cookie.startswith("session="):
            self.cookie = cookie.split(";", 1)[0]
