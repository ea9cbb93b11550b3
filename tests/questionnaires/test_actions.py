"""What cannot be done with a questionnaire, and two taps at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from programme.access.viewer import ANONYMOUS, CLOCK
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.questionnaires.actions import begin, finish, open_questionnaire, take_answer
from programme.questionnaires.models import Questionnaire, Score
from programme.questionnaires.queries import Sheet, find_sheet
from programme.questionnaires.rules import Chosen, Wave
from tests.questionnaires.asked import CLOSES, LAST_CHANCE, OPENED, Asked, asked


def sheet_of(one: Asked) -> Sheet:
    found = find_sheet(one.questionnaire.id)
    assert found
    return found


def test_what_is_finished_or_over_takes_nothing_more(app: Flask, at: datetime) -> None:
    nan = asked()
    for verb in (
        lambda when: begin(sheet_of(nan), by=ANONYMOUS, at=when),
        lambda when: take_answer(sheet_of(nan), 1, Chosen(1), by=ANONYMOUS, at=when),
        lambda when: finish(sheet_of(nan), by=ANONYMOUS, at=when),
    ):
        with pytest.raises(Refusal, match="The time for these questions is over"):
            verb(LAST_CHANCE)
        verb(at)
        if nan.questionnaire.finished_at:
            with pytest.raises(Refusal, match="already answered"):
                verb(at)


def test_opening_twice_finds_the_first(app: Flask, at: datetime) -> None:
    nan = asked()
    again = open_questionnaire(
        nan.enrolment, wave=Wave.BEFORE, measures=("who5",), closes_at=CLOSES, by=CLOCK, at=at
    )
    assert again is nan.questionnaire
    assert again.instruments == "who5@1 check-in@1"


def test_a_wave_in_which_nothing_is_asked_does_not_open(app: Flask, at: datetime) -> None:
    nan = asked()
    with pytest.raises(Refusal, match="asks nothing in the wave “after”"):
        open_questionnaire(
            nan.enrolment, wave=Wave.AFTER, measures=(), closes_at=CLOSES, by=CLOCK, at=OPENED
        )


@pytest.mark.parametrize("name", ["swemwbs", "sdq"])
def test_a_wave_does_not_open_with_an_instrument_that_has_no_wording(
    app: Flask, at: datetime, name: str
) -> None:
    nan = asked()
    before = db.session.scalar(select(func.count()).select_from(Questionnaire))
    with pytest.raises(Refusal, match="has no wording yet"):
        open_questionnaire(
            nan.enrolment,
            wave=Wave.AFTER,
            measures=("who5", name),
            closes_at=CLOSES,
            by=CLOCK,
            at=OPENED,
        )
    assert db.session.scalar(select(func.count()).select_from(Questionnaire)) == before


def test_the_last_answer_tapped_twice_at_once_is_scored_once(app: Flask, at: datetime) -> None:
    nan = asked(measures=("who5",))
    url, key = f"{nan.url}/5", nan.questionnaire.id
    client = app.test_client()
    client.post(nan.url)
    for number in range(1, 5):
        client.post(f"{nan.url}/{number}", data={"answer": "2"})

    def tap(_: int) -> int:
        with app.app_context():
            return app.test_client().post(url, data={"answer": "2"}).status_code

    with ThreadPoolExecutor(4) as several:
        assert list(several.map(tap, range(4))) == [303] * 4
    counted = select(func.count()).select_from(Score).filter_by(questionnaire_id=key)
    assert db.session.scalar(counted) == 2
