"""Sending 500 e-mails from the outbox to a mail server on loopback, beside the standard library
alone.

The floor puts the very same mails together and sends them on one connection, by `email` and
`smtplib` as they are, with nothing of ours. The server has a process of its own.
"""

import multiprocessing
import smtplib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from bench.crowd import AT, crowded
from bench.figures import Figure
from bench.rounds import timed
from bench.servers import LOOPBACK, free_port
from programme.cohorts.jobs import carry_out, make_dues
from programme.foundation.database import db
from programme.messages import sending
from programme.messages.composing import compose
from programme.messages.jobs import send_due
from programme.messages.reaching import settings
from programme.messages.transport import Letter

LETTERS = 500
RATIO = 1.3
PROCESSES = multiprocessing.get_context("spawn")
PLAIN = SMTP.clone(max_line_length=998)
MADE_BY_ITSELF = ("MIME-Version", "Content-Type")


@dataclass(frozen=True)
class Mail:
    """What one of our e-mails says, to be put together anew."""

    to: str
    headers: list[tuple[str, str]]
    text: str
    html: str


class Letterbox:
    """Accepts everything."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 OK"


def measure() -> list[Figure]:
    """Ours and the floor in turn, twice; the better of each."""
    with tempfile.TemporaryDirectory(prefix="sending-") as folder, _mail_server() as port:
        pairs = [_pair(Path(folder), port) for _ in range(2)]
    floor, ours = (min(each) / 1000 for each in zip(*pairs, strict=True))
    name = f"sending {LETTERS} e-mails"
    return [Figure(name=name, ours=ours, floor=floor, unit="s", goal=RATIO, is_ratio=True)]


def _pair(folder: Path, port: int) -> tuple[float, float]:
    """Milliseconds of smtplib alone, and ours."""
    url, ours = f"sqlite:///{folder}/programme.db", {"smtp_host": LOOPBACK, "smtp_port": port}
    with crowded(folder, url, due=LETTERS, others=0, smtp_starttls=False, **ours):
        make_dues(AT)
        carry_out(AT)
        mails = [_taken_apart(each) for each in _letters()]
        floor = timed(lambda: _bare(mails, port))
        return floor, timed(_send)


def _letters() -> list[Letter]:
    """What will be sent, prepared and given back."""
    letters: list[Letter] = []
    while claims := sending.claim(AT):
        letters += sending.prepare(claims, AT)
    for each in letters:
        sending.release([sending.Claim(each.message_id, each.attempt)], AT)
    db.session.remove()
    return letters


def _taken_apart(letter: Letter) -> Mail:
    mail = compose(letter, settings())
    headers = [(name, str(value)) for name, value in mail.items() if name not in MADE_BY_ITSELF]
    text, html = (part.get_content() for part in mail.iter_parts())
    return Mail(letter.to, headers, text, html)


def _send() -> None:
    assert send_due(AT) == LETTERS


def _bare(mails: list[Mail], port: int) -> None:
    """By the standard library, on one connection."""
    with smtplib.SMTP(LOOPBACK, port, local_hostname="localhost") as server:
        for each in mails:
            server.send_message(_composed(each), "hello@example.org", [each.to])


def _composed(mail: Mail) -> EmailMessage:
    made = EmailMessage(policy=PLAIN)
    for name, value in mail.headers:
        made[name] = value
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made


@contextmanager
def _mail_server() -> Iterator[int]:
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _serve(told: Connection) -> None:
    port = free_port()
    Controller(Letterbox(), hostname=LOOPBACK, port=port, server_hostname="localhost").start()
    told.send(port)
    time.sleep(3600)
