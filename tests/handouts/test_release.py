"""Releasing a week, printing ahead, and what staff see."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import CLOCK
from programme.cohorts.jobs import carry_out, make_dues
from programme.cohorts.models import Due, Step
from programme.cohorts.rules import DueState
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.handouts import jobs
from programme.handouts.actions import note_downloaded, note_opened, release
from programme.handouts.models import Reading, Rendering
from programme.handouts.queries import not_rendered, released_weeks, rendered_file, week_page
from programme.handouts.rules import Form
from programme.messages.models import Message
from programme.messages.wanted import is_still_wanted
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders

SignIn = Callable[[Account], FlaskClient]
OCTOBER = date(2026, 10, 6)


def test_a_week_is_released_once(app: Flask, at: datetime) -> None:
    cohort = builders.cohort(OCTOBER, partner=builders.partner())
    assert week_page(cohort, 2, "en") is None
    assert release(cohort, 2, by=CLOCK, at=at)
    assert not release(cohort, 2, by=CLOCK, at=at)
    assert released_weeks(cohort.id) == (2,)
    assert week_page(cohort, 2, "en") is not None


def test_a_week_that_the_programme_does_not_have_is_refused(app: Flask, at: datetime) -> None:
    cohort = builders.cohort(OCTOBER, partner=builders.partner())
    with pytest.raises(Refusal, match="no week 11"):
        release(cohort, 11, by=CLOCK, at=at)


def test_printing_ahead_goes_on_until_everything_is_there(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "print_week", lambda *names: repr(names).encode())
    total = len(not_rendered(["together"]))
    assert total == 30
    printed = [jobs.print_ahead(at) for _ in range(6)]
    assert printed == [6, 6, 6, 6, 6, 0]
    assert rendered_file("together", 3, "en", Form.LOW_INK) is not None


def test_a_crash_while_printing_leaves_what_was_there(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "print_week", lambda *names: repr(names).encode())
    jobs.print_ahead(at)

    def crash(*names: object) -> bytes:
        raise RuntimeError("no paper")

    monkeypatch.setattr(jobs, "print_week", crash)
    with pytest.raises(RuntimeError):
        jobs.print_ahead(at)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Rendering.id))) == 6


def test_the_first_reading_is_kept(app: Flask, at: datetime) -> None:
    partner = builders.partner()
    cohort = builders.cohort(OCTOBER, partner=partner)
    person = builders.participant("Steph", partner=partner)
    whose = {"participant_id": person.id, "cohort_id": cohort.id, "week": 1}
    later = at.replace(hour=15)
    note_opened(**whose, at=at)
    note_opened(**whose, at=later)
    note_downloaded(**whose, at=later)
    reading = db.session.scalars(select(Reading)).one()
    assert (reading.opened_at, reading.downloaded_at) == (at, later)


def test_a_facilitator_opens_a_week_of_their_own_group_only(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    partner = builders.partner()
    own = builders.cohort(OCTOBER, partner=partner)
    other = builders.cohort(OCTOBER, partner=partner, name="Wednesday group")
    browser = sign_in(builders.account(Role.FACILITATOR, cohort=own))
    form = {"cohort": own.id, "week": 1}
    assert browser.post("/handouts/release", data=form).status_code == 303
    assert browser.post("/handouts/release", data=form | {"cohort": other.id}).status_code == 404
    assert (released_weeks(own.id), released_weeks(other.id)) == ((1,), ())


def test_a_printed_file_is_asked_for_again_by_its_tag(
    app: Flask, sign_in: SignIn, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "print_week", lambda *names: b"%PDF- " + repr(names).encode())
    jobs.print_ahead(at)
    browser = sign_in(builders.account(Role.COORDINATOR))
    answer = browser.get("/handouts/together/week-1-standard.pdf")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = browser.get(
        "/handouts/together/week-1-standard.pdf", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (answer.status_code, again.status_code, again.data) == (200, 304, b"")
    assert browser.get("/handouts/together/week-99-standard.pdf").status_code == 404
    assert browser.get("/handouts/nothing/week-1-standard.pdf").status_code == 404


@pytest.fixture
def notice(app: Flask, at: datetime) -> Step:
    """The notice of week one of a group of two who share a phone and one who does not."""
    lead = builders.partner()
    cohort = builders.cohort(OCTOBER, partner=lead)
    made = Step(
        cohort=cohort, name="handout.notice", kind="handouts.notice", session_number=1,
        due_at=at, expires_at=at + timedelta(days=5),
    )  # fmt: skip
    db.session.add(made)
    for name, phone in (("Ann", "+447700900001"), ("Bo", "+447700900001"), ("Cy", "+447700900002")):
        one = builders.participant(name, partner=lead, phone=phone)
        builders.enrol(builders.spoken_to(one, channel=Channel.BY_HAND), cohort)
    db.session.flush()
    return made


def told(step: Step, at: datetime) -> list[str]:
    make_dues(at)
    carry_out(at)
    found = select(Participant.known_as).join(Message, Message.participant_id == Participant.id)
    return list(db.session.scalars(found.order_by(Message.id)))


def test_nobody_is_told_of_a_week_that_is_not_released(notice: Step, at: datetime) -> None:
    assert told(notice, at) == []
    release(notice.cohort, 1, by=CLOCK, at=at)
    assert told(notice, at) == ["Ann", "Cy"]


def test_two_who_share_a_phone_are_told_of_the_week_once(notice: Step, at: datetime) -> None:
    release(notice.cohort, 1, by=CLOCK, at=at)
    assert told(notice, at) == ["Ann", "Cy"]
    reasons = select(Due.reason).filter_by(step_id=notice.id, state=DueState.SKIPPED)
    assert db.session.scalars(reasons).all() == ["Somebody with the same phone was told."]


def test_who_has_opened_the_week_is_not_told_that_it_is_there(notice: Step, at: datetime) -> None:
    release(notice.cohort, 1, by=CLOCK, at=at)
    ann, cy = (db.session.scalars(select(Participant).filter_by(known_as=n)).one() for n in
               ("Ann", "Cy"))  # fmt: skip
    note_opened(participant_id=cy.id, cohort_id=notice.cohort_id, week=1, at=at)
    assert told(notice, at) == ["Ann"]
    message = db.session.scalars(select(Message)).one()
    assert is_still_wanted(message, at)
    note_opened(participant_id=ann.id, cohort_id=notice.cohort_id, week=1, at=at)
    assert not is_still_wanted(message, at)
