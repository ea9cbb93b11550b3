"""The page of one step: why, what, to whom, and the text, word by word."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.links import link_key
from programme.access.models import Account, Partner
from programme.access.rules import Purpose, Role
from programme.access.viewer import Viewer
from programme.cohorts.actions import enrol
from programme.cohorts.jobs import carry_out, make_dues
from programme.cohorts.models import Cohort, Due, Enrolment, Step
from programme.cohorts.moving import move_session
from programme.cohorts.programmes import load_programme
from programme.cohorts.rules import DueState
from programme.cohorts.steering import move_step
from programme.foundation.database import db
from programme.messages.models import Message
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders
from tests.cohorts.conftest import step
from tests.cohorts.test_pages import count, words
from tests.conftest import set_clock

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def client(sign_in: SignIn, coordinator: Account) -> FlaskClient:
    return sign_in(coordinator)


def join(cohort: Cohort, lead: Partner, by: Viewer, at: datetime, name: str,
         channel: Channel = Channel.EMAIL, **others: str | None) -> Participant:  # fmt: skip
    person = builders.participant(name, partner=lead, **others)
    enrol(builders.spoken_to(person, channel=channel), into=cohort, by=by, at=at)
    return person


def url(step: Step) -> str:
    return f"/cohorts/{step.cohort_id}/steps/{step.id}"


def test_it_says_why_it_is_there_until_when_it_is_of_use_and_what_it_does(
    client: FlaskClient, cohort: Cohort
) -> None:
    text = words(client.get(url(step(cohort, "remind.day-before", 3))))
    assert "Reminder, week 3" in text
    assert "The day before session 3, at 6 pm." in text
    assert "Tuesday 10 November, 6.30 pm, one hour before session 3 begins" in text
    assert "Reminds everyone who takes part of session 3, once per phone." in text
    assert "Nobody, as things stand now." in text


def test_it_says_who_moved_it_by_hand_and_what_the_plan_says(
    client: FlaskClient, cohort: Cohort, by: Viewer, at: datetime
) -> None:
    welcome = step(cohort, "welcome")
    move_step(welcome, welcome.due_at + timedelta(days=1), by=by, at=at)
    text = words(client.get(url(welcome)))
    assert "Cora Coordinator gave it this date by hand." in text
    assert "By the plan: 14 days before the first session, at 10 am." in text
    assert "Let it follow the sessions again" in text


def test_whose_turn_is_to_come_is_shown_with_the_way_or_why_there_is_none(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    join(cohort, lead, by, at, "Bo", email=None)
    early = join(cohort, lead, by, at, "Di")
    db.session.flush()
    db.session.expire_all()
    early.conversation.until_hour = 9
    enrol(builders.participant("Cy", partner=lead), into=cohort, by=by, at=at)
    text = words(client.get(url(step(cohort, "welcome"))))
    assert "Ann To come E-mail" in text
    assert "Bo To come Their e-mail address is missing. Somebody is asked to ring." in text
    assert "Di To come There is no safe time while it is of use." in text
    assert "Cy" not in text  # not yet spoken to
    assert "3 to come, as things stand now." in text


def test_what_became_of_each_turn_is_shown(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    join(cohort, lead, by, at, "Bo", email=None)
    cy = join(cohort, lead, by, at, "Cy")
    welcome = step(cohort, "welcome")
    db.session.commit()
    make_dues(welcome.due_at)
    failing = db.session.scalars(
        select(Due).filter_by(participant_id=cy.id, step_id=welcome.id)
    ).one()
    failing.state, failing.reason = DueState.SKIPPED, "Their turn was over."
    db.session.commit()
    carry_out(welcome.due_at)
    set_clock(welcome.due_at + timedelta(minutes=1))
    text = words(client.get(url(welcome)))
    assert "Ann Waiting E-mail, Tuesday 13 October, 10 am" in text
    assert "Bo To ring Their e-mail address is missing." in text
    assert "Cy Skipped Their turn was over." in text


def test_the_text_is_shown_for_one_person_and_for_the_longest_name_without_their_links(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = join(cohort, lead, by, at, "Ann")
    bo = join(cohort, lead, by, at, "Bo", channel=Channel.SMS, phone="+447700900124")
    join(cohort, lead, by, at, "Maryam-Alexandria")
    address = url(step(cohort, "welcome"))
    text = words(client.get(address))
    assert "Hello Ann, you start Tuesday 27 October, 7.30 pm." in text
    assert "Hello Maryam-Alexandria, you start" in text
    assert "Hello Bo" not in text
    chosen = client.get(f"{address}?person={bo.id}")
    assert "Hello Bo, you start" in words(chosen)
    place = db.session.scalars(select(Enrolment).filter_by(participant_id=ann.id)).one()
    assert link_key(Purpose.MY_GROUP, place.id) not in chosen.text
    assert "http://localhost/…" in words(chosen)
    assert db.session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("name", ["before.open", "remind.hour-before", "thanks", "register.nudge"])
def test_every_kind_that_writes_shows_its_text(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime, name: str
) -> None:
    join(cohort, lead, by, at, "Ann")
    builders.account(Role.FACILITATOR, cohort=cohort, name="Fay Facilitator")
    entry = load_programme("together").entry(name)
    text = words(client.get(url(step(cohort, name, 2 if entry.anchor == "each" else 0))))
    assert "As Ann would get it" in text or "As Fay Facilitator would get it" in text


def test_a_change_says_who_changed_what(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = join(cohort, lead, by, at, "Ann")
    welcome, first = step(cohort, "welcome"), cohort.sessions[0]
    db.session.commit()
    make_dues(welcome.due_at)
    carry_out(welcome.due_at)
    message = db.session.scalars(select(Message).filter_by(participant_id=ann.id)).one()
    message.state, message.sent_at = "sent", welcome.due_at
    moment = welcome.due_at + timedelta(days=1)
    set_clock(moment)
    move_session(first, day=first.day + timedelta(days=1), local_time=first.local_time,
                 tell=True, by=by, at=moment)  # fmt: skip
    text = words(client.get(url(step(cohort, "session.changed", 1))))
    assert "A changed date, week 1" in text
    assert "Cora Coordinator changed session 1." in text
    assert "It was to be on Tuesday 27 October, 7.30 pm, and is now on Wednesday 28" in text
    assert "Hello Ann, a change: we now meet Wednesday 28 October, 7.30 pm." in text


def test_a_facilitator_sees_the_step_but_not_how_people_are_reached_nor_its_buttons(
    sign_in: SignIn, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Bo", email=None)
    fay = sign_in(builders.account(Role.FACILITATOR, cohort=cohort, name="Fay"))
    text = words(fay.get(url(step(cohort, "welcome"))))
    assert "Bo" in text
    assert "address is missing" not in text
    assert "Pause" not in text
    other = builders.cohort(date(2026, 10, 8), partner=lead, name="Thursday group")
    stranger = sign_in(builders.account(Role.FACILITATOR, cohort=other, name="Ola"))
    assert stranger.get(url(step(cohort, "welcome"))).status_code == 404


def test_a_step_that_left_the_programmes_plan_is_held_and_says_so(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    join(cohort, lead, by, at, "Ann")
    opening = step(cohort, "before.open")
    opening.name = "gone"
    db.session.commit()
    assert "No longer in the programme's plan" in words(client.get(url(opening)))
    assert "No longer in the programme's plan" in words(client.get(f"/cohorts/{cohort.id}"))
    make_dues(opening.due_at)
    dues = db.session.scalars(select(Due).filter_by(step_id=opening.id)).all()
    assert dues == []


@pytest.mark.parametrize("name", ["welcome", "before.open", "before.remind-1", "parcels"])
def test_it_takes_as_many_queries_for_many_people_as_for_few(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime, name: str
) -> None:
    cohort.capacity = 30
    address, counts = url(step(cohort, name)), []
    for number in range(2):
        for person in ("A", "B", "Longer name"):
            known = join(cohort, lead, by, at, f"{person} {number}")
            db.session.add(Due(step=step(cohort, name), participant_id=known.id, made_at=at))
            join(cohort, lead, by, at, f"To come {person} {number}")
        db.session.commit()
        counts.append(count(client, address))
    assert counts[0] == counts[1] <= 35
