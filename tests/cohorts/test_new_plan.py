"""A programme's plan that has changed: shown first, followed after a yes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account, Partner
from programme.access.viewer import Viewer
from programme.cohorts import attention, opening, programmes, replanning
from programme.cohorts.attention import todo
from programme.cohorts.models import Cohort, Due, Step
from programme.cohorts.programmes import Programme, load_programme
from programme.cohorts.rules import DueState
from programme.foundation.database import db
from tests import builders
from tests.cohorts.conftest import step
from tests.cohorts.test_pages import words

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def newer(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """From now on the thanks come a day later, and the last reminder of the questions is gone."""
    known = load_programme("together")
    thanks = replace(known.entry("thanks"), days=2)
    plan = tuple(
        thanks if entry.name == "thanks" else entry
        for entry in known.plan
        if entry.name != "before.remind-3"
    )
    changed = replace(known, version=known.version + 1, plan=plan)
    db.session.commit()
    for module in (programmes, replanning, attention, opening):
        monkeypatch.setattr(module, "load_programme", lambda _name: changed)
    monkeypatch.setattr("programme.cohorts.cohort_page.load_programme", lambda _name: changed)
    return changed


def test_today_and_the_page_say_so_and_nothing_changes_before_a_yes(
    sign_in: SignIn, coordinator: Account, cohort: Cohort, by: Viewer, at: datetime,
    newer: Programme,
) -> None:  # fmt: skip
    client = sign_in(coordinator)
    was = step(cohort, "thanks").due_at
    (item,) = [each for each in todo(by, at) if "newer version" in each.title]
    assert item.url == f"/cohorts/{cohort.id}/new-plan"
    assert "plan has changed" in words(client.get(f"/cohorts/{cohort.id}"))
    shown = words(client.get(item.url))
    assert "Thank you Wednesday 30 December, 9 am Thursday 31 December, 11 am Moves" in shown
    assert "Reminder about the questions" in shown
    assert "Falls away" in shown
    db.session.expire_all()
    assert step(cohort, "thanks").due_at == was
    assert step(cohort, "before.remind-3").ended_at is None


def test_after_a_yes_the_plan_follows_and_what_was_done_stays(
    sign_in: SignIn, coordinator: Account, cohort: Cohort, lead: Partner, by: Viewer,
    at: datetime, newer: Programme,
) -> None:  # fmt: skip
    client = sign_in(coordinator)
    thanks, person = step(cohort, "thanks"), builders.participant("Ann", partner=lead)
    was = thanks.due_at
    done = Due(step=thanks, participant_id=person.id, state=DueState.DONE, made_at=at)
    db.session.add(done)
    db.session.commit()
    assert client.post(f"/cohorts/{cohort.id}/new-plan").status_code == 303
    db.session.expire_all()
    assert (thanks.due_at, done.state) == (was, DueState.DONE)
    assert step(cohort, "before.remind-3").ended_at is not None
    assert cohort.programme_version == newer.version
    assert not [each for each in todo(by, at) if "newer version" in each.title]
    assert "plan has changed" not in words(client.get(f"/cohorts/{cohort.id}"))


def test_a_group_that_is_over_is_left_alone(cohort: Cohort, by: Viewer, newer: Programme) -> None:
    over = max(each.expires_at for each in db.session.scalars(select(Step)))
    assert not [each for each in todo(by, over) if "newer version" in each.title]
