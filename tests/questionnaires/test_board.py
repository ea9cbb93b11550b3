"""Who has answered: for staff of the cohort, never what."""

from collections.abc import Callable
from datetime import datetime, timedelta

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.access.viewer import ANONYMOUS, Viewer, staff_viewer
from programme.foundation.database import db
from programme.questionnaires.actions import begin, finish, take_answer
from programme.questionnaires.board import STILL_SHOWN, board_of, boards, todo
from programme.questionnaires.queries import find_sheet, open_for
from programme.questionnaires.rules import Chosen, Wave
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.questionnaires.asked import CLOSES, OPENED, Asked, a_cohort, asked

SignIn = Callable[[Account], FlaskClient]
HOUR = timedelta(hours=1)


def begun(one: Asked, at: datetime) -> None:
    sheet = find_sheet(one.questionnaire.id)
    assert sheet
    begin(sheet, by=ANONYMOUS, at=at)
    take_answer(sheet, 1, Chosen(4), by=ANONYMOUS, at=at)


def finished(one: Asked, at: datetime) -> None:
    sheet = find_sheet(one.questionnaire.id)
    assert sheet
    finish(sheet, by=ANONYMOUS, at=at)
    db.session.flush()


def seen_by(role: Role, one: Asked | None = None, partner: Partner | None = None) -> Viewer:
    of = one.cohort if one else None
    number = db.session.scalar(select(func.count()).select_from(Account))
    account = builders.account(role, cohort=of, partner=partner, email=f"{number}@example.org")
    return staff_viewer(account, OPENED.date())


def test_the_board_says_who_has_answered_and_who_not(app: Flask, at: datetime) -> None:
    nan = asked("Nan")
    dad, aunt, mum = (asked(name, cohort=nan.cohort) for name in ("Dad", "Auntie", "Mum"))
    finished(nan, at)
    begun(dad, at)
    finished(mum, CLOSES)
    [board] = boards(seen_by(Role.FACILITATOR, aunt), at)
    [wave] = board.waves
    assert (wave.answered, wave.asked, wave.is_open) == (2, 4, True)
    assert [(turn.known_as, turn.state) for turn in wave.turns] == [
        ("Auntie", "Not yet"),
        ("Dad", "Begun, not finished"),
        ("Mum", "Answered, late"),
        ("Nan", "Answered"),
    ]


def test_only_the_viewers_own_cohorts_are_on_the_board(app: Flask, at: datetime) -> None:
    nan, other = asked("Nan"), asked("Other", cohort=a_cohort("Friday group"))
    assert [one.name for one in boards(seen_by(Role.FACILITATOR, nan), at)] == ["Tuesday group"]
    assert len(boards(seen_by(Role.COORDINATOR), at)) == 2
    assert boards(seen_by(Role.EVALUATOR), at) == []
    assert board_of(seen_by(Role.FACILITATOR, nan), other.cohort.id, at) is None
    partner = db.session.get_one(Partner, other.cohort.partner_id)
    [seen] = boards(seen_by(Role.COORDINATOR, partner=partner), at)
    assert seen.cohort_id == other.cohort.id


def test_a_wave_leaves_the_board_four_weeks_after_it_closed(app: Flask, at: datetime) -> None:
    nan = asked()
    viewer = seen_by(Role.COORDINATOR)
    assert boards(viewer, CLOSES + STILL_SHOWN - HOUR)
    assert boards(viewer, CLOSES + STILL_SHOWN) == []
    found = board_of(viewer, nan.cohort.id, CLOSES + STILL_SHOWN)
    assert found
    assert not found.waves[0].is_open


def test_the_page_says_who_and_never_what(app: Flask, sign_in: SignIn, at: datetime) -> None:
    nan = asked("Nan")
    begun(nan, at)
    browser = sign_in(builders.account(Role.FACILITATOR, cohort=nan.cohort))
    for url in ("/responses", f"/responses/{nan.cohort.id}"):
        page = browser.get(url)
        assert "0 of 1 answered" in page.text
        assert "Begun, not finished" in page.text
        assert "cheerful" not in page.text
        html5lib.HTMLParser(strict=True).parse(page.text)


def test_somebody_elses_cohort_and_no_cohort_are_the_same(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    nan, other = asked("Nan"), asked("Other", cohort=a_cohort("Friday group"))
    browser = sign_in(builders.account(Role.FACILITATOR, cohort=nan.cohort))
    assert browser.get(f"/responses/{other.cohort.id}").status_code == 404
    assert browser.get("/responses/999").status_code == 404
    assert sign_in(builders.account(Role.EVALUATOR)).get("/responses").status_code == 403


def test_the_board_takes_as_many_queries_for_many_as_for_few(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    nan = asked("Nan")
    browser = sign_in(builders.account(Role.COORDINATOR))

    def taken() -> int:
        with counted_queries() as statements:
            browser.get("/responses")
        return len(statements)

    before = taken()
    for number in range(4):
        asked(f"Person {number}", cohort=nan.cohort)
        asked(f"Other {number}", cohort=a_cohort(f"Group {number}"))
    assert taken() == before <= 10


def test_today_says_which_wave_closes_within_three_days(app: Flask, at: datetime) -> None:
    nan = asked("Nan")
    asked("Dad", cohort=nan.cohort)
    asked("Late", cohort=nan.cohort, wave=Wave.AFTER, closes_at=CLOSES + timedelta(days=30))
    finished(nan, at)
    viewer = seen_by(Role.FACILITATOR, nan)
    three_days = timedelta(days=3)
    with app.test_request_context():
        assert todo(viewer, CLOSES - three_days - HOUR) == []
        [found] = todo(viewer, CLOSES - three_days)
        assert found.title == "Tuesday group: the questions “before” are closing"
        assert found.fact == "1 of 2 still to answer"
        assert found.url == f"/responses/{nan.cohort.id}"
        assert found.due == CLOSES.date()
        assert todo(viewer, CLOSES + HOUR) == []
        assert todo(seen_by(Role.PACKER), CLOSES - HOUR) == []


def test_today_says_nothing_when_everybody_has_answered(app: Flask, at: datetime) -> None:
    nan = asked()
    finished(nan, at)
    with app.test_request_context():
        assert todo(seen_by(Role.COORDINATOR), CLOSES - HOUR) == []


def test_my_group_offers_what_can_be_answered_now(app: Flask, at: datetime) -> None:
    nan = asked()
    with app.test_request_context():
        found = open_for(nan.enrolment.id, at)
        assert found
        assert f"/q/{found.key}" == nan.url
        assert (found.questions, found.minutes, found.is_begun) == (10, 2, False)
        begun(nan, at)
        again = open_for(nan.enrolment.id, at)
        assert again
        assert again.is_begun
        assert open_for(nan.enrolment.id, CLOSES) is None
        assert open_for(nan.enrolment.id + 1, at) is None
        finished(nan, at)
        assert open_for(nan.enrolment.id, at) is None


def test_a_closed_wave_can_be_told_from_an_open_one(
    app: Flask, sign_in: SignIn, at: datetime
) -> None:
    asked()
    browser = sign_in(builders.account(Role.COORDINATOR))
    assert "Open until Tuesday 20 October, 7 pm, in 14 days" in browser.get("/responses").text
    set_clock(CLOSES + HOUR)
    assert "Closed on Tuesday 20 October" in browser.get("/responses").text
