"""Signing in and out, invitations, roles and end dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from programme.access.actions import NOBODY, hasher, take_code
from programme.access.links import link_key
from programme.access.models import Account, Grant
from programme.access.rules import Purpose, Role
from programme.access.staffing import RoleGiven, invite, set_roles
from programme.access.viewer import COMMAND_LINE
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.web import Refusal
from tests import builders

SignIn = Callable[[Account], FlaskClient]
PASSWORD = "correct horse battery"
MONDAY = datetime.fromisoformat("2026-10-05T09:00:00+00:00")


def code_of(account: Account) -> str:
    return pyotp.TOTP(account.authenticator or "").now()


def known(email: str = "co@example.org") -> Account:
    account = builders.account(Role.COORDINATOR, email=email)
    account.password_hash = hasher.hash(PASSWORD)
    account.authenticator = pyotp.random_base32()
    db.session.commit()
    return account


def enter(app: Flask, email: str, password: str, code: str) -> str:
    """Where a sign-in leads."""
    form = {"email": email, "password": password, "code": code}
    return app.test_client().post("/sign-in", data=form).location or ""


def test_password_and_code_together_let_somebody_in(app: Flask) -> None:
    account = known()
    assert enter(app, "CO@example.org ", PASSWORD, code_of(account)) == "/"


def test_neither_password_nor_code_alone_is_enough(app: Flask) -> None:
    account = known()
    assert enter(app, "co@example.org", PASSWORD, "000000") == "/sign-in"
    assert enter(app, "co@example.org", "wrong", code_of(account)) == "/sign-in"


def test_whether_an_address_is_known_is_not_told_by_the_time_it_takes() -> None:
    assert not hasher.check_needs_rehash(NOBODY), "It costs another effort than a password does."


def test_a_code_works_once(app: Flask) -> None:
    account = known()
    code = code_of(account)
    assert take_code(account, code, at=real_now())
    assert not take_code(account, code, at=real_now())


def test_after_five_wrong_tries_even_the_right_password_waits(app: Flask) -> None:
    account = known()
    for _ in range(5):
        enter(app, "co@example.org", "wrong", "000000")
    assert enter(app, "co@example.org", PASSWORD, code_of(account)) == "/sign-in"


def test_signing_out_kills_a_copied_cookie(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(builders.account(Role.COORDINATOR))
    copied = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/").status_code == 303


def invited(app: Flask) -> tuple[Account, str]:
    account = invite(
        name="New Person",
        email="new@example.org",
        roles=[RoleGiven(Role.FACILITATOR)],
        by=COMMAND_LINE,
        at=MONDAY,
        real=real_now(),
    )
    db.session.commit()
    return account, f"/welcome/{link_key(Purpose.INVITATION, account.id)}"


def test_an_invitation_is_taken_up_once(app: Flask) -> None:
    account, url = invited(app)
    form = {"password": PASSWORD, "repeated": PASSWORD, "code": code_of(account)}
    assert app.test_client().get(url).status_code == 200
    assert app.test_client().post(url, data=form).location == "/"
    assert app.test_client().get(url).status_code == 404
    assert app.test_client().post(url, data=form).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short", "repeated": "short"}, "at least 12"),
        ({"repeated": "another three words"}, "differ"),
        ({"code": "000000"}, "code is not right"),
    ],
)
def test_an_invitation_says_what_is_wrong_and_stays_open(
    app: Flask, wrong: dict[str, str], sentence: str
) -> None:
    account, url = invited(app)
    form = {"password": PASSWORD, "repeated": PASSWORD, "code": code_of(account)} | wrong
    answer = app.test_client().post(url, data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert app.test_client().get(url).status_code == 200


def test_an_invitation_is_over_after_a_week(app: Flask) -> None:
    account, url = invited(app)
    account.invited_at = real_now() - timedelta(days=8)
    assert app.test_client().get(url).status_code == 404


def test_an_end_date_ends_open_sessions_at_once(app: Flask, sign_in: SignIn, at: datetime) -> None:
    account = builders.account(Role.FACILITATOR)
    browser = sign_in(account)
    assert browser.get("/").status_code == 200
    set_roles(account, [], date(2026, 12, 1), by=COMMAND_LINE, at=at, real=real_now())
    assert browser.get("/").status_code == 303


def test_the_last_coordinator_cannot_be_lost(app: Flask, at: datetime) -> None:
    only = builders.account(Role.COORDINATOR)
    with pytest.raises(Refusal):
        set_roles(only, [], None, by=COMMAND_LINE, at=at, real=real_now())
    other = builders.account(Role.COORDINATOR, name="Other")
    set_roles(only, [], None, by=COMMAND_LINE, at=at, real=real_now())
    assert db.session.query(Grant).filter_by(account_id=other.id).count() == 1


def test_the_role_buttons_exist_in_a_demonstration_only(app: Flask) -> None:
    account = known()
    form = {"account": account.id}
    assert app.test_client().post("/sign-in/demonstration", data=form).status_code == 404


def test_a_demonstration_lets_somebody_in_by_one_button(app: Flask) -> None:
    account = known()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demonstration=True)
    answer = app.test_client().post("/sign-in/demonstration", data={"account": account.id})
    assert answer.location == "/"
