"""One click under an e-mail stops messages; looking at the link does not (RFC 8058)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.links import link_key
from programme.access.models import Account
from programme.access.rules import Purpose, Role
from programme.access.viewer import staff_viewer
from programme.foundation.database import db
from programme.messages.actions import send_to_staff
from programme.messages.jobs import send_due
from programme.messages.models import Reply
from programme.messages.reaching import agrees_to_messages
from programme.messages.reply_list import todo
from programme.messages.rules import State, Wants, revealing_words
from tests import builders
from tests.messages.conftest import MailServer, use
from tests.messages.making import person, queued

SignIn = Callable[[Account], FlaskClient]
LONG_BASE = "https://a-rather-long-name-of-a-domain.example.org/with/a/path"


@pytest.mark.parametrize("base", ["https://groups.example.org", LONG_BASE])
def test_every_email_to_a_participant_can_be_stopped_with_one_click(
    app: Flask, at: datetime, mail_server: MailServer, base: str
) -> None:
    jo = person("Jo")
    use(app, link_base=base)
    queued(jo, at=at)
    send_due(at)
    mail = mail_server.mails[0]
    key = link_key(Purpose.STOP, jo.id)
    by_mail = "<mailto:hello@groups.example.org?subject=STOP>"
    assert mail["List-Unsubscribe"].strip() == f"<{base}/stop/{key}>, {by_mail}"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"<{base}/stop/{key}>".encode() in mail_server.raw[0]
    assert revealing_words(mail["List-Unsubscribe"]) == []


def test_staff_news_offer_no_such_thing(app: Flask, at: datetime, mail_server: MailServer) -> None:
    account = builders.account(Role.FACILITATOR)
    values = {"group": "Tuesday group", "day": "Tuesday"}
    send_to_staff(account, template="register-nudge", values=values, at=at)
    send_due(at)
    assert mail_server.mails[0]["List-Unsubscribe"] is None


def test_looking_at_the_link_changes_nothing(app: Flask, at: datetime) -> None:
    jo = person("Jo")
    message = queued(jo, at=at)
    url = f"/stop/{link_key(Purpose.STOP, jo.id)}"
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        answer = app.test_client().open(url, method=method)
        assert answer.status_code == 200
        assert "Jo" not in answer.text
        assert revealing_words(answer.text) == []
    assert message.state is State.QUEUED
    assert agrees_to_messages(jo.id)


def test_pressing_stops_without_a_token_and_says_how_to_start_again(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    jo = person("Jo")
    message = queued(jo, at=at)
    url = f"/stop/{link_key(Purpose.STOP, jo.id)}"
    for _ in range(2):
        answer = app.test_client().post(url, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "We have stopped" in answer.text
        assert "01632 960100" in answer.text
    assert "We have stopped" in app.test_client().get(url).text
    assert message.state is State.STOPPED
    assert not agrees_to_messages(jo.id)
    reply = db.session.scalars(select(Reply)).one()
    assert (reply.participant_id, reply.wants) == (jo.id, Wants.STOP)
    account = builders.account(Role.COORDINATOR)
    [item] = todo(staff_viewer(account, at.date()), at)
    assert item.title == "Jo wants no more messages"
    assert "pressed the button" in sign_in(account).get(item.url).text


def test_a_link_for_something_else_stops_nothing(app: Flask, at: datetime) -> None:
    jo = person("Jo")
    for key in (link_key(Purpose.MY_GROUP, jo.id), "x", link_key(Purpose.STOP, 424242)):
        answer = app.test_client().post(f"/stop/{key}")
        assert answer.status_code == 404
        assert "closed" in answer.text
    assert agrees_to_messages(jo.id)
    assert db.session.scalar(select(func.count(Reply.id))) == 0
