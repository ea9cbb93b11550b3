"""What people write back: kept once, read by those who may, stopped when they say so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages.incoming.words import Heard
from programme.messages.jobs import forget_texts, send_due
from programme.messages.mail_in import ASKED, READ, understood
from programme.messages.models import ClockTick, Reply
from programme.messages.reaching import agrees_to_messages
from programme.messages.replies import take_reply
from programme.messages.reply_list import todo
from programme.messages.rules import State, Wants
from programme.people.models import Consent, Participant
from programme.people.rules import Channel
from tests import builders
from tests.counting import counted_queries
from tests.messages.conftest import use
from tests.messages.making import person, queued
from tests.messages.reports import mail

SignIn = Callable[[Account], FlaskClient]
DAY = timedelta(days=1)


@pytest.fixture
def coordinator(app: Flask, at: datetime) -> Account:
    return builders.account(Role.COORDINATOR, name="Ruth Adams")


@pytest.fixture
def browser(coordinator: Account, sign_in: SignIn) -> FlaskClient:
    return sign_in(coordinator)


def texted(text: str, *, sender: str = "+447700900123", number: str = "1") -> Heard:
    return Heard(Channel.SMS, f"SM{number}", sender, text)


def actions_of(who: Participant) -> list[str]:
    asked = select(AuditEntry.action).filter_by(actor=f"participant:{who.id}")
    return list(db.session.scalars(asked.order_by(AuditEntry.id)))


def titles(viewer: Viewer, at: datetime) -> list[str]:
    return [item.title for item in todo(viewer, at)]


def test_a_text_is_kept_sealed_for_whoever_sent_it(app: Flask, at: datetime) -> None:
    jo = person("Jo", phone="+447700900321")
    reply = take_reply(texted("I will be late", sender="+44 7700 900321"), at=at)
    assert (reply.participant_id, reply.wants) == (jo.id, Wants.ANSWER)
    assert (reply.text, reply.sender) == ("I will be late", "+44 7700 900321")
    assert agrees_to_messages(jo.id)


def test_the_same_reply_told_twice_is_one(app: Flask, at: datetime) -> None:
    jo = person("Jo", channel=Channel.SMS)
    assert take_reply(texted("STOP"), at=at)
    agreed_again(jo, at + DAY)
    assert take_reply(texted("STOP"), at=at + 2 * DAY) is None
    assert agrees_to_messages(jo.id)
    assert db.session.scalar(select(func.count(Reply.id))) == 1


def agreed_again(who: Participant, at: datetime) -> None:
    latest = db.session.scalars(select(Consent).order_by(Consent.id.desc())).first()
    db.session.add(
        Consent(participant_id=who.id, purpose=latest.purpose, wording_version=1, is_given=True,
                at=at, by="account:1")
    )  # fmt: skip
    db.session.flush()


def test_stop_ends_all_that_waits_and_whatever_comes_later(app: Flask, at: datetime) -> None:
    jo = person("Jo", channel=Channel.BY_HAND)
    waiting = [queued(jo, at=at), queued(jo, at=at, template="thanks")]
    other = queued(person("Al", phone="+447700900999", channel=Channel.BY_HAND), at=at)
    take_reply(texted("Stop please"), at=at)
    db.session.commit()
    assert [each.state for each in waiting] == [State.STOPPED, State.STOPPED]
    assert waiting[0].reason == "They asked for no more messages."
    assert other.state is State.QUEUED
    assert not agrees_to_messages(jo.id)
    assert actions_of(jo) == ["consent withdrawn", "stopped all messages"]
    assert send_due(at) == 0


def test_stop_holds_for_everybody_who_shares_the_phone(app: Flask, at: datetime) -> None:
    both = [person("Jo", channel=Channel.SMS), person("Al", channel=Channel.SMS)]
    reply = take_reply(texted("STOP"), at=at)
    assert reply.participant_id is None
    assert not any(agrees_to_messages(each.id) for each in both)


def test_stop_holds_for_every_entry_of_a_person(app: Flask, at: datetime) -> None:
    kept = person("Jo", phone="+447700900111")
    entry = person("Joanne", phone="+447700900222")
    entry.merged_into_id = kept.id
    reply = take_reply(texted("STOP", sender="07700 900222"), at=at)
    assert reply.participant_id == kept.id
    assert not agrees_to_messages(kept.id)
    assert not agrees_to_messages(entry.id)


def test_a_yes_starts_nothing_by_itself(app: Flask, at: datetime) -> None:
    jo = person("Jo", channel=Channel.SMS)
    assert take_reply(texted("Yes", number="1"), at=at).wants is Wants.ANSWER
    take_reply(texted("STOP", number="2"), at=at)
    assert take_reply(texted("START", number="3"), at=at).wants is Wants.START
    assert not agrees_to_messages(jo.id)


def test_a_stranger_stops_nobody(app: Flask, at: datetime) -> None:
    jo = person("Jo")
    for number, sender in enumerate(["+447700900555", "", "PROVIDER", "x" * 500, "\ud800\0"]):
        reply = take_reply(texted("STOP", sender=sender, number=str(number)), at=at)
        assert reply.participant_id is None
    assert agrees_to_messages(jo.id)


@pytest.mark.parametrize(
    ("raw", "wants", "text"),
    [
        (mail("Stop\n\nOn Tuesday, we <a@b> wrote:\n> answer STOP"), Wants.STOP, "Stop"),
        (mail("", subject="STOP"), Wants.STOP, "STOP"),
        (mail("See you then"), Wants.ANSWER, "See you then"),
        (
            mail("<p>Thank <b>you</b></p><blockquote>STOP</blockquote>",
                 more="Content-Type: text/html; charset=utf-8\n"),
            Wants.ANSWER, "Thank you",
        ),
        (
            mail("U3RvcCBwbGVhc2U=",
                 more="Content-Type: text/plain\nContent-Transfer-Encoding: base64\n"),
            Wants.STOP, "Stop please",
        ),
        (mail("Hi", more="Content-Type: text/plain; charset=no-such\n"), Wants.ANSWER, "Hi"),
    ],
)  # fmt: skip
def test_an_email_is_read_like_a_text(
    app: Flask, at: datetime, raw: bytes, wants: Wants, text: str
) -> None:
    jo = person("Jo", email="jo@example.org")
    [heard] = understood(raw)
    reply = take_reply(heard, at=at)
    assert (reply.participant_id, reply.wants, reply.text) == (jo.id, wants, text)


@pytest.mark.parametrize(
    "more",
    [
        *["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "List-Id: <a.example.org>\n"],
        *["Return-Path: <>\n", "X-Autoreply: yes\n", "List-Unsubscribe: <mailto:a@example.org>\n"],
    ],
)
def test_what_no_person_wrote_is_left_alone(app: Flask, at: datetime, more: str) -> None:
    assert understood(mail("STOP", more=more)) == []


def test_our_own_mails_are_left_alone(app: Flask, at: datetime) -> None:
    assert understood(mail("STOP", sender="Us <hello@groups.example.org>")) == []
    assert understood(mail("STOP", sender="nobody")) == []


def test_two_mails_without_an_id_are_two(app: Flask, at: datetime) -> None:
    found = [understood(mail(text, message_id=""))[0] for text in ("one", "two", "one")]
    assert [take_reply(heard, at=at) is not None for heard in found] == [True, True, False]


def test_today_names_who_wrote_until_somebody_dealt_with_it(
    app: Flask, at: datetime, coordinator: Account, browser: FlaskClient
) -> None:
    viewer = staff_viewer(coordinator, at.date())
    person("Jo")
    person("Al", phone="+447700900444")
    late = take_reply(texted("I will be late"), at=at)
    take_reply(texted("STOP", number="2"), at=at)
    take_reply(texted("Thanks", sender="+447700900444", number="3"), at=at)
    db.session.flush()
    assert titles(viewer, at) == ["Jo wants no more messages", "Jo and Al wrote back"]
    assert browser.post(f"/replies/{late.id}/read").status_code == 303
    assert titles(viewer, at) == ["Jo wants no more messages", "Al wrote back"]
    assert late.read_by == f"account:{coordinator.id}"
    assert "Al wrote back" in browser.get("/").text
    packer = staff_viewer(builders.account(Role.PACKER), at.date())
    assert titles(packer, at) == []


def test_reading_a_reply_leaves_a_trace_and_offers_to_raise_a_concern(
    app: Flask, at: datetime, coordinator: Account, browser: FlaskClient
) -> None:
    jo = person("Jo")
    reply = take_reply(texted("I am scared <b>tonight</b>"), at=at)
    db.session.flush()
    assert "scared" not in browser.get("/replies").text
    page = browser.get(f"/replies/{reply.id}").text
    assert "I am scared &lt;b&gt;tonight&lt;/b&gt;" in page
    assert "07700 900123" in page
    assert f"/concerns/new?person={jo.id}" in page
    assert reply.read_at is None
    read = select(AuditEntry).filter_by(action="read reply")
    assert db.session.scalars(read).one().actor == f"account:{coordinator.id}"


def test_only_those_of_their_scope_see_a_reply_and_all_of_it_only_those_who_see_all(
    app: Flask, at: datetime, sign_in: SignIn, browser: FlaskClient
) -> None:
    mine, other = builders.partner("Mine"), builders.partner("Other")
    person("Jo", partner=mine)
    person("Zed", partner=other, phone="+447700900555")
    own = take_reply(texted("Hello"), at=at)
    foreign = take_reply(texted("Hello", sender="+447700900555", number="2"), at=at)
    unknown = take_reply(texted("Hello", sender="+447700900777", number="3"), at=at)
    db.session.flush()
    limited = sign_in(builders.account(Role.COORDINATOR, partner=mine, name="Li Mited"))
    assert "Zed" not in limited.get("/replies").text
    assert limited.get(f"/replies/{own.id}").status_code == 200
    for reply in (foreign, unknown):
        assert limited.get(f"/replies/{reply.id}").status_code == 404
        assert limited.post(f"/replies/{reply.id}/read").status_code == 404
        assert browser.get(f"/replies/{reply.id}").status_code == 200
    facilitator = sign_in(builders.account(Role.FACILITATOR, name="Fa Cilitator"))
    assert facilitator.get("/replies").status_code == 403


def test_a_shared_number_says_whose_it_could_be(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    person("Jo")
    person("Al")
    reply = take_reply(texted("Which of us did you mean?"), at=at)
    db.session.flush()
    assert "Jo and Al" in browser.get(f"/replies/{reply.id}").text


def test_a_longer_list_asks_no_more_of_the_database(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    def many(first: int, last: int) -> int:
        for number in range(first, last):
            person(f"Jo {number}", phone=f"+4477009{number:05}")
            sender = f"+4477009{number:05}"
            take_reply(texted("Hello", sender=sender, number=str(number)), at=at)
        db.session.flush()
        with counted_queries() as asked:
            browser.get("/replies")
        return len(asked)

    assert many(0, 3) == many(3, 12) <= 10


def test_what_people_wrote_is_forgotten_after_90_days(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    person("Jo")
    reply = take_reply(texted("I will be late"), at=at)
    assert forget_texts(at + timedelta(days=89)) == 0
    assert forget_texts(at + timedelta(days=91)) == 1
    assert forget_texts(at + timedelta(days=92)) == 0
    assert (reply.text, reply.sender) == (None, "")
    assert "90 days" in browser.get(f"/replies/{reply.id}").text


def test_their_page_says_that_they_stopped_themselves(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    jo = person("Jo")
    assert "said so themselves" not in browser.get(f"/people/{jo.id}").text
    take_reply(texted("STOP"), at=at)
    assert "said so themselves" in browser.get(f"/people/{jo.id}").text


def test_today_says_when_the_mailbox_stays_closed(
    app: Flask, at: datetime, coordinator: Account
) -> None:
    viewer = staff_viewer(coordinator, at.date())
    use(app, bounce_host="mail.example.org")
    assert titles(viewer, at) == []
    db.session.add(ClockTick(job=ASKED, at=real_now()))
    assert titles(viewer, at) == ["The mailbox does not open"]
    read = ClockTick(job=READ, at=real_now() - timedelta(hours=5))
    db.session.add(read)
    assert titles(viewer, at) == []
    read.at = real_now() - timedelta(hours=7)
    assert titles(viewer, at) == ["The mailbox does not open"]
    use(app, bounce_host="")
    assert titles(viewer, at) == []
