"""Mail servers that misbehave: after three days everything is sent, or somebody was told."""

import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import smtp
from programme.messages.jobs import send_due
from programme.messages.models import Message
from programme.messages.rules import RETRY_FOR, WAITING, State
from tests import builders
from tests.conftest import on_sqlite
from tests.messages.conftest import use
from tests.messages.making import person, queued
from tests.messages.scripted import (
    DROP,
    END,
    ENDLESS,
    GARBAGE,
    GREETING,
    HANG,
    TOO_LONG,
    VERBS,
    RunningServer,
    Script,
)

COUNT = 3
HOUR = timedelta(hours=1)
LATER = ("421", "450", "451", "452")
NEVER = ("550", "552", "554")
BREAKS = (HANG, DROP, GARBAGE, ENDLESS, TOO_LONG)
SET_UP = (GREETING, "EHLO", "AUTH", "MAIL")
"""Until here the server knows nothing of the letter: what is wrong is wrong for all."""
OF_THE_LETTER = ("RCPT", "DATA", END)
AFTERWARDS = ("RSET", "QUIT")
FEW = [(verb, wrong) for verb in VERBS for wrong in ("421", "451", "550", DROP)]
FEW += [("MAIL", HANG), (END, HANG), ("QUIT", HANG), (GREETING, GARBAGE), ("EHLO", ENDLESS)]
MANY = [(verb, wrong) for verb in VERBS for wrong in (*LATER, *NEVER, *BREAKS)]

Serve = Callable[..., Script]


@pytest.fixture
def serve(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a server that the application sends through, with little patience when it hangs."""
    running: list[RunningServer] = []

    def started(script: Script, *, patience: float = 0.3) -> Script:
        seconds = patience if HANG in script.wrong.values() else 10
        wait_for(seconds, monkeypatch)
        running.append(RunningServer(script))
        use(
            app, smtp_host="127.0.0.1", smtp_port=script.port, smtp_user="us",
            smtp_password="a password", smtp_starttls=script.offers_tls,
        )  # fmt: skip
        return script

    yield started
    for each in running:
        each.stop()


def wait_for(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the application wait no longer for an answer. Where no good one is left to come, that
    may be so short that a good one might be missed."""
    for name in ("SECONDS_TO_WAIT", "SECONDS_FOR_THE_LAST_ANSWER", "SECONDS_TO_SAY_GOODBYE"):
        monkeypatch.setattr(smtp, name, seconds)


def outbox(at: datetime, count: int = COUNT) -> list[Message]:
    lead = builders.partner()
    return [queued(somebody(number, lead), at=at, lasts=timedelta(days=30))
            for number in range(count)]  # fmt: skip


def somebody(number: int, lead: builders.Partner) -> builders.Participant:
    """May be written to at any hour, so that only the server decides when it leaves."""
    to = person(f"Jo {number}", email=address(number), partner=lead)
    to.conversation.from_hour, to.conversation.until_hour = 0, 24
    return to


def address(number: int) -> str:
    return f"jo{number}@example.org"


def live_through(at: datetime, until: Callable[[datetime], None] = lambda _now: None) -> datetime:
    """Let the clock tick whenever something waits, for three days at most; gives when it ended."""
    now = at
    while now <= at + RETRY_FOR:
        until(now)
        send_due(now)
        waiting = db.select(db.func.min(Message.next_try_at)).where(Message.state.in_(WAITING))
        if (soonest := db.session.scalar(waiting)) is None:
            return now
        now = max(soonest.replace(second=0) + timedelta(minutes=1), now + timedelta(minutes=1))
    pytest.fail("After three days something is neither sent nor flagged.")


def states(messages: list[Message]) -> list[State]:
    for message in messages:
        db.session.refresh(message)
    return [message.state for message in messages]


def taken(script: Script) -> Counter[str]:
    return Counter(recipient for recipient, _ in script.took)


@pytest.fixture(autouse=True)
def all_day(app: Flask) -> None:
    use(app, send_from_hour=0, send_until_hour=24)


def check_flagged_in_three_days(at: datetime, script: Script, verb: str, wrong: str) -> None:
    """A server that never does better."""
    messages = outbox(at)
    live_through(at)
    found = set(states(messages))
    if verb in AFTERWARDS:
        assert found == {State.SENT}
        assert set(taken(script).values()) == {1}
    elif verb == END and wrong in BREAKS:
        assert found <= {State.UNCERTAIN, State.FAILED}
    else:
        assert found == {State.FAILED}
        assert script.took == []
    in_words = " ".join(message.reason or "" for message in messages)
    assert "example.org" not in in_words
    if verb in OF_THE_LETTER and wrong in NEVER:
        assert "refused" in in_words
    elif verb not in AFTERWARDS:
        assert "in time" in in_words or "did not say" in in_words


def check_all_sent_once_it_recovers(at: datetime, script: Script, verb: str, wrong: str) -> None:
    """A server that does better after five hours."""
    messages = outbox(at)

    def until(now: datetime) -> None:
        if now >= at + 5 * HOUR:
            script.wrong = {}

    live_through(at, until)
    if verb in OF_THE_LETTER and wrong in NEVER:
        assert set(states(messages)) == {State.FAILED}
    elif verb == END and wrong in BREAKS:
        assert set(states(messages)) <= {State.UNCERTAIN, State.SENT}
    else:
        assert set(states(messages)) == {State.SENT}
        assert taken(script) == {address(number): 1 for number in range(COUNT)}


CHECKS = [check_flagged_in_three_days, check_all_sent_once_it_recovers]
Check = Callable[[datetime, Script, str, str], None]


@on_sqlite
@pytest.mark.parametrize(("verb", "wrong"), FEW)
def test_everything_is_sent_or_flagged(
    app: Flask, at: datetime, serve: Serve, verb: str, wrong: str
) -> None:
    script = serve(Script({verb: wrong}), patience=0.3 if verb in AFTERWARDS else 0.05)
    check_flagged_in_three_days(at, script, verb, wrong)


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(("verb", "wrong"), MANY)
def test_everything_is_sent_or_flagged_at_length(
    app: Flask, at: datetime, serve: Serve, verb: str, wrong: str, check: Check
) -> None:
    check(at, serve(Script({verb: wrong})), verb, wrong)


@on_sqlite
@pytest.mark.parametrize("verb", OF_THE_LETTER)
@pytest.mark.parametrize("wrong", [*LATER, *NEVER, *BREAKS])
def test_one_letter_that_the_server_chokes_on_holds_up_no_other(
    app: Flask, at: datetime, serve: Serve, verb: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes first, and the server misbehaves at it only."""
    script = serve(Script({verb: wrong}, only_for=address(0)))
    messages = outbox(at, 6)
    send_due(at)
    assert states(messages)[1:] == [State.SENT] * 5, "The others had to wait."
    wait_for(0.05, monkeypatch)
    live_through(at + timedelta(minutes=1))
    assert states(messages)[0] in (State.FAILED, State.UNCERTAIN)
    others = {address(number): 1 for number in range(1, 6)}
    assert taken(script) == others, "The others had it twice."


@on_sqlite
@pytest.mark.parametrize("wrong", [HANG, DROP])
@pytest.mark.parametrize("verb", OF_THE_LETTER)
def test_many_letters_that_the_server_breaks_off_at_hold_the_others_up_for_minutes_only(
    app: Flask, at: datetime, serve: Serve, verb: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of them are tried, the server is left alone for a minute, then the others go."""
    script = serve(Script({verb: wrong}, only_for=address(0)))
    lead = builders.partner()
    bad = [somebody(0, lead) for _ in range(4)]
    first = [queued(to, at=at, lasts=timedelta(days=30)) for to in bad]
    good = [queued(somebody(n, lead), at=at, lasts=timedelta(days=30)) for n in range(1, 6)]
    for minute in range(10):
        send_due(at + timedelta(minutes=minute))
    assert set(states(good)) == {State.SENT}
    assert taken(script) == {address(number): 1 for number in range(1, 6)}
    wait_for(0.05, monkeypatch)
    live_through(at + timedelta(minutes=10))
    assert State.SENT not in states(first)


@on_sqlite
def test_a_mail_that_a_server_takes_without_saying_so_goes_three_times_at_most(
    app: Flask, at: datetime, serve: Serve
) -> None:
    script = serve(Script({END: DROP}, takes_it_first=True))
    messages = outbox(at)
    live_through(at)
    assert set(states(messages)) == {State.UNCERTAIN}
    assert max(taken(script).values()) <= 3
    assert len({message_id for _, message_id in script.took}) == len(messages)


@on_sqlite
@pytest.mark.parametrize("verb", SET_UP)
@pytest.mark.parametrize("wrong", ["550", "554", "421"])
def test_what_is_wrong_with_our_set_up_is_never_held_against_a_recipient(
    app: Flask, at: datetime, serve: Serve, verb: str, wrong: str
) -> None:
    script = serve(Script({verb: wrong}))
    messages = outbox(at)
    send_due(at)
    assert set(states(messages)) == {State.QUEUED}
    assert script.connections == 1
    script.wrong = {}
    assert send_due(at + timedelta(minutes=1)) == COUNT


@on_sqlite
def test_greylisting_is_waited_out(app: Flask, at: datetime, serve: Serve) -> None:
    now = [at]
    script = serve(Script(greylist=15 * 60, clock=lambda: now[0].timestamp()))
    messages = outbox(at)
    ended = live_through(at, lambda at: now.__setitem__(0, at))
    assert set(states(messages)) == {State.SENT}
    assert ended - at < timedelta(minutes=40)
    assert set(taken(script).values()) == {1}


@on_sqlite
def test_a_connection_that_had_its_fill_is_opened_again(
    app: Flask, at: datetime, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = serve(Script())
    messages = outbox(at)

    class Closing(list[tuple[str, str]]):
        def append(self, mail: tuple[str, str]) -> None:
            super().append(mail)
            script.wrong = {"MAIL": "421 enough for one connection"}

    monkeypatch.setattr(script, "took", Closing())
    connect = smtp.connect

    def connect_again(ours: object) -> smtp.Conversation:
        script.wrong = {}
        return connect(ours)

    monkeypatch.setattr(smtp, "connect", connect_again)
    assert send_due(at) == COUNT
    assert script.connections == COUNT
    assert set(states(messages)) == {State.SENT}


@on_sqlite
def test_a_server_without_encryption_gets_nothing(app: Flask, at: datetime, serve: Serve) -> None:
    script = serve(Script())
    use(app, smtp_starttls=True)
    messages = outbox(at)
    live_through(at)
    assert set(states(messages)) == {State.FAILED}
    assert "does not offer what the settings ask for" in (messages[0].reason or "")
    assert not {"AUTH", "MAIL"} & set(script.said)


@on_sqlite
@pytest.mark.parametrize("wrong", ["454 not now", "501 what", HANG, DROP, GARBAGE])
def test_a_server_that_refuses_encryption_gets_nothing(
    app: Flask, at: datetime, serve: Serve, wrong: str
) -> None:
    script = serve(Script({"STARTTLS": wrong}, offers_tls=True), patience=0.05)
    messages = outbox(at)
    live_through(at)
    assert set(states(messages)) == {State.FAILED}
    assert not {"AUTH", "MAIL"} & set(script.said)


@on_sqlite
def test_a_server_with_somebody_elses_certificate_gets_nothing(
    app: Flask, at: datetime, serve: Serve, tmp_path: Path
) -> None:
    script = serve(Script(offers_tls=True, certificate=self_signed(tmp_path)))
    messages = outbox(at)
    live_through(at)
    assert set(states(messages)) == {State.FAILED}
    assert "certificate is not to be trusted" in (messages[0].reason or "")
    assert not {"AUTH", "MAIL"} & set(script.said)


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(real_now() - timedelta(days=1))
        .not_valid_after(real_now() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@on_sqlite
def test_a_server_that_refuses_the_connection_is_given_up_after_three_days(
    app: Flask, at: datetime, unused_port: int
) -> None:
    use(app, smtp_host="127.0.0.1", smtp_port=unused_port, smtp_starttls=False)
    messages = outbox(at)
    live_through(at)
    assert {message.reason for message in messages} == {
        "It could not be sent in time. The mail server does not answer."
    }


@on_sqlite
def test_a_server_is_told_when_we_leave(app: Flask, at: datetime, serve: Serve) -> None:
    script = serve(Script())
    outbox(at)
    assert send_due(at) == COUNT
    assert script.connections == 1
    assert script.said.count("QUIT") == 1
