"""No page without a declared permission, and nobody gets in where they may not."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

from programme.access.gate import declared_by
from programme.access.models import Account
from programme.access.rules import GRANTS, Role
from tests import builders

SignIn = Callable[[Account], FlaskClient]


def made_up(converter: BaseConverter) -> object:
    """A value that the converter accepts and that names no record."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 424242 if isinstance(converter, IntegerConverter) else "x"


def pages(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every page: endpoint, method and a URL with made-up arguments."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {name: made_up(rule._converters[name]) for name in rule.arguments}
        for method in (rule.methods or set()) & {"GET", "POST"}:
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)


def test_every_page_declares_who_may_open_it(app: Flask) -> None:
    assert [endpoint for endpoint, _, _ in pages(app) if declared_by(endpoint) is None] == []


@pytest.mark.usefixtures("built_anew")
def test_a_page_that_declares_nothing_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403


def test_anonymous_is_sent_to_sign_in_by_every_staff_page(app: Flask, at: datetime) -> None:
    browser = app.test_client()
    for endpoint, method, url in pages(app):
        declared = declared_by(endpoint)
        if declared and declared.permission:
            answer = browser.open(url, method=method)
            assert answer.status_code == 303, url
            assert answer.location.startswith("/sign-in"), url


def test_a_made_up_link_opens_nothing(app: Flask, at: datetime) -> None:
    browser = app.test_client()
    for endpoint, method, url in pages(app):
        declared = declared_by(endpoint)
        if declared and declared.purpose:
            assert browser.open(url, method=method).status_code == 404, url


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_only_what_its_permissions_allow(
    app: Flask, sign_in: SignIn, at: datetime, role: Role
) -> None:
    """A made-up record: allowed pages answer 200, 404, a redirect or a form's refusal."""
    browser = sign_in(builders.account(role))
    for endpoint, method, url in pages(app):
        declared = declared_by(endpoint)
        if declared is None or declared.permission is None:
            continue
        status = browser.open(url, method=method).status_code
        if declared.permission in GRANTS[role]:
            assert status in (200, 204, 302, 303, 400, 404, 409, 415, 422), (url, method, status)
        else:
            assert status == 403, (url, method, status)


def test_an_account_whose_last_day_is_over_opens_nothing(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    account = builders.account(Role.COORDINATOR)
    browser = sign_in(account)
    assert browser.get("/").status_code == 200
    account.ends_on = date(2026, 10, 5)
    assert browser.get("/").status_code == 403
