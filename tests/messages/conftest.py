"""Real servers on loopback: one for e-mail, one for text messages."""

import asyncio
import json
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from programme.foundation.clock import real_now
from programme.foundation.settings import Settings
from programme.messages import smtp


@dataclass
class MailServer:
    """Keeps what it accepts. `answers` says what to answer at a verb, once for each entry."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    drops_after_data: bool = False
    seconds_for_each: float = 0

    def next_answer(self, verb: str) -> str:
        waiting = self.answers.get(verb, [])
        return waiting.pop(0) if waiting else ""

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        answer = self.next_answer("MAIL")
        if not answer:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:  # fmt: skip
        answer = self.next_answer("RCPT")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.next_answer("DATA")
        if answer:
            return answer
        await asyncio.sleep(self.seconds_for_each)
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails.append(mail)
        self.raw.append(bytes(envelope.content or b""))
        self.recipients.append(list(envelope.rcpt_tos))
        if self.drops_after_data:
            server.transport.abort()
        return "250 OK"


class OnAnyPort(Controller):
    """Takes the port that the system gives it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server(app: Flask) -> Iterator[MailServer]:
    """A mail server that the application sends through."""
    server = MailServer()
    controller = OnAnyPort(server, hostname="127.0.0.1", port=0, server_hostname="localhost")
    controller.start()
    use(app, smtp_host="127.0.0.1", smtp_port=controller.port, smtp_starttls=False)
    yield server
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        controller.stop()


@dataclass
class SmsServer:
    """Keeps what it is asked. `statuses` are answered one after the other, then 200."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    hangs_up: bool = False


@pytest.fixture
def sms_server(app: Flask) -> Iterator[SmsServer]:
    """A provider of text messages that the application sends through."""
    told = SmsServer()

    class Handler(BaseHTTPRequestHandler):
        timeout: ClassVar[float] = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(json.loads(body))
            told.keys.append(self.headers["Idempotency-Key"])
            if told.hangs_up:
                self.close_connection = True
                return
            self.send_response(told.statuses.pop(0) if told.statuses else 200)
            self.end_headers()
            self.wfile.write(b'{"id": "provider-7"}')

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/send?account=7"
    use(app, sms_url=told.url, sms_token="a token")
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and its key for 127.0.0.1, which nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(real_now() - timedelta(days=1))
        .not_valid_after(real_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(pem))
    return path


def use(app: Flask, **changed: Any) -> Settings:
    """Change settings of the running application."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **changed)
    return app.config["SETTINGS"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Make the mail client wait no longer than this many seconds."""
    return lambda seconds: monkeypatch.setattr(smtp, "SECONDS_TO_WAIT", seconds)


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def hanging_port() -> Iterator[int]:
    """A port on which somebody listens and never answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield int(held.getsockname()[1])
