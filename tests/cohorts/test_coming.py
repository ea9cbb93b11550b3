"""What Today says about the next days."""

from datetime import date, datetime, timedelta

from flask import Flask

from programme.access.rules import Role
from programme.access.viewer import ANONYMOUS, CLOCK, staff_viewer
from programme.cohorts.coming import coming_up
from programme.cohorts.models import Cohort, Step
from programme.foundation.database import db
from tests import builders


def plan(cohort: Cohort, kind: str, due_at: datetime, **others: object) -> None:
    step = Step(cohort_id=cohort.id, name=f"{kind} {due_at}", kind=kind, due_at=due_at, **others)
    step.expires_at = due_at + timedelta(hours=1)
    db.session.add(step)
    db.session.flush()


def test_the_next_days_are_said_day_by_day_each_thing_once(app: Flask, at: datetime) -> None:
    cohort = builders.cohort(date(2026, 10, 6), partner=builders.partner())
    plan(cohort, "cohorts.remind", at + timedelta(hours=2))
    plan(cohort, "cohorts.remind", at + timedelta(hours=3))
    plan(cohort, "cohorts.thanks", at + timedelta(days=2))
    plan(cohort, "cohorts.thanks", at + timedelta(days=8))
    plan(cohort, "cohorts.welcome", at - timedelta(hours=1))
    plan(cohort, "cohorts.welcome", at + timedelta(days=1), paused_at=at)
    said = [(coming.day, coming.says) for coming in coming_up(CLOCK, at)]
    assert said == [
        (date(2026, 10, 6), ("Reminder, Tuesday group",)),
        (date(2026, 10, 8), ("Thank you, Tuesday group",)),
    ]


def test_groups_of_others_are_not_mentioned(app: Flask, at: datetime) -> None:
    partner = builders.partner()
    cohort = builders.cohort(date(2026, 10, 6), partner=partner)
    own = builders.cohort(date(2026, 10, 7), partner=partner, name="Wednesday group")
    plan(cohort, "cohorts.remind", at + timedelta(hours=2))
    viewer = staff_viewer(builders.account(Role.FACILITATOR, cohort=own), at.date())
    assert coming_up(viewer, at) == []
    assert coming_up(ANONYMOUS, at) == []
