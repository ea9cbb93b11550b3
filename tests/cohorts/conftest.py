"""A cohort opened the way a coordinator opens one, with its plan."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts.models import Cohort, Step, Term
from programme.cohorts.opening import NewCohort, open_cohort
from programme.foundation.database import db
from programme.foundation.web import say_day
from programme.messages.models import Message
from programme.messages.values import instant_in
from tests import builders

FIRST_DAY = date(2026, 10, 27)
"""Three weeks after the tests' now, and the first Tuesday after the clocks go back."""


@pytest.fixture
def lead(app: Flask) -> Partner:
    return builders.partner()


@pytest.fixture
def coordinator(lead: Partner) -> Account:
    return builders.account(Role.COORDINATOR, name="Cora Coordinator")


@pytest.fixture
def by(coordinator: Account) -> Viewer:
    return staff_viewer(coordinator, date(2026, 10, 6))


@pytest.fixture
def term(lead: Partner) -> Term:
    return builders.term(date(2026, 9, 7), date(2027, 2, 12), "Autumn 2026")


def new(lead: Partner, term: Term, **others: Any) -> NewCohort:
    return NewCohort(
        **{
            "programme": "together",
            "partner_id": lead.id,
            "term_id": term.id,
            "public_name": "Tuesday group",
            "first_day": FIRST_DAY,
            "local_time": time(19, 30),
            "minutes": 90,
            "capacity": 4,
            "join_url": "https://zoom.us/j/123456789",
        }
        | others
    )


@pytest.fixture
def cohort(lead: Partner, term: Term, by: Viewer, at: datetime) -> Cohort:
    """Ten Tuesdays at half past seven from 27 October."""
    return open_cohort(new(lead, term), by=by, at=at)


def step(cohort: Cohort, name: str, session: int = 0) -> Step:
    asked = db.select(Step).filter_by(cohort_id=cohort.id, name=name, session_number=session)
    return db.session.scalars(asked).one()


def before(step: Step, **ago: float) -> datetime:
    return step.due_at - timedelta(**ago)


def after(step: Step, **later: float) -> datetime:
    return step.due_at + timedelta(**later)


def named_day(message: Message) -> str:
    """The day in the first text of a message, as English says it."""
    day = json.loads(message.values)["day"]
    return say_day(instant_in(day), day["zone"])
