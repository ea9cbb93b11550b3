"""Somebody else's record answers like no record: 404, or 403 where the page is not theirs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter

from programme.access.gate import declared_by
from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.cohorts.models import Cohort
from tests import builders
from tests.architecture.conftest import Records

SignIn = Callable[[Account], FlaskClient]


def limited(role: Role, partner: Partner, own: Cohort) -> Account:
    """Somebody whose role is for their own group, or their own partner, alone."""
    if role is Role.PRACTITIONER:
        return builders.account(role, partner=partner)
    return builders.account(role, cohort=own)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FACILITATOR, Role.HELPER, Role.PACKER,
                                  Role.EVALUATOR, Role.PRACTITIONER])  # fmt: skip
def test_records_of_another_group_and_partner_are_not_there(
    app: Flask, sign_in: SignIn, at: datetime, others: Records, role: Role
) -> None:
    mine = builders.partner("My partner", is_lead=False)
    own = builders.cohort(date(2026, 10, 7), partner=mine, name="Wednesday group")
    browser = sign_in(limited(role, mine, own))
    walked = 0
    for url, method in urls_of(app, others):
        status = browser.open(url, method=method).status_code
        assert status in (403, 404), (role, method, url, status)
        walked += 1
    assert walked > 40


def test_a_parent_and_a_stranger_open_none_of_the_staffs_records(
    app: Flask, at: datetime, others: Records
) -> None:
    browser = app.test_client()
    for url, method in urls_of(app, others):
        answer = browser.open(url, method=method)
        assert answer.status_code == 303, url
        assert answer.location.startswith("/sign-in"), url


def urls_of(app: Flask, records: Records) -> Iterator[tuple[str, str]]:
    """Every staff page about a record, with the records' numbers in its URL."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        declared = declared_by(rule.endpoint) if rule.endpoint != "static" else None
        about = rule.arguments & set(records)
        if declared is None or declared.permission is None or not about:
            continue
        if rule.rule.startswith(("/staff", "/handouts", "/terms")):
            continue  # accounts, the programme and terms belong to no group
        values: dict[str, object] = {name: records.get(name, "x") for name in rule.arguments}
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter):
                values[name] = sorted(converter.items)[0]
        for method in (rule.methods or set()) & {"GET", "POST"}:
            yield adapter.build(rule.endpoint, values, method=method), method
