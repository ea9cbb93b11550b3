"""What leaves, once; what is tried again; what becomes a task."""

import json
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from programme.access.rules import Role
from programme.foundation.database import db
from programme.messages import jobs, preparing, sending, smtp, waiting, wanted
from programme.messages.actions import send_to_participant, send_to_staff
from programme.messages.jobs import forget_texts, send_due
from programme.messages.models import Message
from programme.messages.rules import NotAgreed, NotSafe, State
from programme.messages.transport import Letter
from programme.people.models import Consent
from programme.people.rules import CONSENT_WORDING_VERSION, Channel, ConsentPurpose
from tests import builders
from tests.messages.conftest import MailServer, SmsServer, use
from tests.messages.making import VALUES, person, queued

HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process dies here."""


def die(*_args: object, **_others: object) -> None:
    raise Killed


def killed_at(monkeypatch: pytest.MonkeyPatch, where: str, at: datetime) -> None:
    """Run the sender and kill it as it reaches `where`."""
    with monkeypatch.context() as patched:
        patched.setattr(sending, where, die)
        patched.setattr(jobs, where, die, raising=False)
        with pytest.raises(Killed):
            send_due(at)
    db.session.rollback()


def test_an_email_goes_to_one_person_with_a_neutral_sender(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = queued(person("Jo", email="jo@example.org"), at=at)
    assert send_due(at) == 1
    mail = mail_server.mails[0]
    assert mail_server.recipients == [["jo@example.org"]]
    assert mail["From"] == "Tuesday group <hello@groups.example.org>"
    assert mail["To"] == "jo@example.org"
    assert mail["Message-ID"] == f"<{message.key}@groups.example.org>"
    assert mail["Subject"] == "Tuesday group, Tuesday 6 October"
    text = mail.get_body(("plain",)).get_content()
    assert "http://localhost/g/" in text
    assert 'href="http://localhost/g/' in mail.get_body(("html",)).get_content()
    assert (message.state, message.provider_id) == (State.SENT, None)
    assert message.text == text.replace("\r\n", "\n").strip()


def test_running_the_clock_twice_sends_nothing_twice(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    queued(person(), at=at)
    assert [send_due(at), send_due(at), send_due(at + HOUR)] == [1, 0, 0]
    assert len(mail_server.mails) == 1


def test_a_refused_address_becomes_a_task(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    mail_server.answers = {"RCPT": ["550 no such person jo@example.org"]}
    message, other = queued(person("Jo"), at=at), queued(person("Al"), at=at)
    assert send_due(at) == 1
    assert (message.state, message.reason) == (State.FAILED, "The mail server refused it (550).")
    assert other.state is State.SENT


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("MAIL", "451 later"), ("RCPT", "450 greylisted"), ("DATA", "452 full"), ("RCPT", "421 bye")],
)
def test_a_temporary_answer_is_tried_again_after_a_pause(
    app: Flask, at: datetime, mail_server: MailServer, verb: str, answer: str
) -> None:
    mail_server.answers = {verb: [answer]}
    message = queued(person(), at=at)
    assert send_due(at) == 0
    assert (message.state, message.next_try_at) == (State.QUEUED, at + timedelta(minutes=1))
    assert send_due(at + timedelta(seconds=59)) == 0
    assert send_due(at + timedelta(minutes=1)) == 1
    assert len(mail_server.mails) == 1


def test_a_server_that_never_takes_it_is_given_up_after_three_days(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    mail_server.answers = {"RCPT": ["451 later"] * 500}
    message = queued(person(), at=at, lasts=timedelta(days=30))
    now = at
    while message.state is State.QUEUED:
        now += timedelta(minutes=10)
        send_due(now)
    assert message.state is State.FAILED
    assert timedelta(hours=48) < now - at <= timedelta(hours=72)
    assert message.attempts < 40


def test_a_server_that_is_not_there_holds_nothing_up(
    app: Flask, at: datetime, unused_port: int
) -> None:
    use(app, smtp_host="127.0.0.1", smtp_port=unused_port, smtp_starttls=False)
    message = queued(person(), at=at, lasts=2 * HOUR)
    for minute in range(0, 130, 5):
        send_due(at + timedelta(minutes=minute))
    assert message.state is State.FAILED
    assert message.reason == "It could not be sent in time. The mail server does not answer."


def test_a_server_that_hangs_costs_one_wait_for_all(
    app: Flask,
    at: datetime,
    hanging_port: int,
    impatient: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient(0.2)
    use(app, smtp_host="127.0.0.1", smtp_port=hanging_port, smtp_starttls=False)
    tries: list[object] = []
    connect = smtp.connect
    monkeypatch.setattr(smtp, "connect", lambda ours: tries.append(ours) or connect(ours))
    messages = [queued(person(f"Jo {number}"), at=at) for number in range(3)]
    assert send_due(at) == 0
    assert {message.state for message in messages} == {State.QUEUED}
    assert len(tries) == 1


def test_a_server_that_drops_after_taking_it_gets_the_same_message_id_again(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    mail_server.drops_after_data = True
    queued(person(), at=at)
    assert send_due(at) == 0
    mail_server.drops_after_data = False
    assert send_due(at + HOUR) == 1
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("where", ["deliver", "prepare", "hand_over", "begin"])
def test_a_sender_killed_before_sending_loses_and_doubles_nothing(
    app: Flask,
    at: datetime,
    mail_server: MailServer,
    sms_server: SmsServer,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    channel = Channel.SMS if where == "begin" else Channel.EMAIL
    messages = [queued(person(f"Jo {number}", channel=channel), at=at) for number in range(3)]
    killed_at(monkeypatch, where, at)
    assert send_due(at + timedelta(minutes=9)) == 0
    assert send_due(at + timedelta(minutes=10)) == 3
    assert len(mail_server.mails + sms_server.asked) == 3
    assert {message.state for message in messages} == {State.SENT}


def test_a_sender_killed_after_sending_repeats_one_email_at_most(
    app: Flask, at: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        queued(person(f"Jo {number}"), at=at)
    killed_at(monkeypatch, "_mark", at)
    assert send_due(at + HOUR) == 3
    assert len(mail_server.mails) == 4
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 3


def test_a_text_message_whose_sender_was_killed_is_never_sent_again(
    app: Flask, at: datetime, sms_server: SmsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [queued(person(f"Jo {n}", channel=Channel.SMS), at=at) for n in range(2)]
    killed_at(monkeypatch, "_mark", at)
    assert send_due(at + HOUR) == 1
    assert (first.state, first.reason) == (State.UNCERTAIN, waiting.INTERRUPTED)
    assert second.state is State.SENT
    assert sms_server.keys == [first.key, second.key]
    assert first.text


def test_a_text_message_arrives_with_its_key(
    app: Flask, at: datetime, sms_server: SmsServer
) -> None:
    message = queued(person(channel=Channel.SMS, phone="+447700900321"), at=at)
    assert send_due(at) == 1
    asked = sms_server.asked[0]
    assert (asked["to"], asked["reference"]) == ("+447700900321", message.key)
    assert asked["text"] == message.text
    assert message.provider_id == "provider-7"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, State.FAILED),
        (401, State.QUEUED),
        (429, State.QUEUED),
        (503, State.QUEUED),
        (500, State.UNCERTAIN),
        (504, State.UNCERTAIN),
    ],
)
def test_what_a_provider_answers_decides(
    app: Flask, at: datetime, sms_server: SmsServer, status: int, state: State
) -> None:
    sms_server.statuses = [status]
    message = queued(person(channel=Channel.SMS), at=at)
    send_due(at)
    assert message.state is state
    send_due(at + HOUR)
    assert len(sms_server.asked) == (2 if state is State.QUEUED else 1)


def test_a_provider_that_hangs_up_leaves_it_uncertain(
    app: Flask, at: datetime, sms_server: SmsServer
) -> None:
    sms_server.hangs_up = True
    message = queued(person(channel=Channel.SMS), at=at)
    send_due(at)
    send_due(at + HOUR)
    assert message.state is State.UNCERTAIN
    assert len(sms_server.asked) == 1


def test_a_provider_that_is_not_there_is_tried_again(
    app: Flask, at: datetime, sms_server: SmsServer, unused_port: int
) -> None:
    works = app.config["SETTINGS"].sms_url
    message = queued(person(channel=Channel.SMS), at=at)
    use(app, sms_url=f"http://127.0.0.1:{unused_port}/")
    assert send_due(at) == 0
    use(app, sms_url=works)
    assert send_due(at + HOUR) == 1
    assert message.state is State.SENT


def test_many_senders_at_once_send_each_message_once(
    app: Flask, at: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 3)
    for number in range(30):
        queued(person(f"Jo {number}"), at=at)
    sent: list[int] = []

    def sender() -> None:
        with app.app_context():
            sent.append(send_due(at))

    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 30
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == len(mail_server.mails) == 30


def test_a_slow_sender_does_not_undo_what_another_did_meanwhile(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = queued(person(), at=at)
    [slow] = sending.claim(at)
    assert send_due(at + HOUR) == 1
    assert sending.prepare([slow], at) == []
    assert db.session.get(Message, message.id).state is State.SENT


def test_a_row_taken_over_belongs_to_the_later_sender(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    queued(person(), at=at)
    [slow] = sending.claim(at)
    [quick] = sending.claim(at + HOUR)
    assert sending.prepare([slow], at + HOUR) == []
    assert sending.prepare([quick], at + HOUR)


def test_a_text_message_once_begun_is_never_taken_again(
    app: Flask, at: datetime, sms_server: SmsServer
) -> None:
    queued(person(channel=Channel.SMS), at=at)
    [letter] = sending.prepare(sending.claim(at), at)
    assert sending.begin(letter, at)
    assert not sending.begin(letter, at)
    assert sending.claim(at + HOUR) == []


def test_somebody_who_wants_texts_now_gets_no_email(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    to = person()
    message = queued(to, at=at)
    to.conversation.channel = Channel.SMS
    db.session.commit()
    assert send_due(at) == 0
    assert (message.channel, message.state) == (Channel.BY_HAND, State.QUEUED)


def test_what_is_too_late_is_skipped(app: Flask, at: datetime, mail_server: MailServer) -> None:
    message = queued(person(), at=at, lasts=HOUR)
    by_hand = queued(person("Al", channel=Channel.BY_HAND), at=at, lasts=HOUR)
    assert send_due(at + HOUR) == 0
    assert {message.state, by_hand.state} == {State.SKIPPED}
    assert message.reason == preparing.TOO_LATE


def no_more(messages: Sequence[Message], _at: datetime) -> dict[int, frozenset[int]]:
    return {message.id: frozenset({0}) for message in messages}


def test_what_is_no_longer_wanted_is_skipped(
    app: Flask, at: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wanted, "ASKED", [no_more])
    message = queued(person(), at=at)
    assert send_due(at) == 0
    assert message.state is State.SKIPPED
    assert mail_server.mails == []


def test_a_sender_that_was_down_all_evening_does_not_write_at_night(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    tonight = at.replace(hour=21)
    early, late = queued(person(), at=at), queued(person("Al"), at=at, lasts=48 * HOUR)
    assert send_due(tonight) == 0
    assert early.state is State.SKIPPED
    assert late.next_try_at == at.replace(day=7, hour=8)
    assert send_due(late.next_try_at) == 1


def test_staff_are_written_to_at_any_hour(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    tonight = at.replace(hour=22)
    account = builders.account(Role.FACILITATOR, email="fac@example.org")
    send_to_staff(account, template="register-nudge", values=VALUES, at=tonight)
    db.session.commit()
    assert send_due(tonight) == 1
    assert mail_server.recipients == [["fac@example.org"]]


def test_a_changed_mind_counts_until_the_last_moment(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    rung, stopped, moved = person("Jo"), person("Al"), person("Bo", email="old@example.org")
    unreachable = person("Cy")
    messages = [queued(each, at=at) for each in (rung, stopped, moved, unreachable)]
    rung.conversation.channel = Channel.PHONE
    unreachable.email = None
    refuse_messages(stopped.id, at)
    moved.email = "new@example.org"
    db.session.commit()
    assert send_due(at) == 1
    assert [each.state for each in messages] == [
        State.QUEUED, State.SKIPPED, State.SENT, State.FAILED
    ]  # fmt: skip
    assert (messages[0].channel, messages[0].attempts) == (Channel.PHONE, 0)
    assert mail_server.recipients == [["new@example.org"]]


def test_a_mistake_in_one_message_holds_back_no_other(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    broken = queued(person("Jo"), at=at, template="there-is-no-such-text")
    other = queued(person("Al"), at=at)
    assert send_due(at) == 1
    assert (broken.state, other.state) == (State.FAILED, State.SENT)


def test_nobody_can_smuggle_in_a_header(app: Flask, at: datetime, mail_server: MailServer) -> None:
    first = queued(person("Jo\nBcc: other@example.org", email="jo@example.org"), at=at)
    first.values = json.dumps(VALUES | {"group": "Tuesday\r\nBcc: eve@example.org"})
    db.session.commit()
    assert send_due(at) == 1
    assert mail_server.recipients == [["jo@example.org"]]
    assert mail_server.mails[0]["Bcc"] is None
    assert mail_server.mails[0]["Subject"].startswith("Tuesday Bcc: eve@example.org, ")


@pytest.mark.parametrize(
    "address", ["zed@example.org, eve@example.org", "zoë@example.org", "zed", "zed@exämple.org"]
)
def test_an_address_that_cannot_be_one_fails_alone(
    app: Flask, at: datetime, mail_server: MailServer, address: str
) -> None:
    wrong, other = queued(person("Zed", email=address), at=at), queued(person("Jo"), at=at)
    assert send_due(at) == 1
    assert (wrong.state, other.state) == (State.FAILED, State.SENT)


def test_in_a_demonstration_nothing_leaves_and_all_can_be_read(
    app: Flask, at: datetime, mail_server: MailServer, sms_server: SmsServer
) -> None:
    use(app, demonstration=True)
    messages = [queued(person(f"Jo {c}", channel=c), at=at) for c in (Channel.EMAIL, Channel.SMS)]
    assert send_due(at) == 2
    assert mail_server.mails == sms_server.asked == []
    assert all(message.text and message.state is State.SENT for message in messages)


def test_texts_are_forgotten_after_ninety_days(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = queued(person(), at=at)
    send_due(at)
    assert forget_texts(at + timedelta(days=90)) == 0
    assert forget_texts(at + timedelta(days=90, seconds=1)) == 1
    db.session.refresh(message)
    assert (message.text, message.subject, message.values) == (None, None, "{}")
    queued(person("Zed", channel=Channel.BY_HAND), at=at, lasts=timedelta(days=365))
    assert forget_texts(at + timedelta(days=91)) == 0


@pytest.mark.parametrize(
    ("channel", "others", "reason"),
    [
        (Channel.PHONE, {"phone": None}, "Their phone number is missing."),
        (Channel.POST, {}, "A letter would arrive too late: ring them."),
        (Channel.EMAIL, {"email": None}, "Their e-mail address is missing."),
        (Channel.SMS, {"phone": None}, "Their phone number is missing."),
        (Channel.BY_HAND, {"phone": None}, "Their phone number is missing."),
        (Channel.SMS, {"may_text": False}, "They asked not to be texted."),
    ],
)
def test_what_is_not_safe_is_not_queued(
    app: Flask, at: datetime, channel: Channel, others: dict[str, object], reason: str
) -> None:
    to = person(channel=channel, **others)
    with pytest.raises(NotSafe) as refused:
        queued(to, at=at)
    assert refused.value.reason == reason


def test_nothing_is_started_before_the_first_conversation(app: Flask, at: datetime) -> None:
    stranger = builders.participant("Jo", partner=builders.partner())
    with pytest.raises(NotSafe, match="first conversation"):
        queued(stranger, at=at)


def test_nothing_is_started_without_consent_or_past_its_review(app: Flask, at: datetime) -> None:
    no_longer, to_review = person("Jo"), person("Al")
    refuse_messages(no_longer.id, at)
    to_review.conversation.review_on = date(2026, 10, 5)
    with pytest.raises(NotAgreed):
        queued(no_longer, at=at)
    with pytest.raises(NotSafe, match="review"):
        queued(to_review, at=at)


def test_without_a_provider_a_text_message_is_for_somebody_to_send(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = queued(person(channel=Channel.SMS), at=at)
    assert message.channel is Channel.BY_HAND
    assert send_due(at) == 0
    assert message.state is State.QUEUED


def test_safe_hours_are_kept_when_queueing(app: Flask, at: datetime) -> None:
    to = person()
    to.conversation.from_hour, to.conversation.until_hour = 12, 14
    tonight = at.replace(hour=18)
    message = send_to_participant(
        to, template="thanks", values=VALUES, due_at=tonight, expires_at=tonight + HOUR, at=at,
        sender_name="Tuesday group",
    )  # fmt: skip
    assert message.due_at == at.replace(hour=12, minute=30)


def refuse_messages(participant_id: int, at: datetime) -> None:
    db.session.add(
        Consent(
            participant_id=participant_id,
            purpose=ConsentPurpose.MESSAGES,
            wording_version=CONSENT_WORDING_VERSION,
            is_given=False,
            at=at,
            by="test",
        )
    )


def test_a_sender_told_to_stop_gives_back_what_it_has_not_touched(
    app: Flask, at: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [queued(person(f"Jo {number}"), at=at) for number in range(3)]
    hand_over = sending.hand_over

    def hand_over_one_then_stop(*given: object) -> bool:
        monkeypatch.setattr(jobs, "stopping", told := threading.Event())
        told.set()
        return hand_over(*given)

    monkeypatch.setattr(sending, "hand_over", hand_over_one_then_stop)
    assert send_due(at) == 1
    assert [each.state for each in messages] == [State.SENT, State.QUEUED, State.QUEUED]
    jobs.stopping.clear()
    monkeypatch.setattr(sending, "hand_over", hand_over)
    assert send_due(at) == 2
    assert len(mail_server.mails) == 3


def test_what_was_asked_some_seconds_ago_is_asked_again(
    app: Flask, at: datetime, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that takes its time must not make us write to somebody who left meanwhile."""
    first, second = queued(person("Jo"), at=at), queued(person("Al"), at=at)
    hand_over = sending.hand_over

    def slow(letter: Letter, *others: object) -> bool:
        left = hand_over(letter, *others)
        refuse_messages(second.participant_id, at)
        db.session.commit()
        return left

    monkeypatch.setattr(sending, "hand_over", slow)
    monkeypatch.setattr(sending, "FRESH_FOR", 0.0)
    assert send_due(at) == 1
    assert (first.state, second.state) == (State.SENT, State.SKIPPED)


def test_one_greeting_and_two_texts_go_to_one_person_of_one_day(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    to = person("Jo")
    first = queued(to, at=at)
    assert queued(to, at=at, template="questionnaire-remind") is first
    alone = queued(to, at=at, template="remind-hour-before")
    tomorrow = queued(to, at=at + 24 * HOUR, template="thanks")
    assert len({first.id, alone.id, tomorrow.id}) == 3
    assert send_due(at) == 2
    body = mail_server.mails[0].get_body(("plain",)).get_content()
    assert body.startswith("Hello Jo, from Family groups.")
    assert body.count("http://localhost/g/") == 2
    assert mail_server.mails[0]["Subject"] == "Tuesday group, Tuesday 6 October"


def test_nothing_joins_a_message_that_a_sender_has_or_that_somebody_may_be_copying(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    to, by_hand = person("Jo"), person("Al", channel=Channel.BY_HAND)
    taken, copied = queued(to, at=at), queued(by_hand, at=at)
    sending.claim(at)
    assert queued(to, at=at) is not taken
    assert queued(by_hand, at=at + timedelta(seconds=30)) is not copied
