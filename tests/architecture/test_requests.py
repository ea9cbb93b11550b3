"""What holds for every request."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.gate import declared_by
from programme.access.models import Account
from programme.access.rules import Role
from programme.foundation.database import db
from tests import builders
from tests.architecture.test_the_gate import pages

SignIn = Callable[[Account], FlaskClient]


def everything() -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in db.metadata.tables.items()
        if name != "audit_entries"
    }


def test_reading_pages_writes_nothing(app: Flask, sign_in: SignIn, at: datetime) -> None:
    for role in Role:
        browser = sign_in(builders.account(role))
        before = everything()
        for _, method, url in pages(app):
            if method == "GET":
                browser.get(url)
        assert everything() == before, role


def test_every_answer_is_kept_by_nobody_and_runs_only_our_scripts(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    for endpoint, method, url in pages(app):
        answer = browser.open(url, method=method)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        kept = "public, max-age=3600" if endpoint == "desk.brand" else "no-store"
        assert answer.headers["Cache-Control"] == kept, (endpoint, url)
        assert declared_by(endpoint)


def test_a_post_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    assert browser.post("/sign-in", data={"email": "a@example.org"}).status_code == 400


def test_a_signed_in_session_has_a_new_id(app: Flask, sign_in: SignIn) -> None:
    account = builders.account(Role.COORDINATOR)
    first, second = sign_in(account), sign_in(account)
    with first.session_transaction() as one, second.session_transaction() as other:
        assert one["_user_id"] != other["_user_id"]
