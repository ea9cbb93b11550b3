"""Answering on a phone: one question a screen, kept at every answer, nothing shown to others."""

from datetime import datetime, timedelta

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.links import link_key
from programme.access.rules import Purpose
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.questionnaires.models import Answer, Questionnaire, Score
from programme.questionnaires.rules import PAUSE
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.questionnaires.asked import CLOSES, LAST_CHANCE, Asked, asked

WHO5 = ("cheerful", "calm", "active", "rested", "interest")
CHECK_IN = ("talking", "hard-moments", "asking", "noticing", "looking-after")
TEN = ["5", "4", "3", "2", "1", "0", "1", "2", "3", "4"]


@pytest.fixture
def nan(app: Flask, at: datetime) -> Asked:
    return asked()


@pytest.fixture
def phone(app: Flask, nan: Asked) -> FlaskClient:
    return app.test_client()


def answers() -> dict[str, int | None]:
    db.session.expire_all()
    return {one.item: one.value for one in db.session.scalars(select(Answer).order_by(Answer.id))}


def scores() -> dict[str, float | None]:
    db.session.expire_all()
    return {f"{one.instrument} {one.score}": one.value for one in db.session.scalars(select(Score))}


def row() -> Questionnaire:
    db.session.expire_all()
    return db.session.scalars(select(Questionnaire)).one()


def answer_all(phone: FlaskClient, nan: Asked, values: list[str] = TEN) -> str:
    phone.post(nan.url)
    for number, value in enumerate(values, start=1):
        last = phone.post(f"{nan.url}/{number}", data={"answer": value})
        assert last.status_code == 303
    return str(last.location)


def test_the_first_screen_says_who_reads_that_somebody_may_ring_and_nobody_at_night(
    phone: FlaskClient, nan: Asked
) -> None:
    page = phone.get(nan.url).text
    assert "Who reads your answers" in page
    assert "Somebody may ring you" in page
    assert "Nobody reads them at night" in page
    assert "World Health Organization 2024" in page
    assert "Not a validated measure" in page


def test_looking_at_any_screen_writes_nothing(phone: FlaskClient, nan: Asked) -> None:
    phone.get(nan.url)
    phone.head(nan.url)
    phone.get(f"{nan.url}/1")
    phone.get(f"{nan.url}/left-out")
    assert row().begun_at is None
    assert answers() == {}


def test_a_whole_session_is_kept_scored_and_thanked(
    phone: FlaskClient, nan: Asked, at: datetime
) -> None:
    assert phone.post(nan.url).location == f"{nan.url}/1"
    screen = phone.get(f"{nan.url}/3").text
    assert "3 of 10" in screen
    assert "I have felt active and vigorous" in screen
    assert "Over the last two weeks" in screen
    assert answer_all(phone, nan) == nan.url
    assert "<h1>Thank you</h1>" in phone.get(nan.url).text
    assert list(answers()) == list(WHO5 + CHECK_IN)
    assert list(answers().values()) == [int(value) for value in TEN]
    assert scores() == {"who5@1 raw": 15, "who5@1 percent": 60, "check-in@1 mean": 2}
    assert row().finished_at - at < timedelta(minutes=1)
    assert not row().is_late


def test_each_answer_is_kept_at_once(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    assert phone.post(f"{nan.url}/1", data={"answer": "4"}).location == f"{nan.url}/2"
    assert answers() == {"cheerful": 4}


def test_it_goes_on_at_the_first_unanswered_on_another_device(
    app: Flask, phone: FlaskClient, nan: Asked
) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    phone.post(f"{nan.url}/2", data={"answer": "3"})
    tablet = app.test_client()
    assert "2 of 10 are answered" in tablet.get(nan.url).text
    assert tablet.post(nan.url).location == f"{nan.url}/3"


def test_nothing_earlier_is_shown_on_another_device(
    app: Flask, phone: FlaskClient, nan: Asked
) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    assert "checked" in phone.get(f"{nan.url}/1").text
    assert "checked" not in app.test_client().get(f"{nan.url}/1").text


def test_nothing_earlier_is_shown_after_a_pause(
    phone: FlaskClient, nan: Asked, at: datetime
) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    set_clock(at + PAUSE - timedelta(seconds=20))
    assert "checked" in phone.get(f"{nan.url}/1").text
    set_clock(at + PAUSE + timedelta(seconds=20))
    assert "checked" not in phone.get(f"{nan.url}/1").text


def test_one_persons_recent_answers_do_not_show_in_anothers_questions(
    phone: FlaskClient, nan: Asked
) -> None:
    grandad = asked("Grandad", cohort=nan.cohort)
    for who in (nan, grandad):
        phone.post(who.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    phone.post(f"{grandad.url}/2", data={"answer": "1"})
    assert "checked" not in phone.get(f"{grandad.url}/1").text
    assert "checked" not in phone.get(f"{nan.url}/2").text


def test_the_cookie_holds_no_answer(app: Flask, phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    with phone.session_transaction() as session:
        assert set(session["lately"]) == {f"{nan.questionnaire.id}.1"}
        assert 4 not in session["lately"].values()


def test_going_back_and_choosing_again_changes_the_answer(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    phone.post(f"{nan.url}/2", data={"answer": "4"})
    assert f'href="{nan.url}/1"' in phone.get(f"{nan.url}/2").text
    assert phone.post(f"{nan.url}/1", data={"answer": "0"}).location == f"{nan.url}/3"
    assert answers() == {"cheerful": 0, "calm": 4}


def test_rather_not_say_is_an_answer_without_a_value(phone: FlaskClient, nan: Asked) -> None:
    assert answer_all(phone, nan, ["rather-not", *TEN[1:]]) == nan.url
    assert answers()["cheerful"] is None
    assert scores()["who5@1 percent"] is None
    assert scores()["check-in@1 mean"] == 2


def test_a_question_left_out_can_be_answered_or_left_at_the_end(
    phone: FlaskClient, nan: Asked
) -> None:
    phone.post(nan.url)
    assert phone.post(f"{nan.url}/1", data={"skip": "1"}).location == f"{nan.url}/2"
    for number in range(2, 11):
        last = phone.post(f"{nan.url}/{number}", data={"answer": "2"})
    assert last.location == f"{nan.url}/left-out"
    page = phone.get(f"{nan.url}/left-out").text
    assert "You left 1 out" in page
    assert f'href="{nan.url}/1"' in page
    assert row().finished_at is None
    assert phone.post(f"{nan.url}/left-out").location == nan.url
    assert row().finished_at is not None
    assert scores()["who5@1 raw"] is None
    assert "cheerful" not in answers()


def test_answering_what_was_left_out_finishes(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    for number in range(2, 11):
        phone.post(f"{nan.url}/{number}", data={"answer": "2"})
    assert phone.post(nan.url).location == f"{nan.url}/1"
    assert phone.post(f"{nan.url}/1", data={"answer": "2"}).location == nan.url
    assert scores()["who5@1 raw"] == 10


def test_choosing_nothing_is_told_and_changes_nothing(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    for form in ({}, {"answer": "9"}, {"answer": "five"}, {"answer": ""}):
        told = phone.post(f"{nan.url}/1", data=form)
        assert told.status_code == 422
        assert "Choose one of the answers, or skip this question." in told.text
    assert answers() == {}


def test_what_is_finished_stays_as_it_was(phone: FlaskClient, nan: Asked, at: datetime) -> None:
    answer_all(phone, nan)
    assert phone.post(f"{nan.url}/1", data={"answer": "0"}).location == nan.url
    assert phone.post(nan.url).location == nan.url
    assert phone.post(f"{nan.url}/left-out").location == nan.url
    assert phone.get(f"{nan.url}/1").location == nan.url
    assert answers()["cheerful"] == 5
    set_clock(at + PAUSE + timedelta(seconds=20))
    assert "These are answered already" in phone.get(nan.url).text


def test_late_is_recorded_and_not_refused(phone: FlaskClient, nan: Asked) -> None:
    set_clock(CLOSES + timedelta(days=1))
    answer_all(phone, nan)
    assert row().is_late


def test_after_the_last_window_there_is_a_kind_page(phone: FlaskClient, nan: Asked) -> None:
    set_clock(LAST_CHANCE)
    page = phone.get(nan.url)
    assert page.status_code == 200
    assert "These questions are closed" in page.text
    assert phone.post(nan.url).location == nan.url
    assert phone.post(f"{nan.url}/1", data={"answer": "4"}).location == nan.url
    assert answers() == {}


def test_a_key_of_another_purpose_or_row_opens_nothing(phone: FlaskClient, nan: Asked) -> None:
    wrong = link_key(Purpose.MY_GROUP, nan.questionnaire.id)
    missing = link_key(Purpose.QUESTIONNAIRE, 999)
    for key in (wrong, missing, "nonsense"):
        assert phone.get(f"/q/{key}").status_code == 404
        assert phone.post(f"/q/{key}/1", data={"answer": "1"}).status_code == 404
    assert phone.get(f"{nan.url}/11").status_code in (303, 404)


def test_a_question_beyond_the_last_is_not_there(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    assert phone.get(f"{nan.url}/11").status_code == 404
    assert phone.get(f"{nan.url}/0").status_code == 404
    assert phone.post(f"{nan.url}/11", data={"answer": "1"}).status_code == 404


def test_no_screen_says_what_it_is_about_in_its_title_or_address(
    phone: FlaskClient, nan: Asked
) -> None:
    phone.post(nan.url)
    pages = [phone.get(nan.url), phone.get(f"{nan.url}/1"), phone.get(f"{nan.url}/left-out")]
    for page in pages:
        assert "<title>Family groups</title>" in page.text
        assert "WHO-5" not in page.text
        assert "Confidence" not in page.text
        assert 'id="leave"' in page.text
        html5lib.HTMLParser(strict=True).parse(page.text)


def test_the_audit_knows_who_answered_which_but_not_what(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    phone.post(f"{nan.url}/1", data={"answer": "4"})
    entries = db.session.scalars(select(AuditEntry).filter_by(action="answered a question")).all()
    assert [(one.actor, one.details) for one in entries] == [
        (f"participant:{nan.person.id}", {"number": 1})
    ]


def test_an_answer_is_saved_in_few_queries(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    taken = []
    for number in range(1, 11):
        with counted_queries() as statements:
            phone.post(f"{nan.url}/{number}", data={"answer": "2"})
        taken.append(len(statements))
    assert max(taken) <= 20
    assert len(set(taken[:9])) == 1, taken
    with counted_queries() as statements:
        phone.get(nan.url)
    assert len(statements) <= 10


def test_an_answer_tapped_twice_is_kept_once(phone: FlaskClient, nan: Asked) -> None:
    phone.post(nan.url)
    for _ in range(2):
        assert phone.post(f"{nan.url}/1", data={"answer": "4"}).location == f"{nan.url}/2"
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 1
