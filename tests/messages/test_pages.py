"""The Outbox as staff use it, and what it asks of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import wanted
from programme.messages.jobs import forget_texts, note_tick, send_due
from programme.messages.models import ClockTick, Message
from programme.messages.outbox import todo
from programme.messages.rules import State
from programme.people.rules import Channel
from tests import builders
from tests.counting import counted_queries
from tests.messages.conftest import MailServer, use
from tests.messages.making import nothing_of, person, queued

SignIn = Callable[[Account], FlaskClient]
HOUR = timedelta(hours=1)


@pytest.fixture
def browser(app: Flask, at: datetime, sign_in: SignIn) -> FlaskClient:
    return sign_in(builders.account(Role.COORDINATOR))


def trace() -> list[tuple[str, str]]:
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(entry.actor, entry.action) for entry in entries if "message" in entry.action]


def test_the_list_shows_who_what_and_how_it_stands(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    queued(person("Jo"), at=at)
    queued(person("Zed", channel=Channel.BY_HAND), at=at)
    send_due(at)
    page = browser.get("/outbox").text
    assert page.index("Zed") < page.index("Jo")
    assert "For you to send" in page
    assert "Sent" in page
    assert "Hello" not in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("state=ready", {"Zed"}),
        ("state=sent", {"Jo"}),
        ("channel=by_hand", {"Zed"}),
        ("channel=email&state=sent", {"Jo"}),
        ("channel=nonsense", {"Zed", "Jo"}),
        ("state=attention", set()),
        ("name=ZE", {"Zed"}),
        ("name=%25", set()),
        ("state=nonsense", {"Zed", "Jo"}),
    ],
)
def test_the_list_is_narrowed_by_state_and_by_name(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer, asked: str,
    shown: set[str],
) -> None:  # fmt: skip
    queued(person("Jo"), at=at)
    queued(person("Zed", channel=Channel.BY_HAND), at=at)
    send_due(at)
    page = browser.get(f"/outbox?{asked}").text
    assert {name for name in ("Zed", "Jo") if f">{name} <" in page.replace("\n", "")} == shown


def test_older_messages_are_on_the_next_page(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    everyone = [person(f"Number {number:03}") for number in range(3)]
    for number in range(60):
        queued(everyone[number % 3], at=at, template="remind-hour-before")
    page = browser.get("/outbox")
    assert page.text.count('class="line"') == 50
    assert browser.get("/outbox?before=11").text.count('class="line"') == 10


def test_a_longer_list_asks_no_more_of_the_database(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    for number in range(5):
        queued(person(f"Jo {number}"), at=at)
    with counted_queries() as few:
        browser.get("/outbox")
    for number in range(5, 20):
        queued(person(f"Jo {number}"), at=at)
    with counted_queries() as many:
        browser.get("/outbox")
    assert len(few) == len(many) <= 10


def test_reading_a_message_shows_it_exactly_and_leaves_a_trace(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = queued(person("Jo"), at=at)
    send_due(at)
    page = browser.get(f"/outbox/{message.id}").text
    assert str(message.text).splitlines()[0] in page
    assert '<a href="http://localhost/g/' not in page
    account = db.session.scalars(select(Account)).one()
    assert trace() == [(f"account:{account.id}", "read message")]


def test_in_the_demonstration_links_can_be_opened(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    use(app, demonstration=True)
    message = queued(person("Jo"), at=at)
    assert '<a href="/g/' in browser.get(f"/outbox/{message.id}").text


def test_every_get_writes_nothing_but_its_trace(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = queued(person("Jo", channel=Channel.BY_HAND), at=at)
    before = rows_of(message)
    for url in ("/outbox", f"/outbox/{message.id}", "/healthz", "/outbox?state=ready"):
        browser.get(url)
    assert rows_of(message) == before
    assert len(trace()) == 1


def test_a_message_sent_by_hand_is_ticked_with_what_it_said(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = queued(person("Jo", channel=Channel.BY_HAND), at=at)
    page = browser.get(f"/outbox/{message.id}").text
    assert "Copy the text" in page
    assert "+447700900123" in page
    assert "sms:+447700900123?&amp;body=Hello%20Jo" in page
    assert browser.post(f"/outbox/{message.id}/sent").location == "/outbox"
    db.session.refresh(message)
    assert message.state is State.SENT
    assert message.text.startswith("Hello Jo")
    assert message.sent_by.startswith("account:")
    assert trace()[-1][1] == "sent message by hand"
    refused = browser.post(f"/outbox/{message.id}/sent")
    assert refused.status_code == 422
    assert "not waiting for somebody" in refused.text


def test_whoever_has_a_dozen_to_send_goes_from_one_to_the_next(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    first, second, third = (
        queued(person(name, channel=Channel.BY_HAND), at=at) for name in ("Jo", "Al", "Bo")
    )
    assert "Send the next one (3)" in browser.get("/outbox").text
    page = browser.get(f"/outbox/{first.id}").text
    assert "one of 3 to send" in page
    assert f'href="/outbox/{second.id}">Later: the next one' in page
    assert browser.post(f"/outbox/{first.id}/sent").location == f"/outbox/{second.id}"
    assert browser.post(f"/outbox/{third.id}/sent").location == f"/outbox/{second.id}"
    assert browser.post(f"/outbox/{second.id}/sent").location == "/outbox"
    assert "That was the last one." in browser.get("/outbox").text


def test_a_message_not_wanted_any_more_cannot_be_ticked(
    app: Flask, at: datetime, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued(person("Jo", channel=Channel.BY_HAND), at=at)
    monkeypatch.setattr(wanted, "ASKED", [nothing_of(message.id)])
    assert "no longer wanted" in browser.get(f"/outbox/{message.id}").text
    assert browser.post(f"/outbox/{message.id}/sent").status_code == 422


def test_a_waiting_message_can_be_stopped_and_then_does_not_leave(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = queued(person("Jo"), at=at)
    assert browser.post(f"/outbox/{message.id}/stop").status_code == 303
    assert send_due(at) == 0
    db.session.refresh(message)
    assert message.state is State.STOPPED
    assert browser.post(f"/outbox/{message.id}/stop").status_code == 422


def test_somebody_who_was_not_reached_is_rung_instead(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    mail_server.answers = {"RCPT": ["550 no"]}
    message = queued(person("Jo"), at=at)
    send_due(at)
    assert "tel:+447700900123" in browser.get(f"/outbox/{message.id}").text
    assert browser.post(f"/outbox/{message.id}/rung").status_code == 303
    db.session.refresh(message)
    assert (message.state, message.reason) == (State.STOPPED, "Somebody rang instead.")
    assert browser.post(f"/outbox/{message.id}/rung").status_code == 422


def test_a_forgotten_text_says_so(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = queued(person("Jo"), at=at)
    send_due(at)
    forget_texts(at + timedelta(days=91))
    page = browser.get(f"/outbox/{message.id}").text
    assert "90 days" in page
    assert "Hello Jo" not in page


def test_a_coordinator_of_one_partner_sees_only_its_messages(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    mine, other = builders.partner("Mine"), builders.partner("Other")
    own = queued(person("Jo", partner=mine), at=at)
    foreign = queued(person("Zed", partner=other), at=at)
    browser = sign_in(builders.account(Role.COORDINATOR, partner=mine))
    assert "Zed" not in browser.get("/outbox").text
    assert browser.get(f"/outbox/{own.id}").status_code == 200
    for method, url in [("GET", ""), ("POST", "/sent"), ("POST", "/stop"), ("POST", "/rung")]:
        assert browser.open(f"/outbox/{foreign.id}{url}", method=method).status_code == 404


def test_today_says_what_the_outbox_needs(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    viewer = staff_viewer(builders.account(Role.COORDINATOR), at.date())
    assert [item.title for item in todo(viewer, at)] == ["The clock has stopped"]
    note_tick(at)
    assert todo(viewer, at) == []
    queued(person("Jo", channel=Channel.BY_HAND), at=at)
    mail_server.answers = {"RCPT": ["550 no"]}
    queued(person("Zed"), at=at)
    send_due(at)
    queued(person("Bo"), at=at)
    titles = [item.title for item in todo(viewer, at + HOUR)]
    assert titles == [
        "1 message waiting too long",
        "1 message that did not arrive",
        "1 message for you to send",
    ]
    packer = staff_viewer(builders.account(Role.PACKER), at.date())
    assert todo(packer, at + HOUR) == []


def test_health_says_when_the_clock_is_silent(app: Flask, at: datetime) -> None:
    browser = app.test_client()
    assert browser.get("/healthz").status_code == 503
    note_tick(at)
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json["well"]) == (200, True)
    db.session.scalars(select(ClockTick)).one().at = real_now() - timedelta(minutes=11)
    assert browser.get("/healthz").status_code == 503


def rows_of(message: Message) -> dict[str, object]:
    db.session.rollback()
    return {
        column.key: getattr(db.session.get(Message, message.id), column.key)
        for column in Message.__table__.columns
    }
