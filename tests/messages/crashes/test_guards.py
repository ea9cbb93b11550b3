"""What would happen without each guard: the same tests with it, and with it taken away.

One sender waits at a point of its way (a process that hangs, a machine that sleeps); another
comes along; then the first goes on, or is killed.
"""

from collections import Counter
from datetime import datetime

from flask import Flask

from programme.messages.jobs import send_due
from programme.messages.rules import State
from programme.people.rules import Channel
from tests.messages.conftest import MailServer, SmsServer
from tests.messages.crashes.conftest import Senders
from tests.messages.crashes.test_crashes import LATER, copies_of, finish, outbox, states


def two_at_once(at: datetime, mails: MailServer, senders: Senders, without: str = "") -> int:
    """One has its letter in hand when the other begins; how often the letter arrived."""
    [key] = outbox(at, Channel.EMAIL, 1)
    slow = senders.wait_at(at, "after the preparation", without=without)
    send_due(at)
    slow.go_on()
    slow.finish()
    return copies_of(mails)[key]


def test_a_lease_keeps_others_from_what_a_sender_has_in_hand(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders
) -> None:
    assert two_at_once(at, mail_server, senders) == 1


def test_without_a_lease_it_would_be_sent_twice(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders
) -> None:
    assert two_at_once(at, mail_server, senders, without="a lease") == 2


def one_wakes_up_late(at: datetime, told: SmsServer, senders: Senders, without: str = "") -> int:
    """One sleeps past its lease with a text it has not begun; how often the text was sent."""
    outbox(at, Channel.SMS, 1)
    slow = senders.wait_at(at, "after the claim", without=without)
    send_due(at + LATER)
    slow.go_on()
    slow.finish()
    return len(told.keys)


def test_counting_attempts_tells_a_late_sender_that_the_row_is_not_its_own(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders
) -> None:
    assert one_wakes_up_late(at, sms_server, senders) == 1


def test_without_counting_attempts_a_text_would_be_sent_twice(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders
) -> None:
    assert one_wakes_up_late(at, sms_server, senders, without="counting attempts") == 2


def killed_after_asking(
    at: datetime, told: SmsServer, senders: Senders, without: str = ""
) -> tuple[int, State]:
    """How often the text was sent, and what became of its row."""
    [key] = outbox(at, Channel.SMS, 1)
    senders.kill(at, "after asking, the answer unread", without=without)
    finish(at + LATER)
    return Counter(told.keys)[key], states()[key]


def test_a_text_is_noted_as_begun_before_it_is_sent(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders
) -> None:
    assert killed_after_asking(at, sms_server, senders) == (1, State.UNCERTAIN)


def test_without_noting_that_a_text_was_begun_it_would_be_sent_twice(
    app: Flask, at: datetime, sms_server: SmsServer, senders: Senders
) -> None:
    without = "noting that a text was begun"
    assert killed_after_asking(at, sms_server, senders, without) == (2, State.SENT)


def killed_after_data(
    at: datetime, mails: MailServer, senders: Senders, without: str = ""
) -> Counter[str]:
    outbox(at, Channel.EMAIL, 1)
    senders.kill(at, "after DATA, the answer unread", without=without)
    finish(at + LATER)
    return copies_of(mails)


def test_a_second_copy_has_the_same_message_id(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders
) -> None:
    assert list(killed_after_data(at, mail_server, senders).values()) == [2]


def test_without_a_lasting_message_id_a_second_copy_would_be_a_second_mail(
    app: Flask, at: datetime, mail_server: MailServer, senders: Senders
) -> None:
    without = "a lasting Message-ID"
    assert list(killed_after_data(at, mail_server, senders, without).values()) == [1, 1]
