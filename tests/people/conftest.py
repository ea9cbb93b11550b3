"""The file that people's tests bring in, and browsers of those who do."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from programme.access.models import Account, Partner
from programme.access.rules import Role
from tests import builders

AUTUMN = (Path(__file__).parent / "imports/samples/families-autumn.csv").read_bytes()


@pytest.fixture
def lead(app: Flask, at: datetime) -> Partner:
    return builders.partner("Lead charity")


@pytest.fixture
def coordinator(lead: Partner) -> Account:
    return builders.account(Role.COORDINATOR, name="Ruth Adams")


@pytest.fixture
def browser(coordinator: Account, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(coordinator)


@pytest.fixture
def send(browser: FlaskClient, lead: Partner) -> Callable[..., TestResponse]:
    """Upload a file as the coordinator."""

    def sent(content: bytes = AUTUMN, name: str = "families.csv") -> TestResponse:
        start = b"--cut\r\nContent-Disposition: form-data; name="
        partner = start + b'"partner"\r\n\r\n%d\r\n' % lead.id
        file = start + b'"file"; filename="%s"\r\n\r\n' % name.encode() + content
        return browser.post(
            "/people/import",
            data=partner + file + b"\r\n--cut--\r\n",
            content_type="multipart/form-data; boundary=cut",
        )

    return sent
