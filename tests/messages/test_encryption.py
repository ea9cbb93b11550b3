"""E-mail leaves encrypted and signed in, or not at all."""

import ssl
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from programme.messages.jobs import send_due
from programme.messages.rules import State
from tests.messages.conftest import MailServer, OnAnyPort, use
from tests.messages.making import person, queued

Trust = Callable[[], None]


@pytest.fixture
def strict_server(app: Flask, certificate: Path) -> Iterator[MailServer]:
    """A mail server that takes nothing without encryption and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = MailServer()
    controller = OnAnyPort(
        server, hostname="127.0.0.1", port=0, server_hostname="localhost", tls_context=context,
        require_starttls=True, auth_required=True, authenticator=knows,
    )  # fmt: skip
    controller.start()
    use(app, smtp_host="127.0.0.1", smtp_port=controller.port, smtp_user="us", smtp_password="pass")
    yield server
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        controller.stop()


def knows(
    _server: object, _session: object, _envelope: object, _mechanism: str, given: LoginPassword
) -> AuthResult:
    right = (given.login, given.password) == (b"us", b"pass")
    return AuthResult(success=right, handled=False)


def test_it_is_sent_encrypted_and_signed_in(
    app: Flask, at: datetime, strict_server: MailServer, certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    queued(person(), at=at)
    assert send_due(at) == 1
    assert len(strict_server.mails) == 1


def test_a_wrong_password_holds_everything_back_and_fails_nobody(
    app: Flask, at: datetime, strict_server: MailServer, certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    use(app, smtp_password="wrong")
    message = queued(person(), at=at)
    assert send_due(at) == 0
    assert (message.state, message.reason) == (State.QUEUED, "The mail server answered 535.")


def test_a_server_that_nobody_vouches_for_gets_nothing(
    app: Flask, at: datetime, strict_server: MailServer
) -> None:
    message = queued(person(), at=at)
    assert send_due(at) == 0
    assert message.state is State.QUEUED
    assert strict_server.mails == []


def test_a_server_without_encryption_gets_nothing(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    use(app, smtp_starttls=True)
    message = queued(person(), at=at)
    assert send_due(at) == 0
    assert message.reason == "The mail server does not offer what the settings ask for."
    assert mail_server.mails == []
