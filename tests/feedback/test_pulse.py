"""When a session is asked about, and what a facilitator is shown."""

from datetime import datetime, timedelta

from flask import Flask

from programme.access.viewer import participant_viewer
from programme.cohorts.programmes import load_programme
from programme.feedback.actions import say_how_it_was
from programme.feedback.queries import session_to_ask_about, summary
from programme.feedback.rules import is_open
from programme.foundation.database import db
from tests.conftest import set_clock
from tests.evening import SignIn, an_evening

DAY = timedelta(days=1)


def test_a_session_is_asked_about_from_its_end_until_the_next_begins(at: datetime) -> None:
    following = at + 7 * DAY
    moments = [at - DAY, at, following - DAY, following]
    assert [is_open(at, following, moment) for moment in moments] == [False, True, True, False]
    assert is_open(at, None, at + 13 * DAY)
    assert not is_open(at, None, at + 14 * DAY)


def test_a_cancelled_session_is_not_asked_about(app: Flask, at: datetime) -> None:
    sessions = an_evening("Dawn").cohort.sessions
    assert session_to_ask_about(sessions, at) is sessions[2]
    sessions[2].cancelled_at = at
    assert session_to_ask_about(sessions, at) is sessions[1]


def test_a_facilitator_sees_how_many_said_what_and_never_who(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek", "Pat")
    for person, answer in zip(evening.people, ("helped", "helped", "partly"), strict=True):
        say_how_it_was(evening.session, person.id, answer, by=participant_viewer(person.id), at=at)
    db.session.commit()
    said = summary(evening.session, load_programme("together"))
    assert [(one.text, one.count) for one in said.answers] == [
        ("Yes, it helped", 2),
        ("Some of it", 1),
        ("Not this time", 0),
    ]
    set_clock(evening.session.ends_at)
    address = f"/tonight/{evening.session.id}"
    assert "Yes, it helped: 2" in sign_in(evening.facilitator).get(address).text
    assert "Yes, it helped" not in sign_in(evening.helper).get(address).text
