"""Somebody else's record answers like no record: 404, or 403 where the page is not theirs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter

from programme.access.gate import declared_by
from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Cohort, Step
from programme.foundation.database import db
from programme.messages.actions import queue
from programme.messages.models import Reply
from programme.messages.rules import Wants
from programme.parcels.making import put_in_parcel
from programme.people.rules import Channel
from programme.safeguarding.models import Concern
from tests import builders

SignIn = Callable[[Account], FlaskClient]
Records = dict[str, int]


@pytest.fixture
def others(app: Flask, at: datetime) -> Records:
    """A group of another partner, with one of everything; by the name an URL gives it."""
    partner = builders.partner("Other partner")
    cohort = builders.cohort(date(2026, 10, 6), partner=partner)
    person = builders.spoken_to(builders.participant("Steph", partner=partner))
    place = builders.enrol(person, cohort)
    parcel = put_in_parcel(person, cohort, by=COMMAND_LINE, at=at)
    step = Step(cohort_id=cohort.id, name="thanks", kind="cohorts.thanks", due_at=at)
    step.expires_at = at + timedelta(days=1)
    concern = Concern(text="x", raised_at=at, raised_by="account:1", participant_id=person.id)
    later = at + timedelta(days=1)
    message = queue(
        to=person, channel=Channel.EMAIL, template="thanks", values={}, due_at=at,
        expires_at=later, at=at,
    )  # fmt: skip
    reply = Reply(
        channel=Channel.SMS, provider_id="1", participant_id=person.id, sender="", text="x",
        wants=Wants.ANSWER, at=at,
    )  # fmt: skip
    db.session.add_all([step, concern, reply])
    db.session.flush()
    return {
        "cohort_id": cohort.id,
        "session_id": cohort.sessions[0].id,
        "participant_id": person.id,
        "enrolment_id": place.id,
        "parcel_id": parcel.id,
        "step_id": step.id,
        "concern_id": concern.id,
        "message_id": message.id,
        "reply_id": reply.id,
        "term_id": cohort.term_id,
        "due_id": 1,
        "break_id": 1,
        "number": person.id,
    }


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
