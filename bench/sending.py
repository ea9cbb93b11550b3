"""Sending 500 e-mails from the outbox to a mail server on loopback, beside smtplib alone."""

import smtplib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from bench import importing
from bench.figures import Figure
from bench.instance import Instance
from bench.rounds import timed
from bench.servers import LOOPBACK, free_port
from programme.foundation.clock import instant, now
from programme.foundation.database import db
from programme.messages.actions import send_to_participant
from programme.messages.jobs import send_due
from programme.people.models import Participant

NOON = 12


class Letterbox:
    """Accepts everything, and counts."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        self.count += 1
        return "250 OK"


def measure(instance: Instance) -> list[Figure]:
    """All of the people of one file, each sent one message."""
    with instance.opened() as app, _mail_server() as (box, port):
        at = _noon(app)
        floor = timed(lambda: _bare(port))
        assert box.count == importing.FAMILIES
        _queue(at)
        _send_for_real(app, port)
        ours = timed(lambda: send_due(at + timedelta(minutes=1)))
        assert box.count == 2 * importing.FAMILIES, f"{box.count} arrived."
    name = f"sending {importing.FAMILIES} e-mails"
    return [Figure(name=name, ours=ours / 1000, floor=floor / 1000, unit="s")]


def _noon(app: Flask) -> datetime:
    wall = now().replace(hour=NOON, minute=0, second=0, microsecond=0, tzinfo=None)
    return instant(wall, app.config["SETTINGS"].zone)


def _send_for_real(app: Flask, port: int) -> None:
    """To the mail server, as outside a demonstration."""
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"], demonstration=False, smtp_host=LOOPBACK, smtp_port=port,
        smtp_starttls=False,
    )  # fmt: skip


def _queue(at: datetime) -> None:
    send_due(at)  # what the demonstration still had waiting
    before = set(db.session.scalars(select(Participant.id)))
    importing.enter(importing.send(importing.families(), at), at)
    for person in db.session.scalars(select(Participant).where(Participant.id.not_in(before))):
        send_to_participant(
            person,
            template="remind-day-before",
            values={
                "group": "Tuesday group",
                "day": "Tuesday 6 October",
                "time": "7.30 pm",
                "link": {"link": "my_group", "row": 1},
            },
            due_at=at,
            expires_at=at + timedelta(hours=9),
            at=at,
            sender_name="Tuesday group",
        )
    db.session.commit()


def _bare(port: int) -> None:
    """The same number of letters by the standard library, on one connection."""
    with smtplib.SMTP(LOOPBACK, port, local_hostname="localhost") as server:
        for number in range(importing.FAMILIES):
            mail = EmailMessage()
            mail["From"], mail["To"] = "hello@example.org", f"somebody.{number}@example.org"
            mail["Subject"] = "Tomorrow"
            mail.set_content("Hello, we meet tomorrow at 7.30 pm.\n" * 5)
            mail.add_alternative("<p>Hello, we meet tomorrow at 7.30 pm.</p>", subtype="html")
            server.send_message(mail)


@contextmanager
def _mail_server() -> Iterator[tuple[Letterbox, int]]:
    box = Letterbox()
    controller = Controller(box, hostname=LOOPBACK, port=free_port(), server_hostname="localhost")
    controller.start()
    try:
        yield box, controller.port
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            controller.stop()
