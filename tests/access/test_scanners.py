"""Whatever fetches a link without pressing anything changes nothing, for every purpose."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from programme.access.gate import declared_by
from programme.access.links import link_key, open_link, replace_link
from programme.access.rules import Purpose
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.handouts.models import Release
from programme.portal.opened import OPENED
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave
from tests import builders
from tests.evening import Evening, an_evening

TYPED = {Purpose.DETAILS, Purpose.NEW_CONTACT}
"""These have no link: a code opens them."""
PREFETCH = (
    {},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
)


@pytest.fixture
def rows(app: Flask, at: datetime) -> dict[Purpose, int]:
    """A row for each purpose of a link."""
    evening: Evening = an_evening("Dawn", "Marek")
    place, person = evening.enrolments[0], evening.people[0]
    asked = Questionnaire(
        enrolment_id=place.id,
        wave=Wave.BEFORE,
        instruments="who5@1",
        opened_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=1),
    )
    invited = builders.account(None, name="Nell New")
    invited.invited_at, invited.authenticator = real_now(), pyotp.random_base32()
    db.session.add_all(
        [asked, Release(cohort_id=evening.cohort.id, week=1, at=builders.EARLY, by="clock")]
    )
    db.session.commit()
    return {
        Purpose.MY_GROUP: place.id,
        Purpose.CALENDAR: place.id,
        Purpose.QUESTIONNAIRE: asked.id,
        Purpose.INVITATION: invited.id,
        Purpose.STOP: person.id,
    }


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    return {
        name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for name, table in db.metadata.tables.items()
    }


def links(app: Flask, rows: dict[Purpose, int]) -> Iterator[tuple[Purpose, str]]:
    """Every address below a link that can be fetched."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        declared = declared_by(rule.endpoint) if rule.endpoint != "static" else None
        if declared is None or declared.purpose is None or "GET" not in (rule.methods or ()):
            continue
        values: dict[str, object] = {"number": 1, "purpose": "post", "name": "x"}
        values["key"] = link_key(declared.purpose, rows[declared.purpose])
        for words in of_words(rule):
            wanted = {name: (values | words)[name] for name in rule.arguments}
            yield declared.purpose, adapter.build(rule.endpoint, wanted)


def of_words(rule: Rule) -> list[dict[str, object]]:
    """What an address with a closed set of words may hold there."""
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            return [{name: word} for word in sorted(converter.items)]
    return [{}]


def test_every_purpose_of_a_link_is_walked(app: Flask, rows: dict[Purpose, int]) -> None:
    assert set(rows) | TYPED == set(Purpose)
    assert {Purpose.MY_GROUP, Purpose.QUESTIONNAIRE, Purpose.INVITATION} <= {
        purpose for purpose, _ in links(app, rows)
    }


def test_scanners_that_fetch_twenty_times_change_nothing(
    app: Flask, rows: dict[Purpose, int]
) -> None:
    urls = [url for _, url in links(app, rows)]
    before = everything()
    kept = app.test_client()
    with kept.session_transaction() as session:  # a browser in which the code was typed
        until = real_now() + timedelta(minutes=9)
        session[OPENED] = {"place": rows[Purpose.MY_GROUP], "until": until.timestamp()}
    for round_number in range(20):
        browser = kept if round_number % 2 else app.test_client()
        for url in urls:
            method = ("GET", "HEAD", "GET", "OPTIONS")[round_number % 4]
            headers = PREFETCH[round_number // 4 % 4]
            with browser.open(url, method=method, headers=headers) as answer:
                assert answer.status_code in (200, 302, 303, 404), (method, url)
    assert everything() == before


def test_scanners_that_fetch_at_the_same_moment_change_nothing(
    app: Flask, rows: dict[Purpose, int]
) -> None:
    urls = [url for _, url in links(app, rows)]
    before, failed = everything(), []
    db.session.remove()

    def scan() -> None:
        browser = FlaskClient(app, app.response_class)
        for url in urls:
            with browser.get(url) as answer:
                if answer.status_code >= 500:
                    failed.append(url)

    threads = [threading.Thread(target=scan) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert everything() == before


def test_a_link_still_works_after_it_was_scanned(app: Flask, rows: dict[Purpose, int]) -> None:
    for purpose, path in ((Purpose.MY_GROUP, "g"), (Purpose.QUESTIONNAIRE, "q"),
                          (Purpose.INVITATION, "welcome")):  # fmt: skip
        url = f"/{path}/{link_key(purpose, rows[purpose])}"
        for _ in range(20):
            app.test_client().get(url)
        assert app.test_client().get(url).status_code == 200
    begun = app.test_client().post(
        f"/q/{link_key(Purpose.QUESTIONNAIRE, rows[Purpose.QUESTIONNAIRE])}"
    )
    assert begun.status_code == 303


def test_no_key_opens_another_purpose_or_row(app: Flask) -> None:
    keys = {(purpose, row): link_key(purpose, row) for purpose in Purpose for row in (1, 2, 300)}
    assert len(set(keys.values())) == len(keys)
    for (purpose, row), key in keys.items():
        for other in Purpose:
            found = open_link(other, key)
            assert (found is not None) == (other is purpose)
            assert found is None or found.row_id == row


@pytest.mark.parametrize("path", ["g", "q", "welcome"])
def test_malformed_keys_of_every_length_open_nothing(app: Flask, at: datetime, path: str) -> None:
    browser = app.test_client()
    said = {browser.get(f"/{path}/{'a' * length}").text for length in (*range(1, 60), 500, 5000)}
    said |= {
        browser.get(f"/{path}/{odd}").text for odd in ("%00", "..", "é", "=" * 28, "a" * 27 + "=")
    }
    assert len(said) == 1


def test_expired_revoked_and_never_existed_look_the_same(
    app: Flask, rows: dict[Purpose, int], at: datetime
) -> None:
    browser = app.test_client()
    revoked = f"/g/{link_key(Purpose.MY_GROUP, rows[Purpose.MY_GROUP])}"
    replace_link(Purpose.MY_GROUP, rows[Purpose.MY_GROUP])
    asked = db.session.get_one(Questionnaire, rows[Purpose.QUESTIONNAIRE])
    asked.closes_at = at - timedelta(days=14)
    expired = f"/q/{link_key(Purpose.QUESTIONNAIRE, asked.id)}"
    invited = f"/welcome/{link_key(Purpose.INVITATION, 4242)}"
    never = f"/g/{link_key(Purpose.MY_GROUP, 4242)}"
    answers = [browser.get(url) for url in (revoked, expired, never, invited, "/g/x", "/nowhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert "This page has closed" in answers[0].text
    assert app.config["SETTINGS"].staff_name not in answers[0].text
