"""An address that takes nothing of ours is left alone until there is another, or a talk."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from programme.access.queries import email_index
from programme.foundation.database import db
from programme.messages.jobs import send_due
from programme.messages.reaching import safe_route
from programme.messages.rules import NotAgreed, NotSafe, State
from programme.people.rules import Channel
from tests.messages.conftest import MailServer
from tests.messages.making import person, queued

DAY = timedelta(days=1)
NO_SUCH = ["550 5.1.1 <jo@example.org> no such person"]


def test_no_second_message_goes_to_an_address_that_does_not_exist(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    jo = person("Jo", email="jo@example.org")
    mail_server.answers = {"RCPT": list(NO_SUCH)}
    first, second = queued(jo, at=at), queued(jo, at=at + timedelta(hours=1), template="thanks")
    send_due(at)
    send_due(at + timedelta(hours=1))
    assert first.state is State.BOUNCED
    assert "jo@" not in first.reason
    assert second.state is State.FAILED
    assert second.reason == "Their e-mail came back: ring them, and ask for another address."
    assert mail_server.mails == []
    with pytest.raises(NotSafe) as problem:
        queued(jo, at=at + DAY)
    assert not isinstance(problem.value, NotAgreed)


def test_somebody_else_with_the_same_address_is_spared_too(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    mail_server.answers = {"RCPT": list(NO_SUCH)}
    queued(person("Jo", email="jo@example.org"), at=at)
    send_due(at)
    with pytest.raises(NotSafe):
        safe_route(person("Al", email="JO@example.org"), at=at)
    assert safe_route(person("Bo", email="bo@example.org"), at=at).channel is Channel.EMAIL


@pytest.mark.parametrize("answer", ["550 5.7.1 not liked", "552 5.2.2 full", "550 no", "451 5.1.1"])
def test_an_answer_that_is_not_about_the_address_lets_the_next_one_go(
    app: Flask, at: datetime, mail_server: MailServer, answer: str
) -> None:
    jo = person("Jo")
    mail_server.answers = {"RCPT": [answer]}
    queued(jo, at=at)
    send_due(at)
    assert safe_route(jo, at=at).channel is Channel.EMAIL


def test_another_address_lifts_it_and_so_does_agreeing_anew(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    jo = person("Jo", email="jo@example.org")
    mail_server.answers = {"RCPT": list(NO_SUCH)}
    queued(jo, at=at)
    send_due(at)
    jo.email, jo.email_index = "new@example.org", email_index("new@example.org")
    db.session.flush()
    assert safe_route(jo, at=at + DAY)
    jo.email, jo.email_index = "jo@example.org", email_index("jo@example.org")
    db.session.flush()
    with pytest.raises(NotSafe):
        safe_route(jo, at=at + DAY)
    jo.conversation.at = at + DAY
    db.session.flush()
    assert safe_route(jo, at=at + DAY)


def test_ringing_them_does_not_lift_it(app: Flask, at: datetime, mail_server: MailServer) -> None:
    jo = person("Jo")
    mail_server.answers = {"RCPT": list(NO_SUCH)}
    message = queued(jo, at=at)
    send_due(at)
    message.state = State.STOPPED
    db.session.flush()
    with pytest.raises(NotSafe):
        safe_route(jo, at=at)
