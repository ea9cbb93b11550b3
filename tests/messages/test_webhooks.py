"""What providers tell is believed when it is signed, and changes a thing once."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.incoming.twilio_provider import TwilioProvider
from programme.messages.incoming.words import Call
from programme.messages.jobs import send_due
from programme.messages.models import Message, Reply
from programme.messages.reaching import agrees_to_messages
from programme.messages.rules import State
from programme.people.rules import Channel
from tests.messages.conftest import SmsServer, use
from tests.messages.making import person, queued

SECRET = "a secret of the provider, long enough"
Tell = Callable[..., TestResponse]


@pytest.fixture
def sent(app: Flask, at: datetime, sms_server: SmsServer) -> Message:
    """A text to Jo that has left."""
    message = queued(person("Jo", channel=Channel.SMS), at=at)
    send_due(at)
    app.config["WTF_CSRF_ENABLED"] = True
    use(app, sms_webhook_secret=SECRET)
    return message


@pytest.fixture
def tell(app: Flask) -> Tell:
    """Call as the provider does; signed unless told otherwise."""

    def told(path: str, *, secret: str = SECRET, age: int = 0, body: bytes | None = None,
             signed: bytes | None = None, **facts: Any) -> TestResponse:  # fmt: skip
        content = json.dumps(facts).encode() if body is None else body
        stamp = str(int(real_now().timestamp()) - age)
        over = stamp.encode() + b"." + (content if signed is None else signed)
        mac = hmac.new(secret.encode(), over, hashlib.sha256).hexdigest()
        headers = {"X-Timestamp": stamp, "X-Signature": mac}
        return app.test_client().post(path, data=content, headers=headers)

    return told


@pytest.fixture
def twilio_tells(app: Flask, sent: Message) -> Tell:
    """Call as Twilio does, to the address that we gave it."""
    use(app, sms_provider="twilio", sms_account="AC01", sms_token="a token",
        link_base="https://groups.example.org")  # fmt: skip

    def told(path: str, *, token: str = "a token", host: str = "localhost",
             base: str = "https://groups.example.org", **form: str) -> TestResponse:  # fmt: skip
        over = base + path + "".join(name + form[name] for name in sorted(form))
        mac = b64encode(hmac.new(token.encode(), over.encode(), hashlib.sha1).digest())
        headers = {"X-Twilio-Signature": mac.decode(), "Host": host}
        kind = "application/x-www-form-urlencoded"
        return app.test_client().post(
            path, data=urlencode(form).encode(), headers=headers, content_type=kind
        )

    return told


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("delivered", State.DELIVERED),
        ("Failed", State.FAILED),
        ("unsubscribed", State.BOUNCED),
        ("unknown_number", State.BOUNCED),
        ("accepted", State.SENT),
        ("", State.SENT),
    ],
)
def test_a_receipt_says_what_became_of_a_text(
    app: Flask, at: datetime, sent: Message, tell: Tell, status: str, state: State
) -> None:
    assert tell("/texts/receipts", id="provider-7", status=status).status_code == 204
    assert sent.state is state
    assert (sent.came_back_at is not None) is (state is State.BOUNCED)


def test_nothing_goes_backwards_nor_happens_twice(
    app: Flask, at: datetime, sent: Message, tell: Tell
) -> None:
    for status in ("delivered", "delivered", "failed", "unsubscribed", "accepted"):
        assert tell("/texts/receipts", id="provider-7", status=status).status_code == 204
    assert (sent.state, sent.reason, sent.came_back_at) == (State.DELIVERED, None, None)


@pytest.mark.parametrize(
    ("status", "state"), [("delivered", State.DELIVERED), ("failed", State.FAILED)]
)
def test_an_uncertain_text_is_found_by_its_key(
    app: Flask, at: datetime, sent: Message, tell: Tell, status: str, state: State
) -> None:
    sent.state, sent.provider_id = State.UNCERTAIN, None
    tell("/texts/receipts", id="later-9", reference=sent.key, status=status)
    assert (sent.state, sent.provider_id) == (state, "later-9")


def test_a_receipt_for_nothing_we_know_is_taken_quietly(
    app: Flask, at: datetime, sent: Message, tell: Tell
) -> None:
    for facts in ({"id": "x"}, {"id": ""}, {"id": None}, {"id": ["provider-7"]}, {}):
        assert tell("/texts/receipts", status="delivered", **facts).status_code == 204
    for body in (b"", b"[]", b"nonsense", b"[" * 60_000, b'"\xff"'):
        assert tell("/texts/receipts", body=body).status_code == 204
    assert sent.state is State.SENT


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another secret, just as long as that"},
        {"age": 301},
        {"age": -301},
        {"signed": b"something else"},
    ],
)
@pytest.mark.parametrize("path", ["/texts/receipts", "/texts/replies"])
def test_what_is_not_signed_by_the_provider_changes_nothing(
    app: Flask, at: datetime, sent: Message, tell: Tell, wrong: dict[str, Any], path: str
) -> None:
    facts = {"id": "provider-7", "status": "failed", "from": "+447700900123", "text": "STOP"}
    assert tell(path, **wrong, **facts).status_code == 403
    assert sent.state is State.SENT
    assert db.session.scalar(select(func.count(Reply.id))) == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Timestamp": "0"}, {"X-Timestamp": "²", "X-Signature": "é"}, {"X-Signature": "é" * 64}],
)
def test_headers_that_make_no_sense_are_refused(
    app: Flask, at: datetime, sent: Message, headers: dict[str, str]
) -> None:
    answer = app.test_client().post("/texts/receipts", data=b"{}", headers=headers)
    assert answer.status_code == 403


def test_a_timestamp_is_part_of_what_is_signed(app: Flask, at: datetime, sent: Message) -> None:
    old, now = (str(int(real_now().timestamp()) - age) for age in (9999, 0))
    mac = hmac.new(SECRET.encode(), old.encode() + b".{}", hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": now, "X-Signature": mac}
    answer = app.test_client().post("/texts/receipts", data=b"{}", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/texts/receipts", "/texts/replies"])
def test_without_a_secret_there_is_nothing_here(
    app: Flask, at: datetime, sent: Message, tell: Tell, path: str
) -> None:
    use(app, sms_webhook_secret="")
    assert tell(path, secret="").status_code == 404
    use(app, sms_provider="twilio", sms_account="", sms_token="")
    assert tell(path).status_code == 404
    use(app, sms_provider="nobody")
    assert tell(path).status_code == 404
    assert app.test_client().get(path).status_code == 405


def test_a_call_of_any_length_is_not_read(
    app: Flask, at: datetime, sent: Message, tell: Tell
) -> None:
    assert tell("/texts/replies", body=b" " * 70_000).status_code == 413


def test_a_stop_by_text_is_honoured_once(
    app: Flask, at: datetime, sent: Message, tell: Tell
) -> None:
    facts = {"id": "in-1", "from": "+447700900123", "text": "Stop!"}
    for _ in range(2):
        assert tell("/texts/replies", **facts).status_code == 204
    assert not agrees_to_messages(sent.participant_id)
    assert db.session.scalar(select(func.count(Reply.id))) == 1
    assert tell("/texts/replies", id="in-2").status_code == 204
    assert db.session.scalar(select(func.count(Reply.id))) == 1


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("delivered", "", State.DELIVERED),
        ("undelivered", "30003", State.FAILED),
        ("undelivered", "30005", State.BOUNCED),
        ("failed", "21610", State.BOUNCED),
        ("sent", "", State.SENT),
    ],
)
def test_twilio_tells_what_became_of_a_text(
    app: Flask, at: datetime, sent: Message, twilio_tells: Tell, status: str, code: str,
    state: State,
) -> None:  # fmt: skip
    path = f"/texts/receipts?reference={sent.key}"
    answer = twilio_tells(path, MessageSid="SM9", MessageStatus=status, ErrorCode=code)
    assert answer.status_code == 204
    assert sent.state is state


def test_twilio_tells_who_texted(
    app: Flask, at: datetime, sent: Message, twilio_tells: Tell
) -> None:
    facts = {"MessageSid": "SM1", "From": "+447700900123", "Body": "STOP", "To": "+447700900000"}
    assert twilio_tells("/texts/replies", **facts).status_code == 204
    assert not agrees_to_messages(sent.participant_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "another"},
        {"base": "https://elsewhere.example.org"},
        {"base": "http://elsewhere.example.org", "host": "elsewhere.example.org"},
    ],
)
def test_twilio_signs_the_address_that_we_gave_it_whatever_the_host_says(
    app: Flask, at: datetime, sent: Message, twilio_tells: Tell, wrong: dict[str, str]
) -> None:
    path = f"/texts/receipts?reference={sent.key}"
    assert twilio_tells(path, MessageSid="SM9", MessageStatus="failed", **wrong).status_code == 403
    assert sent.state is State.SENT


def test_the_signature_is_the_one_that_twilio_publishes(app: Flask, at: datetime) -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "From": "+12349013030",
        "To": "+18005551212",
        "Caller": "+12349013030",
        "Digits": "1234",
    }
    ours = use(app, sms_token="12345")
    headers = Headers({"X-Twilio-Signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="})
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    call = Call(url, headers, urlencode(form).encode(), "", at)
    assert TwilioProvider().is_genuine(call, ours)
    assert not TwilioProvider().is_genuine(Call(url + "3", headers, call.body, "", at), ours)
