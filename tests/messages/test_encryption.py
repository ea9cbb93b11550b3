"""E-mail leaves encrypted and signed in, or not at all."""

import ssl
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from programme.foundation.clock import real_now
from programme.messages.jobs import send_due
from programme.messages.rules import State
from tests.messages.conftest import MailServer, OnAnyPort, use
from tests.messages.making import person, queued

Trust = Callable[[], None]


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
