"""What holds for every request."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from programme.access.gate import declared_by
from programme.access.links import link_key
from programme.access.models import Account
from programme.access.rules import Purpose, Role
from programme.foundation.database import db
from tests import builders
from tests.architecture.conftest import Records
from tests.architecture.test_the_gate import made_up, pages
from tests.counting import counted_queries

SignIn = Callable[[Account], FlaskClient]


def test_reading_pages_writes_nothing_but_the_audit(
    app: Flask, sign_in: SignIn, at: datetime, others: Records
) -> None:
    others["invited"] = builders.account(None, email="invited@example.org").id
    for role in Role:
        browser = sign_in(builders.account(role))
        opened = 0
        for url in reading_urls(app, others):
            db.session.commit()
            with counted_queries() as asked:
                opened += browser.get(url).status_code == 200
            assert not [each for each in asked if writes(each)], (role, url)
        assert opened > (20 if role is Role.COORDINATOR else 1), (role, opened)


def reading_urls(app: Flask, records: Records) -> Iterator[str]:
    """Every page that is got, with the numbers and keys of real records in its URL."""
    adapter = app.url_map.bind("localhost")
    of_links = {
        Purpose.MY_GROUP: records["enrolment_id"],
        Purpose.INVITATION: records["invited"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        values = {name: made_up(rule._converters[name]) for name in rule.arguments} | records
        declared = declared_by(rule.endpoint)
        if declared and declared.purpose in of_links:
            values["key"] = link_key(declared.purpose, of_links[declared.purpose])
        yield adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def writes(statement: str) -> bool:
    words = statement.upper().split()
    is_reading = words[0] in ("SELECT", "BEGIN", "PRAGMA") or (
        words[0] == "WITH" and not {"INSERT", "UPDATE", "DELETE"} & set(words)
    )
    return not is_reading and not statement.startswith("INSERT INTO audit_entries")


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


def test_whoever_is_not_signed_in_learns_the_public_name_only(app: Flask, at: datetime) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, staff_name="Inmates' Trust", public_name="Families")
    browser = app.test_client()
    for _, method, url in (*pages(app), ("", "GET", "/nowhere"), ("", "GET", "/sign-in")):
        assert "Trust" not in browser.open(url, method=method).text, url
    assert "Families" in browser.get("/nowhere").text


def test_a_post_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    assert browser.post("/sign-in", data={"email": "a@example.org"}).status_code == 400


def test_a_signed_in_session_has_a_new_id(app: Flask, sign_in: SignIn) -> None:
    account = builders.account(Role.COORDINATOR)
    first, second = sign_in(account), sign_in(account)
    with first.session_transaction() as one, second.session_transaction() as other:
        assert one["_user_id"] != other["_user_id"]
