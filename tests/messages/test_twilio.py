"""Texts by Twilio, against a real server that answers as Twilio's does."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest
from flask import Flask

from programme.messages import waiting
from programme.messages.jobs import send_due
from programme.messages.reaching import safe_route
from programme.messages.rules import NotSafe, State
from programme.people.rules import Channel
from tests.messages.conftest import use
from tests.messages.making import person, queued
from tests.messages.test_sending import killed_at

HOUR = timedelta(hours=1)
ACCOUNT = "AC0123456789"


@dataclass
class Twilio:
    """Keeps what it is asked. `answers`: status and code, one after the other, then 201."""

    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    passes: list[str] = field(default_factory=list)
    answers: list[tuple[int, int | None]] = field(default_factory=list)
    hangs_up: bool = False


@pytest.fixture
def twilio(app: Flask) -> Iterator[Twilio]:
    """Twilio, as the application sends through it."""
    told = Twilio()

    class Handler(BaseHTTPRequestHandler):
        timeout: ClassVar[float] = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            told.paths.append(self.path)
            told.passes.append(self.headers["Authorization"])
            if told.hangs_up:
                self.close_connection = True
                return
            status, code = told.answers.pop(0) if told.answers else (201, None)
            answer = {"sid": "SM0123", "status": "queued"} if status == 201 else {"code": code}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    use(app, sms_provider="twilio", sms_url=f"http://127.0.0.1:{server.server_port}",
        sms_account=ACCOUNT, sms_token="a token", sms_from="+447700900000",
        link_base="https://groups.example.org")  # fmt: skip
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_text_leaves_as_twilio_asks_for_it(app: Flask, at: datetime, twilio: Twilio) -> None:
    message = queued(person(channel=Channel.SMS, phone="+447700900321"), at=at)
    assert send_due(at) == 1
    assert twilio.asked == [
        {
            "To": "+447700900321",
            "From": "+447700900000",
            "Body": message.text,
            "StatusCallback": f"https://groups.example.org/texts/receipts?reference={message.key}",
        }
    ]
    assert twilio.paths == [f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"]
    assert b64decode(twilio.passes[0].removeprefix("Basic ")) == f"{ACCOUNT}:a token".encode()
    assert (message.state, message.provider_id) == (State.SENT, "SM0123")


def test_a_messaging_service_stands_for_a_number(app: Flask, at: datetime, twilio: Twilio) -> None:
    use(app, sms_from="MG0123")
    queued(person(channel=Channel.SMS), at=at)
    send_due(at)
    assert twilio.asked[0]["MessagingServiceSid"] == "MG0123"
    assert "From" not in twilio.asked[0]


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, 21211, State.BOUNCED),
        (400, 21614, State.BOUNCED),
        (400, 21610, State.BOUNCED),
        (400, 21617, State.FAILED),
        (400, None, State.FAILED),
        (400, 21606, State.QUEUED),
        (401, 20003, State.QUEUED),
        (404, 20404, State.QUEUED),
        (429, 20429, State.QUEUED),
        (429, None, State.QUEUED),
        (400, 21611, State.QUEUED),
        (500, None, State.UNCERTAIN),
        (503, None, State.UNCERTAIN),
        (302, None, State.UNCERTAIN),
    ],
)
def test_what_twilio_answers_decides(
    app: Flask, at: datetime, twilio: Twilio, status: int, code: int | None, state: State
) -> None:
    twilio.answers = [(status, code)]
    jo = person(channel=Channel.SMS)
    message = queued(jo, at=at)
    send_due(at)
    assert message.state is state
    send_due(at + HOUR)
    assert len(twilio.asked) == (2 if state is State.QUEUED else 1)
    if state is State.BOUNCED:
        with pytest.raises(NotSafe, match="Texts to their number"):
            safe_route(jo, at=at)


def test_an_answer_that_does_not_arrive_leaves_it_uncertain(
    app: Flask, at: datetime, twilio: Twilio
) -> None:
    twilio.hangs_up = True
    message = queued(person(channel=Channel.SMS), at=at)
    send_due(at)
    send_due(at + HOUR)
    assert message.state is State.UNCERTAIN
    assert len(twilio.asked) == 1


def test_a_text_whose_sender_was_killed_is_never_sent_again(
    app: Flask, at: datetime, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued(person(channel=Channel.SMS), at=at)
    killed_at(monkeypatch, "_mark", at)
    assert send_due(at + HOUR) == 0
    assert (message.state, message.reason) == (State.UNCERTAIN, waiting.INTERRUPTED)
    assert len(twilio.asked) == 1


def test_a_provider_that_is_not_there_is_tried_again(
    app: Flask, at: datetime, twilio: Twilio, unused_port: int
) -> None:
    works = app.config["SETTINGS"].sms_url
    use(app, sms_url=f"http://127.0.0.1:{unused_port}")
    message = queued(person(channel=Channel.SMS), at=at)
    assert send_due(at) == 0
    use(app, sms_url=works)
    assert send_due(at + HOUR) == 1
    assert message.state is State.SENT
