"""People who asked to be rung: a list, one card at a time, and what came of the call."""

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
from programme.foundation.database import db
from programme.messages import wanted
from programme.messages.calls import todo
from programme.messages.jobs import look_after_waiting, send_due
from programme.messages.models import Message
from programme.messages.rules import State
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.messages.conftest import MailServer
from tests.messages.making import nothing_of, person, queued

SignIn = Callable[[Account], FlaskClient]
HOUR = timedelta(hours=1)
NUMBER = "+447700900123"


@pytest.fixture
def browser(app: Flask, at: datetime, sign_in: SignIn) -> FlaskClient:
    return sign_in(builders.account(Role.COORDINATOR))


def call(at: datetime, known_as: str = "Jo", **others: timedelta) -> Message:
    return queued(person(known_as, channel=Channel.PHONE), at=at, **others)


def words(page: str) -> str:
    return " ".join(page.split())


def trace(what: str) -> int:
    return len(db.session.scalars(select(AuditEntry).filter_by(action=what)).all())


def agreed(message: Message) -> Participant:
    assert message.participant is not None
    return message.participant


def test_whoever_asked_to_be_rung_waits_on_the_list_of_calls(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = call(at)
    assert send_due(at) == 0
    page = words(browser.get("/calls").text)
    assert "Jo" in page
    assert "safe from 9.00 until 20.00" in page
    assert "no voicemail" in page
    assert NUMBER not in page
    assert message.state is State.QUEUED
    coordinator = staff_viewer(builders.account(Role.COORDINATOR, name="Kim"), at.date())
    (item,) = todo(coordinator, at)
    assert (item.title, item.url) == ("1 call to make", "/calls")
    assert "Tuesday 6 October, 7 pm" in item.fact


def test_the_card_says_what_to_say_and_what_not_and_seeing_the_number_is_written_down(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = call(at)
    agreed(message).conversation.who_must_not_know = "Her brother, who answers at weekends"
    page = words(browser.get(f"/calls/{message.id}").text)
    assert f"tel:{NUMBER}" in page
    assert "Leave no voicemail" in page
    assert "Her brother" in page
    assert "Hello Jo, we meet Tuesday 6 October, 7.30 pm." in page
    assert "/g/" not in page
    assert "cannot be said" in page
    assert trace("saw number") == 1


def test_outside_the_safe_hours_there_is_no_number(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = call(at)
    agreed(message).conversation.from_hour = 12
    page = words(browser.get(f"/calls/{message.id}").text)
    assert NUMBER not in page
    assert "Ring between 12.00 and 20.00." in page
    assert trace("saw number") == 0
    assert "Later" in browser.get("/calls").text


@pytest.mark.parametrize("what", ["review", "channel", "unwanted"])
def test_what_binds_messages_binds_calls(
    app: Flask, at: datetime, browser: FlaskClient, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = call(at)
    if what == "review":
        agreed(message).conversation.review_on = at.date() - timedelta(days=1)
    elif what == "channel":
        agreed(message).conversation.channel = Channel.EMAIL
    else:
        monkeypatch.setattr(wanted, "ASKED", [nothing_of(message.id)])
    assert NUMBER not in browser.get(f"/calls/{message.id}").text


def test_a_call_that_was_made_is_kept_with_what_was_said(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = call(at)
    assert browser.post(f"/calls/{message.id}/said").location == "/calls"
    db.session.refresh(message)
    assert (message.state, message.sent_at is not None) == (State.SENT, True)
    assert "Hello Jo" in (message.text or "")
    assert "http" not in (message.text or "")
    assert trace("rang") == 1
    assert browser.post(f"/calls/{message.id}/said").status_code == 422


def test_no_answer_counts_and_comes_back_when_it_is_safe(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = call(at, lasts=timedelta(days=2))
    browser.post(f"/calls/{message.id}/no-answer")
    db.session.refresh(message)
    assert message.attempts == 1
    assert abs(message.next_try_at - (at + 2 * HOUR)) < timedelta(minutes=5)
    set_clock(at + 9 * HOUR)
    browser.post(f"/calls/{message.id}/no-answer")
    db.session.refresh(message)
    assert message.attempts == 2
    assert message.next_try_at == datetime.fromisoformat("2026-10-07T08:00:00+00:00")
    assert "no answer 2 times" in words(browser.get("/calls").text)


def test_nobody_answered_while_it_was_of_use(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message, other = call(at), call(at, "Bo")
    browser.post(f"/calls/{message.id}/no-answer")
    send_due(at + 10 * HOUR)
    db.session.refresh(message)
    assert message.state is State.SKIPPED
    assert message.reason == "Nobody answered while it was of use."
    assert other.reason == "It was too late for it to be of use."


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("2026-10-06T17:15", 303),
        ("2026-10-06T09:15", 422),
        ("2026-10-06T20:15", 422),
        ("2026-10-07T09:15", 422),
        ("tomorrow", 422),
    ],
)
def test_ring_back_at_a_time_that_suits_and_is_safe(
    app: Flask, at: datetime, browser: FlaskClient, when: str, status: int
) -> None:
    message = call(at, lasts=12 * HOUR)
    answer = browser.post(f"/calls/{message.id}/ring-back", data={"when": when})
    assert answer.status_code == status
    db.session.refresh(message)
    moved = message.next_try_at == datetime.fromisoformat("2026-10-06T16:15:00+00:00")
    assert moved is (status == 303)


def test_a_call_follows_what_was_agreed_since(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    moved, refused, kept = call(at), call(at, "Bo"), call(at, "Cy")
    agreed(moved).conversation.channel = Channel.EMAIL
    agreed(refused).conversation.channel = Channel.EMAIL
    agreed(refused).email = None
    db.session.commit()
    assert look_after_waiting(at) == 2
    assert (moved.channel, refused.state, kept.channel) == (
        Channel.EMAIL, State.FAILED, Channel.PHONE
    )  # fmt: skip
    assert send_due(at) == 1


def test_a_longer_list_of_calls_asks_no_more_of_the_database(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    for number in range(3):
        call(at, f"Jo {number}")
    with counted_queries() as few:
        browser.get("/calls")
    for number in range(3, 9):
        call(at, f"Jo {number}")
    with counted_queries() as many:
        browser.get("/calls")
    assert len(few) == len(many) <= 8


def test_nobody_opens_the_card_of_another_partners_person_or_of_a_mail(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    mine = builders.partner("Mine")
    foreign, mail = call(at), queued(person("Al", partner=mine), at=at)
    browser = sign_in(builders.account(Role.COORDINATOR, partner=mine))
    for message in (foreign, mail):
        assert browser.get(f"/calls/{message.id}").status_code == 404
        assert browser.post(f"/calls/{message.id}/said").status_code == 404
