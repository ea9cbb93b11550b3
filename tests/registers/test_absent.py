"""Who did not come: next morning a note without names, and on Today with them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account
from programme.access.rules import Role
from programme.cohorts.callers import callers_of
from programme.cohorts.models import Step
from programme.cohorts.replanning import Effect, replan
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rendering import render
from programme.registers.calling import record_call
from programme.registers.jobs import note_absent
from programme.registers.queries import todo
from programme.registers.rules import Attendance, CallOutcome
from tests import builders
from tests.evening import TODAY, Evening, an_evening

A = Attendance
REACHED = CallOutcome.REACHED
SignIn = Callable[[Account], FlaskClient]


def note(evening: Evening) -> Step:
    """The note about this evening, due the next morning."""
    step = Step(
        cohort_id=evening.cohort.id,
        name="register.absent",
        kind="registers.absent",
        session_number=evening.session.number,
        due_at=evening.session.ends_at + timedelta(hours=12),
        expires_at=evening.session.ends_at + timedelta(days=3),
    )
    db.session.add(step)
    db.session.commit()
    return step


@pytest.fixture
def evening(app: Flask, at: datetime) -> Evening:
    """Dawn came, Marek did not, Nan sent apologies, Jo did not come either."""
    made = an_evening("Dawn", "Marek", "Nan", "Jo")
    dawn, marek, nan, jo = made.people
    made.mark(4, A.PRESENT, dawn)
    made.mark(4, A.APOLOGIES, nan)
    made.mark(4, A.ABSENT, marek, jo)
    return made


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.account_id)))


def titles(evening: Evening, account: Account, at: datetime) -> list[str]:
    with current_app.test_request_context():
        found = todo(evening.viewer(account), at)
    return [item.title for item in found if "Ring" in item.title]


def test_the_facilitators_are_told_how_many_the_next_morning_once_and_never_who(
    app: Flask, evening: Evening
) -> None:
    step = note(evening)
    assert note_absent(step.due_at - timedelta(minutes=1)) == 0
    assert note_absent(step.due_at) == 2
    assert note_absent(step.due_at) == 0
    assert {mail.account_id for mail in mails()} == {evening.facilitator.id, evening.second.id}
    text = render(mails()[0], app.config["SETTINGS"])
    assert "2 people to ring about Tuesday group" in text.body
    assert not any(name in text.subject + text.body for name in ("Marek", "Jo"))


def test_whoever_was_named_is_told_instead_while_they_may(evening: Evening, at: datetime) -> None:
    step, cora = note(evening), builders.account(Role.COORDINATOR, name="Cora")
    evening.cohort.caller_id = cora.id
    note_absent(step.due_at)
    assert [mail.account_id for mail in mails()] == [cora.id]
    cora.grants.clear()
    db.session.flush()
    assert callers_of(evening.cohort, TODAY) == [evening.facilitator, evening.second]


def test_it_waits_until_the_register_is_taken(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn, marek = evening.people
    evening.mark(4, A.ABSENT, marek)
    step = note(evening)
    assert note_absent(step.due_at) == 0
    evening.mark(4, A.PRESENT, dawn)
    assert note_absent(step.due_at + timedelta(hours=2)) == 2


def test_when_everybody_came_or_was_rung_nobody_is_told_and_the_step_ends(
    evening: Evening,
) -> None:
    step = note(evening)
    for person in evening.people[1::2]:
        record_call(
            evening.session, person.id, REACHED, "Rang.", by=evening.viewer(), at=step.due_at
        )
    db.session.commit()
    assert note_absent(step.due_at) == 0
    assert step.ended_at == step.due_at
    assert mails() == []


def test_today_names_them_from_that_morning_until_somebody_rang(evening: Evening) -> None:
    step, morning = note(evening), evening.session.ends_at + timedelta(hours=12)
    assert titles(evening, evening.facilitator, morning - timedelta(hours=1)) == []
    assert titles(evening, evening.facilitator, morning) == [
        "Ring Jo: did not come to week 4",
        "Ring Marek: did not come to week 4",
    ]
    record_call(
        evening.session, evening.people[1].id, REACHED, "Rang.", by=evening.viewer(), at=morning
    )
    assert titles(evening, evening.facilitator, morning) == ["Ring Jo: did not come to week 4"]
    assert titles(evening, evening.facilitator, step.expires_at) == []


def test_today_shows_them_to_whoever_was_named_alone(evening: Evening) -> None:
    step, cora = note(evening), builders.account(Role.COORDINATOR, name="Cora")
    assert titles(evening, cora, step.due_at) == []
    evening.cohort.caller_id = cora.id
    assert len(titles(evening, cora, step.due_at)) == 2
    assert titles(evening, evening.facilitator, step.due_at) == []


def test_who_missed_two_in_a_row_is_named_once(evening: Evening) -> None:
    step, marek = note(evening), evening.people[1]
    evening.mark(3, A.ABSENT, marek)
    assert titles(evening, evening.facilitator, step.due_at) == [
        "Ring Marek: missed two in a row",
        "Ring Jo: did not come to week 4",
    ]


def test_a_note_that_was_given_is_not_given_again_when_the_plan_is_worked_out_anew(
    evening: Evening,
) -> None:
    replan(evening.cohort, evening.session.starts_at)
    wanted = select(Step).filter_by(name="register.absent", session_number=4)
    step = db.session.scalars(wanted).one()
    db.session.commit()
    assert note_absent(step.due_at) == 2
    later = step.due_at + timedelta(hours=1)
    assert step.name not in {
        each.name for each in replan(evening.cohort, later) if each.effect is Effect.MOVES
    }
    db.session.commit()
    assert note_absent(later) == 0


def test_a_coordinator_chooses_who_rings_among_those_who_may(
    evening: Evening, sign_in: SignIn
) -> None:
    cora = builders.account(Role.COORDINATOR, name="Cora")
    packer = builders.account(Role.PACKER, name="Pam")
    client, url = sign_in(cora), f"/cohorts/{evening.cohort.id}"
    page = client.get(url).text
    assert "the facilitators" in page
    assert "Pam" not in page
    assert client.post(f"{url}/caller", data={"account": str(cora.id)}).status_code == 303
    assert evening.cohort.caller_id == cora.id
    refused = client.post(f"{url}/caller", data={"account": str(packer.id)})
    assert refused.status_code == 422
    assert "does not see the people of this group" in refused.text
    client.post(f"{url}/caller", data={"account": ""})
    db.session.expire_all()
    assert evening.cohort.caller_id is None
    assert sign_in(evening.facilitator).post(f"{url}/caller").status_code == 403
