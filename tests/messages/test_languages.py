"""Each language says days and times in its own way, and whether it was checked."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from programme.foundation.settings import Settings
from programme.messages.languages import Status, every_language, fallbacks, language_of
from programme.messages.values import day_value, say, time_value

LONDON = "Europe/London"
EVENING = datetime(2026, 10, 6, 18, 30, tzinfo=UTC)
"""Half past seven in London, in summer time."""


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [
        ("en", "Tuesday 6 October", "7.30 pm"),
        ("cy", "dydd Mawrth 6 Hydref", "7.30yh"),
        ("pl", "wtorek 6 października", "19:30"),
        ("ur", "منگل 6 اکتوبر", "شام 7.30 بجے"),
    ],
)
def test_a_day_and_a_time_are_said_in_each_language(language: str, day: str, time: str) -> None:
    spoken = language_of(language)
    assert spoken.say_day(EVENING, LONDON) == day
    assert spoken.say_time(EVENING, LONDON) == time


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (0, ["12 am", "12yb", "0:00", "رات 12 بجے"]),
        (10, ["10 am", "10yb", "10:00", "صبح 10 بجے"]),
        (12, ["12 pm", "12yh", "12:00", "دوپہر 12 بجے"]),
        (21, ["9 pm", "9yh", "21:00", "رات 9 بجے"]),
    ],
)
def test_a_full_hour_is_said_as_people_say_it(hour: int, said: list[str]) -> None:
    at = datetime(2026, 1, 6, hour, tzinfo=UTC)
    assert [each.say_time(at, LONDON) for each in every_language().values()] == said


def test_what_is_queued_as_an_instant_is_said_in_the_language_of_the_text() -> None:
    values: list[Any] = [day_value(EVENING, LONDON), time_value(EVENING, LONDON)]
    settings = Settings()
    assert [say(each, language_of("pl"), settings) for each in values] == [
        "wtorek 6 października",
        "19:30",
    ]
    assert say({"day": EVENING.isoformat()}, language_of("en"), settings) == "Tuesday 6 October"
    assert say("Tuesday\n\ngroup", language_of("pl"), settings) == "Tuesday group"


def test_a_language_we_do_not_have_is_looked_for_nearby() -> None:
    assert fallbacks("cy-GB") == ("cy-gb", "cy", "en")
    assert language_of("cy-GB").name == "Welsh"
    assert language_of("Sylheti").name == "English"


def test_every_language_is_complete_and_says_how_it_stands() -> None:
    for code, language in every_language().items():
        assert (len(language.days), len(language.months)) == (7, 12), code
        assert language.direction in ("ltr", "rtl")
        assert language.status is Status.DRAFT or language.checked_by
    assert every_language()["cy"].standing == "a draft, not yet checked"


def test_a_checked_language_says_by_whom_and_when() -> None:
    checked = replace(
        every_language()["cy"],
        status=Status.CHECKED,
        checked_by="Nia Example",
        checked_on=date(2026, 11, 5),
    )
    assert checked.standing == "checked by Nia Example on 5 November 2026"
