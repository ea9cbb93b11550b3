"""Signing in and out."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from programme.access.actions import set_password
from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import ANONYMOUS
from programme.foundation.database import db
from tests import builders

SignIn = Callable[[Account], FlaskClient]


def test_the_right_password_lets_somebody_in(app: Flask, at: datetime) -> None:
    account = builders.account(Role.COORDINATOR, email="co@example.org")
    set_password(account, "correct horse battery", by=ANONYMOUS, at=at)
    db.session.commit()
    client = app.test_client()
    answer = client.post(
        "/sign-in", data={"email": "CO@example.org ", "password": "correct horse battery"}
    )
    assert answer.location == "/"
    assert client.get("/").status_code == 200


def test_signing_out_kills_a_copied_cookie(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(builders.account(Role.COORDINATOR))
    copied = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/").status_code == 303
