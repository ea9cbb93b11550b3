"""The mailbox is read by the clock: each mail once, whatever breaks in between."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import mail_in
from programme.messages.incoming import mailboxes
from programme.messages.incoming.mailboxes import LONGEST_MAIL
from programme.messages.incoming.words import Heard
from programme.messages.jobs import send_due
from programme.messages.mail_in import ASKED, READ, read_mailbox
from programme.messages.models import ClockTick, Message, Reply
from programme.messages.reaching import agrees_to_messages
from programme.messages.rules import State
from tests.messages.conftest import MailServer, use
from tests.messages.imap import Imap, serving
from tests.messages.making import person, queued
from tests.messages.reports import mail, report


@pytest.fixture
def sent(app: Flask, at: datetime, mail_server: MailServer) -> Message:
    """An e-mail to Jo that has left."""
    message = queued(person("Jo", email="jo@example.org"), at=at)
    send_due(at)
    return message


@pytest.fixture
def imap(
    app: Flask, sent: Message, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Imap]:
    """A mailbox of ours, on a server with a certificate that counts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(mail_in, "EVERY", timedelta())
    with serving(certificate) as server:
        use(app, bounce_host="127.0.0.1", bounce_port=server.port, bounce_user="us",
            bounce_password="pass")  # fmt: skip
        yield server


@pytest.fixture
def maildir(app: Flask, sent: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder into which a mail server of ours delivers."""
    monkeypatch.setattr(mail_in, "EVERY", timedelta())
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mails" / name).mkdir(parents=True)
    use(app, bounce_maildir=str(tmp_path / "mails"))
    return tmp_path / "mails"


def replies() -> int:
    return db.session.scalar(select(func.count(Reply.id))) or 0


def test_a_bounce_and_a_reply_are_read_flagged_and_never_read_again(
    app: Flask, at: datetime, sent: Message, imap: Imap
) -> None:
    imap.put(report("exchange", sent.key))
    imap.put(mail("STOP"))
    assert read_mailbox(at) == 2
    assert sent.state is State.BOUNCED
    assert not agrees_to_messages(sent.participant_id)
    assert imap.flags == {1: {"$Handled"}, 2: {"$Handled"}}
    assert read_mailbox(at) == 0
    assert imap.fetched == [1, 2]
    search = next(asked for asked in imap.asked if "SEARCH" in asked)
    assert f"SINCE {real_now() - timedelta(days=14):%d-%b-%Y}" in search


def test_where_flags_have_no_names_of_ours_what_was_read_is_marked_as_seen(
    app: Flask, at: datetime, imap: Imap
) -> None:
    imap.permanent = r"\Seen \Answered"
    imap.put(mail("Hello"))
    assert [read_mailbox(at), read_mailbox(at)] == [1, 0]
    assert imap.flags == {1: {r"\Seen"}}


def test_a_crash_before_the_flag_reads_it_again_and_changes_nothing(
    app: Flask, at: datetime, sent: Message, imap: Imap
) -> None:
    imap.put(report("postfix", sent.key))
    imap.put(mail("Hello"))
    imap.drops_at = "STORE 2"
    read_mailbox(at)
    assert (sent.came_back_at, replies()) == (at, 1)
    imap.drops_at = ""
    later = at + timedelta(days=1)
    assert read_mailbox(later) == 1
    assert imap.fetched == [1, 2, 2]
    assert (sent.came_back_at, replies()) == (at, 1)


def test_a_mail_that_the_database_would_not_take_now_is_left_for_later(
    app: Flask, at: datetime, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.put(mail("Hello"))
    imap.put(mail("Hello", message_id="<two@example.org>"))

    told, tries = mail_in.take_reply, iter([OperationalError("locked", {}, Exception())])

    def fail_once(heard: Heard, *, at: datetime) -> Reply | None:
        for problem in tries:
            raise problem
        return told(heard, at=at)

    monkeypatch.setattr(mail_in, "take_reply", fail_once)
    assert read_mailbox(at) == 1
    assert imap.flags == {1: set(), 2: {"$Handled"}}


def test_a_mail_as_long_as_a_book_is_read_at_its_beginning_only(
    app: Flask, at: datetime, imap: Imap
) -> None:
    imap.put(mail("Hello\n" + "x" * (2 * LONGEST_MAIL)))
    assert read_mailbox(at) == 1
    assert len(db.session.scalars(select(Reply.text)).one()) == 4000


@pytest.mark.parametrize(
    "wrong",
    [{"bounce_password": "wrong"}, {"bounce_folder": "Nowhere"}, {"bounce_port": 1}],
)
def test_a_mailbox_that_does_not_open_holds_nothing_up_and_is_noted(
    app: Flask, at: datetime, imap: Imap, wrong: dict[str, object],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    use(app, **wrong)
    assert read_mailbox(at) == 0
    assert "mailbox not read" in "".join(capsys.readouterr())
    assert set(db.session.scalars(select(ClockTick.job))) == {ASKED}
    use(app, bounce_password="pass", bounce_folder='INBOX"x', bounce_port=imap.port)
    assert read_mailbox(at) == 0
    assert set(db.session.scalars(select(ClockTick.job))) == {ASKED, READ}
    assert r'SELECT "INBOX\"x"' in imap.asked


def test_a_server_that_nobody_vouches_for_is_told_no_password(
    app: Flask, at: datetime, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert read_mailbox(at) == 0
    assert imap.asked == []


def test_a_mailbox_that_hangs_costs_one_wait(
    app: Flask, at: datetime, imap: Imap, hanging_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "SECONDS_TO_WAIT", 0.2)
    monkeypatch.setattr(mail_in, "EVERY", timedelta(minutes=5))
    use(app, bounce_port=hanging_port)
    assert read_mailbox(at) == 0
    use(app, bounce_port=imap.port)
    imap.put(mail("Hello"))
    assert read_mailbox(at) == 0
    with time_machine.travel(real_now() + timedelta(minutes=5), tick=True):
        assert read_mailbox(at) == 1


def test_a_maildir_is_read_and_what_was_read_is_put_away(
    app: Flask, at: datetime, sent: Message, maildir: Path
) -> None:
    (maildir / "new" / "1791277267.M1P1.mx").write_bytes(report("exim", sent.key))
    (maildir / "new" / "1791277268.M2P1.mx").write_bytes(mail("Hello"))
    assert [read_mailbox(at), read_mailbox(at)] == [2, 0]
    assert sent.state is State.BOUNCED
    assert replies() == 1
    put_away = sorted(path.name for path in (maildir / "cur").iterdir())
    assert put_away == ["1791277267.M1P1.mx:2,S", "1791277268.M2P1.mx:2,S"]


def test_a_folder_that_is_no_maildir_is_noted(
    app: Flask, at: datetime, maildir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(app, bounce_maildir=str(tmp_path / "none"))
    assert read_mailbox(at) == 0
    assert "no Maildir" in "".join(capsys.readouterr())


def test_without_a_mailbox_nothing_is_asked(app: Flask, at: datetime) -> None:
    assert read_mailbox(at) == 0
    use(app, bounce_host="127.0.0.1", demonstration=True)
    assert read_mailbox(at) == 0
    assert db.session.scalar(select(func.count(ClockTick.id))) == 0
