"""Reports of mail servers: whose message, which recipient, and nothing on a stranger's word."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from programme.foundation.database import db
from programme.messages.incoming.bounces import Bounce
from programme.messages.incoming.words import Heard
from programme.messages.jobs import send_due
from programme.messages.mail_in import understood
from programme.messages.models import Message
from programme.messages.receipts import take_bounce
from programme.messages.rules import State
from tests.messages.conftest import MailServer, use
from tests.messages.making import person, queued
from tests.messages.reports import HOLIDAY, SHAPES, report

DAY = timedelta(days=1)


@pytest.fixture
def sent(app: Flask, at: datetime, mail_server: MailServer) -> Message:
    """An e-mail to Jo that has left."""
    message = queued(person("Jo", email="Jo@example.org"), at=at)
    send_due(at)
    return message


def taken(raw: bytes, at: datetime) -> bool:
    told = [each for each in understood(raw) if isinstance(each, Bounce)]
    changed = [take_bounce(each, at=at) for each in told]
    db.session.commit()
    return any(changed)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_of_every_shape_brings_the_message_back(
    app: Flask, at: datetime, sent: Message, shape: str
) -> None:
    assert taken(report(shape, sent.key), at + DAY)
    assert (sent.state, sent.came_back_at) == (State.BOUNCED, at + DAY)
    assert sent.reason == (
        "Their e-mail came back: ring them, and ask for another address."
        " A mail server reports 5.1.1."
    )
    assert "jo@" not in sent.reason
    assert not taken(report(shape, sent.key), at + 2 * DAY)
    assert sent.came_back_at == at + DAY


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_about_somebody_else_changes_nothing(
    app: Flask, at: datetime, sent: Message, shape: str
) -> None:
    """A key that was guessed, or read over a shoulder, is not enough."""
    assert not taken(report(shape, sent.key, to="al@example.org"), at)
    assert sent.state is State.SENT


def test_a_report_counts_for_the_address_of_then_not_of_now(
    app: Flask, at: datetime, sent: Message
) -> None:
    sent.participant.email, sent.participant.email_index = "new@example.org", "x" * 22
    assert not taken(report("postfix", sent.key, to="new@example.org"), at)
    assert taken(report("postfix", sent.key), at)


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [
        ("failed", "5.0.0", State.BOUNCED),
        ("failed", "5.4.1", State.BOUNCED),
        ("failed", "5.2.2", State.FAILED),
        ("failed", "5.7.1", State.FAILED),
        ("failed", "4.4.7", State.FAILED),
        ("Failed", "5.1.1 (no such user)", State.BOUNCED),
        ("delayed", "4.4.1", State.SENT),
        ("delayed", "5.1.1", State.SENT),
        ("relayed", "2.0.0", State.SENT),
        ("delivered", "2.1.5", State.DELIVERED),
        ("failed", "", State.SENT),
        ("", "5.1.1", State.SENT),
    ],
)
def test_what_a_server_did_decides(
    app: Flask, at: datetime, sent: Message, action: str, status: str, state: State
) -> None:
    taken(report("postfix", sent.key, action=action, status=status), at)
    assert sent.state is state
    assert (sent.came_back_at is None) is (state is not State.BOUNCED)


def test_what_was_delivered_stays_delivered(app: Flask, at: datetime, sent: Message) -> None:
    taken(report("postfix", sent.key, action="delivered", status="2.0.0"), at)
    assert not taken(report("postfix", sent.key), at)
    assert sent.state is State.DELIVERED


@pytest.mark.parametrize("key", ["0" * 32, "", "x", "%' OR 1=1"])
def test_a_report_about_no_message_of_ours_changes_nothing(
    app: Flask, at: datetime, sent: Message, key: str
) -> None:
    assert not taken(report("postfix", key), at)


def test_a_message_of_another_domain_is_not_ours(app: Flask, at: datetime, sent: Message) -> None:
    use(app, sending_address="hello@elsewhere.example.org")
    assert not taken(report("postfix", sent.key), at)


def test_strange_mails_are_left_alone(app: Flask, at: datetime, sent: Message) -> None:
    whole = report("postfix", sent.key)
    nested = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 3000
    strange = [
        b"",
        b"\0" * 1000,
        b"\xff\xfe: \xff",
        whole.replace(b"message/delivery-status", b"text/plain"),
        whole.replace(b"multipart/report", b"multipart/mixed"),
        whole[: whole.index(b"Final-Recipient")],
        whole.replace(b"rfc822;", b"x400;"),
        b"Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n" + whole + b"\r\n--a--\r\n",
        b"Content-Type: multipart/report\r\n\r\nnothing",
        nested,
        HOLIDAY.encode(),
    ]
    for raw in strange:
        assert not taken(raw, at), raw[:80]
        assert [told for told in understood(raw) if isinstance(told, Heard)] == [], raw[:80]
    assert sent.state is State.SENT


def test_what_follows_a_report_that_was_cut_off_does_not_matter(
    app: Flask, at: datetime, sent: Message
) -> None:
    whole = report("exim", sent.key)
    assert taken(whole[: whole.index(b"Hello Jo")], at)
