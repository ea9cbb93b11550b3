"""Into the room: who may, two on one phone, by telephone, and who cannot get in."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.links import link_key
from programme.access.rules import Purpose, Role
from programme.cohorts.actions import let_join_again, stop_joining
from programme.cohorts.rules import Stage
from programme.cohorts.steering import change_dial_in
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.registers.models import Arrival, CannotGetIn
from tests import builders
from tests.conftest import set_clock
from tests.evening import Evening, SignIn, an_evening

MINUTE = timedelta(minutes=1)


@pytest.fixture
def evening(app: Flask, at: datetime) -> Evening:
    """Five minutes before it begins."""
    made = an_evening("Dawn", "Marek")
    made.cohort.dial_in = "0330 088 5830, code 812 3456#"
    db.session.commit()
    set_clock(made.session.starts_at - 5 * MINUTE)
    return made


def address(evening: Evening, number: int = 0) -> str:
    return f"/g/{link_key(Purpose.MY_GROUP, evening.enrolments[number].id)}"


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def live_together(evening: Evening) -> None:
    dawn, marek = evening.people
    marek.household_id, marek.phone_index = dawn.household_id, dawn.phone_index
    db.session.commit()


def arrived() -> set[int]:
    return set(db.session.scalars(select(Arrival.participant_id)))


def test_a_stopped_join_button_leads_nowhere_until_it_is_let_again(
    app: Flask, evening: Evening, at: datetime
) -> None:
    client, by = app.test_client(), evening.viewer(builders.account(Role.COORDINATOR))
    stop_joining(evening.enrolments[0], by=by, at=at)
    db.session.commit()
    page = client.get(address(evening)).text
    assert "You cannot join just now. Please ring us" in page
    assert "/join/" not in page
    assert "0330" not in page
    assert client.post(f"{address(evening)}/join/4").status_code == 422
    assert client.post(f"{address(evening)}/stuck/4").status_code == 422
    assert (count(Arrival), count(CannotGetIn)) == (0, 0)
    let_join_again(evening.enrolments[0], by=by, at=at)
    db.session.commit()
    assert client.post(f"{address(evening)}/join/4").status_code == 303


def test_a_coordinator_stops_it_on_the_groups_page(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    client = sign_in(builders.account(Role.COORDINATOR))
    url, place = f"/cohorts/{evening.cohort.id}", evening.enrolments[0]
    client.post(f"{url}/people/{place.id}/stop-joining")
    assert "Cannot join" in client.get(url).text
    client.post(f"{url}/people/{place.id}/let-join")
    assert "Cannot join" not in client.get(url).text


def test_two_of_one_home_and_phone_join_together_and_both_have_come(
    app: Flask, evening: Evening
) -> None:
    live_together(evening)
    client, (dawn, marek) = app.test_client(), evening.people
    assert "Who else is with you?" in client.get(address(evening)).text
    client.post(f"{address(evening)}/join/4", data={"with": [str(marek.id)]})
    assert arrived() == {dawn.id, marek.id}


@pytest.mark.parametrize(
    "unlike", ["another home", "another phone", "must not know", "left", "stopped"]
)
def test_nobody_is_named_to_somebody_who_may_not_know(
    app: Flask, evening: Evening, unlike: str, at: datetime
) -> None:
    live_together(evening)
    client, (dawn, marek) = app.test_client(), evening.people
    if unlike == "another home":
        marek.household_id = builders.participant(
            "Else", partner=builders.partner("P")
        ).household_id
    elif unlike == "another phone":
        marek.phone_index = "another"
    elif unlike == "must not know":
        assert marek.conversation
        marek.conversation.who_must_not_know = "Dawn"
    elif unlike == "left":
        evening.enrolments[1].stage = Stage.WITHDREW
    else:
        evening.enrolments[1].join_stopped_at = at
    db.session.commit()
    assert "Marek" not in client.get(address(evening)).text
    answer = client.post(f"{address(evening)}/join/4", data={"with": [str(marek.id)]})
    assert answer.status_code == 303, answer.text
    assert arrived() == {dawn.id}


def test_the_number_to_ring_shows_only_while_the_room_is_open(app: Flask, evening: Evening) -> None:
    client, session = app.test_client(), evening.session
    page = client.get(address(evening)).text
    assert 'href="tel:03300885830"' in page
    assert "code 812 3456#" in page
    for closed in (session.starts_at - 16 * MINUTE, session.ends_at):
        set_clock(closed)
        assert "0330 088 5830" not in client.get(address(evening)).text


@pytest.mark.parametrize("typed", ["ring us", "812#", "0330 088 5830, prison group", "1" * 120])
def test_a_number_that_is_none_or_says_too_much_is_refused(
    evening: Evening, typed: str, at: datetime
) -> None:
    by = evening.viewer(builders.account(Role.COORDINATOR))
    with pytest.raises(Refusal):
        change_dial_in(evening.cohort, typed, by=by, at=at)
    assert evening.cohort.dial_in == "0330 088 5830, code 812 3456#"


def test_a_coordinator_gives_the_number(app: Flask, evening: Evening, sign_in: SignIn) -> None:
    client = sign_in(builders.account(Role.COORDINATOR))
    url = f"/cohorts/{evening.cohort.id}/dial-in"
    assert client.post(url, data={"dial_in": "0330 088 5831"}).status_code == 303
    assert evening.cohort.dial_in == "0330 088 5831"
    assert client.post(url, data={"dial_in": "no"}).status_code == 422


def test_whoever_cannot_get_in_says_so_once_and_the_facilitator_sees_it(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    client = app.test_client()
    for _ in range(3):
        answer = client.post(f"{address(evening)}/stuck/4")
        assert answer.status_code == 303
    assert "They can see it now" in client.get(answer.location).text
    assert (count(CannotGetIn), count(Arrival)) == (1, 0)
    tonight = sign_in(evening.facilitator).get(f"/tonight/{evening.session.id}").text
    assert "Dawn" in tonight


def test_before_the_room_opens_nobody_can_be_stuck(app: Flask, evening: Evening) -> None:
    set_clock(evening.session.starts_at - 16 * MINUTE)
    assert app.test_client().post(f"{address(evening)}/stuck/4").status_code == 422
    assert count(CannotGetIn) == 0


def test_the_address_of_the_meeting_stands_on_no_page(app: Flask, evening: Evening) -> None:
    client: FlaskClient = app.test_client()
    for url in (address(evening), f"{address(evening)}/week/3", f"{address(evening)}/details"):
        assert "zoom.us" not in client.get(url, follow_redirects=True).text
