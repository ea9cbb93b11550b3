"""New links for somebody whose messages others may read."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.links import link_key
from programme.access.models import Account
from programme.access.rules import Purpose, Role
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.messages.rendering import render
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave
from tests import builders
from tests.evening import an_evening
from tests.messages.making import queued

SignIn = Callable[[Account], FlaskClient]


def test_new_links_end_the_old_ones_and_the_next_message_brings_them(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    evening = an_evening("Dawn", "Marek")
    place, other = evening.enrolments
    asked = Questionnaire(enrolment_id=place.id, wave=Wave.BEFORE, instruments="who5@1",
                          opened_at=at, closes_at=at + timedelta(days=1))  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    old = f"/g/{link_key(Purpose.MY_GROUP, place.id)}"
    old_questions = f"/q/{link_key(Purpose.QUESTIONNAIRE, asked.id)}"
    theirs = f"/g/{link_key(Purpose.MY_GROUP, other.id)}"
    ruth = sign_in(builders.account(Role.COORDINATOR))
    assert "Give them new links" in ruth.get(f"/cohorts/{evening.cohort.id}").text
    url = f"/cohorts/{evening.cohort.id}/people/{place.id}/new-links"
    assert ruth.post(url).status_code == 303
    browser = app.test_client()
    assert [browser.get(each).status_code for each in (old, old_questions, theirs)] == [
        404,
        404,
        200,
    ]
    message = queued(evening.people[0], at=at)
    message.values = message.values.replace('"row": 12', f'"row": {place.id}')
    said = render(message, app.config["SETTINGS"]).body
    new = said.split("http://localhost")[1].split()[0]
    assert new != old
    assert browser.get(new).status_code == 200
    assert "gave new links" in db.session.scalars(select(AuditEntry.action)).all()


def test_the_place_must_be_of_that_group(app: Flask, sign_in: SignIn, at: datetime) -> None:
    evening, other = an_evening("Dawn"), an_evening("Jo", group="Friday group")
    ruth = sign_in(builders.account(Role.COORDINATOR))
    url = f"/cohorts/{other.cohort.id}/people/{evening.enrolments[0].id}/new-links"
    assert ruth.post(url).status_code == 404
