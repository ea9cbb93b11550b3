"""The staff page."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.foundation.database import db
from tests import builders

SignIn = Callable[[Account], FlaskClient]


def found(email_of: str) -> Account:
    return db.session.scalars(select(Account).filter_by(name=email_of)).one()


def test_a_coordinator_invites_somebody_for_one_group_and_gets_a_link_to_give(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    cohort = builders.cohort(date(2026, 10, 6), partner=builders.partner())
    browser = sign_in(builders.account(Role.COORDINATOR))
    form = {
        "name": "Amina",
        "email": "amina@example.org",
        "role": f"facilitator:cohort:{cohort.id}",
    }
    answer = browser.post("/staff", data=form)
    page = browser.get(answer.location).text
    assert "/welcome/" in page
    grant = found("Amina").grants[0]
    assert (grant.role, grant.cohort_id) == (Role.FACILITATOR, cohort.id)


def test_what_was_typed_is_kept_when_something_is_missing(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    answer = browser.post("/staff", data={"name": "", "email": "amina@example.org"})
    assert answer.status_code == 422
    assert "amina@example.org" in answer.text


def test_an_end_date_is_set_and_a_wrong_one_is_said(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    other = builders.account(Role.PACKER, name="Bea")
    url = f"/staff/{other.id}"
    assert browser.post(url, data={"role": "packer", "ends_on": "soon"}).status_code == 422
    assert browser.post(url, data={"role": "packer", "ends_on": "2026-12-01"}).status_code == 303
    assert found("Bea").ends_on == date(2026, 12, 1)


def test_a_reset_takes_the_password_and_gives_a_new_link(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    other = builders.account(Role.PACKER, name="Bea")
    other.password_hash = "something"
    answer = browser.post(f"/staff/{other.id}/reset")
    assert "/welcome/" in browser.get(answer.location).text
    assert found("Bea").password_hash is None


def test_a_role_that_does_not_exist_is_refused(app: Flask, sign_in: SignIn, at: datetime) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    form = {"name": "Amina", "email": "amina@example.org", "role": "director"}
    assert browser.post("/staff", data=form).status_code == 400
    assert db.session.scalars(select(Account).filter_by(name="Amina")).all() == []


def test_the_first_organisation_leads_and_no_name_is_taken_twice(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    browser = sign_in(builders.account(Role.COORDINATOR))
    for name in ("Harbour Families", "North Road"):
        assert browser.post("/partners", data={"partner": name}).status_code == 303
    again = browser.post("/partners", data={"partner": "harbour  families"})
    assert again.status_code == 422
    assert "harbour  families" in again.text
    partners = db.session.scalars(select(Partner).order_by(Partner.id)).all()
    assert [(each.name, each.is_lead) for each in partners] == [
        ("Harbour Families", True),
        ("North Road", False),
    ]
