"""A sender in a process of its own, that waits at a named point until it is told to go on.

The product knows nothing of this: its functions are wrapped here, in the sender's process.
"""

import secrets
import select
import smtplib
import socket
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

from programme.app import create_app
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages import jobs, queries, sending, sms, smtp
from programme.messages.models import Message

SECONDS_TO_ANSWER = 20
reach: Callable[[], None]
"""Says that the point was reached; set when the sender starts."""


def wait_at(nth: int, told: Connection) -> Callable[[], None]:
    """Something that does nothing until it is called for the nth time."""
    times = iter(range(1, 10_000))

    def reached() -> None:
        if next(times) == nth:
            told.send("there")
            told.recv()

    return reached


def before(owner: Any, name: str) -> None:
    do = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        reach()
        return do(*given, **named)

    setattr(owner, name, watched)


def after(owner: Any, name: str, once: Callable[..., None] = lambda *_: None) -> None:
    do = getattr(owner, name)

    def watched(*given: Any, **named: Any) -> Any:
        result = do(*given, **named)
        once(*given)
        reach()
        return result

    setattr(owner, name, watched)


def before_the_commit_in(owner: Any, name: str) -> None:
    do, commit = getattr(owner, name), db.session.commit

    def reach_and_commit() -> None:
        reach()
        commit()

    def watched(*given: Any, **named: Any) -> Any:
        with patch.object(db.session, "commit", reach_and_commit):
            return do(*given, **named)

    setattr(owner, name, watched)


def before_writing_in(name: str) -> None:
    """Just before what the named function of the sender writes is written and committed."""
    do, write = getattr(sending, name), sending._write

    def reach_and_write(*given: Any, **named: Any) -> bool:
        reach()
        return write(*given, **named)

    def watched(*given: Any, **named: Any) -> Any:
        with patch.object(sending, "_write", reach_and_write):
            return do(*given, **named)

    setattr(sending, name, watched)


def is_answered(sock: socket.socket) -> None:
    """Until the answer has come; it is left unread."""
    assert select.select([sock], [], [], SECONDS_TO_ANSWER)[0], "There was no answer."


def after_the_whole_mail() -> None:
    send = smtplib.SMTP.send

    def watched(server: smtplib.SMTP, said: str | bytes) -> None:
        send(server, said)
        if isinstance(said, bytes) and said.endswith(b"\r\n.\r\n"):
            is_answered(server.sock)
            reach()

    smtplib.SMTP.send = watched


POINTS: dict[str, Callable[[], None]] = {
    "before the claim": lambda: before(jobs, "claim"),
    "before the claim is committed": lambda: before_the_commit_in(jobs, "claim"),
    "after the claim": lambda: after(jobs, "claim"),
    "before the preparation is committed": lambda: before_the_commit_in(sending, "prepare"),
    "after the preparation": lambda: after(sending, "prepare"),
    "before it is noted that a text was begun": lambda: before_writing_in("begin"),
    "after it was noted that a text was begun": lambda: after(sending, "begin"),
    "after connecting to the mail server": lambda: after(smtp, "connect"),
    "after MAIL": lambda: after(smtplib.SMTP, "mail"),
    "after RCPT": lambda: after(smtplib.SMTP, "rcpt"),
    "after DATA, the answer unread": after_the_whole_mail,
    "after connecting to the provider": lambda: after(sms, "open_connection"),
    "after asking, the answer unread": lambda: after(
        HTTPConnection, "request", lambda connection, *_: is_answered(connection.sock)
    ),
    "before the mark is committed": lambda: before_writing_in("_mark"),
    "after the mark": lambda: after(sending, "_mark"),
    "nowhere": lambda: None,
}


def without_a_lease() -> None:
    sending.LEASE = timedelta()


def without_counting_attempts() -> None:
    """Whoever has the row in hand believes that it is still theirs."""
    queries.held_by = lambda message_id, attempt: (Message.id == message_id, attempt == attempt)
    queries.held = lambda claims: [db.session.get(Message, each) for each in claims]
    sending.begin = lambda _letter, _at: True


def without_noting_that_a_text_was_begun() -> None:
    sending.begin = lambda _letter, _at: True


def without_a_lasting_message_id() -> None:
    compose = smtp.compose

    def renamed(*given: Any) -> Any:
        mail = compose(*given)
        mail.replace_header("Message-ID", f"<{secrets.token_hex(16)}@groups.example.org>")
        return mail

    smtp.compose = renamed


GUARDS: dict[str, Callable[[], None]] = {
    "a lease": without_a_lease,
    "counting attempts": without_counting_attempts,
    "noting that a text was begun": without_noting_that_a_text_was_begun,
    "a lasting Message-ID": without_a_lasting_message_id,
}


def run(
    told: Connection, settings: Settings, at: datetime, point: str, nth: int, without: str
) -> None:
    """Send what is due at `at`. Says "there" when it comes to the point for the nth time, and
    waits to be told to go on; at the end "done", or what went wrong. `without`: a guard that is
    taken away."""
    try:
        _send(told, settings, at, point, nth, without)
    except Exception:
        told.send(traceback.format_exc())
    else:
        told.send("done")


def _send(
    told: Connection, settings: Settings, at: datetime, point: str, nth: int, without: str
) -> None:
    global reach
    reach = wait_at(nth, told)
    if without:
        GUARDS[without]()
    app = create_app(settings)
    with app.app_context():
        POINTS[point]()
        jobs.send_due(at)
        db.session.remove()
        db.engine.dispose()
