"""Senders killed with -9 at every point of their way: nothing is lost, hardly anything doubled.

What a killed sender held is free when its lease ends; then one sender, or four at once, finish.
"""

import secrets
from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from flask import Flask

from programme.foundation.database import db
from programme.messages import sending
from programme.messages.jobs import send_due
from programme.messages.models import Message
from programme.messages.rules import WAITING, State
from programme.people.rules import Channel
from tests import builders
from tests.messages.conftest import MailServer, SmsServer
from tests.messages.crashes.conftest import Senders
from tests.messages.making import person, queued

COUNT = 4
BEFORE = [
    ("before the claim", 1),
    ("before the claim is committed", 1),
    ("after the claim", 1),
    ("before the preparation is committed", 1),
    ("after the preparation", 1),
]
NOT_BEGUN = [("before it is noted that a text was begun", 2)]
BEFORE_DATA = [("after connecting to the mail server", 1), ("after MAIL", 2), ("after RCPT", 2)]
AFTER_DATA = [("after DATA, the answer unread", 2), ("before the mark is committed", 2)]
NOT_ASKED = [
    ("after it was noted that a text was begun", 2),
    ("after connecting to the provider", 2),
]
ASKED = [("after asking, the answer unread", 2), ("before the mark is committed", 2)]
MARKED = ("after the mark", 2)
LATER = sending.LEASE + timedelta(seconds=1)


def outbox(at: datetime, channel: Channel, count: int = COUNT) -> list[str]:
    """Messages due now, to as many people; gives their keys and lets go of the database."""
    lead = builders.partner(f"Charity {secrets.token_hex(4)}")
    people = [person(f"Jo {n}", channel=channel, partner=lead) for n in range(count)]
    keys = [queued(to, at=at).key for to in people]
    db.session.commit()
    return keys


def states() -> dict[str, State]:
    db.session.rollback()
    found = dict(db.session.execute(db.select(Message.key, Message.state)).all())
    db.session.rollback()
    return found


def finish(at: datetime) -> None:
    """One sender ends the work. PostgreSQL may notice a moment later that a client is gone."""
    for _ in range(200):
        send_due(at)
        if not set(states().values()) & set(WAITING):
            return
    pytest.fail("Something was never sent.")


def copies_of(mail_server: MailServer) -> Counter[str]:
    return Counter(mail["Message-ID"].strip("<>").split("@")[0] for mail in mail_server.mails)


@pytest.mark.parametrize(("point", "nth"), [*BEFORE, *BEFORE_DATA, MARKED])
def test_an_email_whose_sender_is_killed_before_data_or_after_the_mark_goes_once(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders, point: str, nth: int
) -> None:
    keys = outbox(at, Channel.EMAIL)
    senders.kill(at, point, nth)
    finish(at + LATER)
    assert copies_of(mail_server) == dict.fromkeys(keys, 1)
    assert states() == dict.fromkeys(keys, State.SENT)


@pytest.mark.parametrize(("point", "nth"), AFTER_DATA)
def test_an_email_whose_sender_is_killed_after_data_comes_twice_as_the_same_mail(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders, point: str, nth: int
) -> None:
    keys = outbox(at, Channel.EMAIL)
    senders.kill(at, point, nth)
    finish(at + LATER)
    assert copies_of(mail_server) == dict.fromkeys(keys, 1) | {keys[1]: 2}
    assert states() == dict.fromkeys(keys, State.SENT)


@pytest.mark.parametrize(("point", "nth"), [*BEFORE, *NOT_BEGUN, MARKED])
def test_a_text_whose_sender_is_killed_before_it_was_begun_or_after_the_mark_goes_once(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders, point: str, nth: int
) -> None:
    keys = outbox(at, Channel.SMS)
    senders.kill(at, point, nth)
    finish(at + LATER)
    assert Counter(sms_server.keys) == dict.fromkeys(keys, 1)
    assert states() == dict.fromkeys(keys, State.SENT)


@pytest.mark.parametrize(("point", "nth"), [*NOT_ASKED, *ASKED])
def test_a_text_whose_sender_is_killed_once_it_was_begun_is_shown_to_staff_and_never_goes_again(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders, point: str, nth: int
) -> None:
    keys = outbox(at, Channel.SMS)
    senders.kill(at, point, nth)
    finish(at + LATER)
    others = [key for key in keys if (point, nth) in ASKED or key != keys[1]]
    assert Counter(sms_server.keys) == dict.fromkeys(others, 1)
    assert states() == dict.fromkeys(keys, State.SENT) | {keys[1]: State.UNCERTAIN}


@pytest.mark.parametrize("point", [AFTER_DATA[1]])
def test_four_senders_at_once_finish_what_a_killed_one_began(
    app: Flask, at: datetime, mail_server: MailServer, sms_server: SmsServer, senders: Senders,
    point: tuple[str, int],
) -> None:  # fmt: skip
    check_four_finish(at, mail_server, sms_server, senders, point)


@pytest.mark.long
@pytest.mark.parametrize(
    "point", [*BEFORE, *NOT_BEGUN, *BEFORE_DATA, *NOT_ASKED, *AFTER_DATA, ASKED[0], MARKED]
)
def test_four_senders_at_once_finish_from_every_point(
    app: Flask, at: datetime, mail_server: MailServer, sms_server: SmsServer, senders: Senders,
    point: tuple[str, int],
) -> None:  # fmt: skip
    check_four_finish(at, mail_server, sms_server, senders, point)


def check_four_finish(
    at: datetime, mail_server: MailServer, sms_server: SmsServer, senders: Senders,
    point: tuple[str, int],
) -> None:  # fmt: skip
    mails, texts = outbox(at, Channel.EMAIL, 12), outbox(at, Channel.SMS, 12)
    senders.kill(at, *point)
    four_at_once(at + LATER, senders)
    finish(at + LATER)
    check_nothing_lost(mails, texts, mail_server, sms_server, kills=1)


@pytest.mark.long
def test_senders_killed_again_and_again_lose_nothing(
    app: Flask, at: datetime, mail_server: MailServer, sms_server: SmsServer, senders: Senders
) -> None:
    chance, kills = Random(20261006), 24
    both = [(outbox(at, Channel.EMAIL, 1), outbox(at, Channel.SMS, 1)) for _ in range(60)]
    mails, texts = [mail for [mail], _ in both], [text for _, [text] in both]
    points = [*BEFORE[:3], ("after MAIL", 1), ("after RCPT", 1), *AFTER_DATA, *ASKED, MARKED]
    for _ in range(kills):
        point, _nth = chance.choice(points)
        senders.kill(at, point, 1)
        at += LATER
    four_at_once(at, senders)
    finish(at)
    check_nothing_lost(mails, texts, mail_server, sms_server, kills=kills)


def four_at_once(at: datetime, senders: Senders) -> None:
    for each in [senders.start(at) for _ in range(4)]:
        each.finish()


def check_nothing_lost(
    mails: list[str], texts: list[str], mail_server: MailServer, sms_server: SmsServer, kills: int
) -> None:
    """Every e-mail arrived, and no more copies than kills; every text once, or shown to staff."""
    copies, asked, found = copies_of(mail_server), Counter(sms_server.keys), states()
    assert copies.keys() == set(mails)
    assert copies.total() - len(mails) <= kills
    assert {found[key] for key in mails} == {State.SENT}
    assert set(asked.values()) == {1}
    uncertain = [key for key in texts if found[key] is State.UNCERTAIN]
    assert len(uncertain) <= kills
    assert all(found[key] is State.SENT for key in texts if key not in uncertain)
    assert all(key in asked or key in uncertain for key in texts)
