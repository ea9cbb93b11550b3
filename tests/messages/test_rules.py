"""What a message must not say, how long it is, and when it may be sent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.foundation.clock import local
from programme.messages.rules import (
    fit_into_hours,
    is_within_hours,
    pause_after,
    revealing_words,
)

LONDON = "Europe/London"
START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
HOURS = st.integers(0, 24)
SPANS = st.timedeltas(timedelta(), timedelta(days=4))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your dad is in prison.", ["prison"]),
        ("PRISONERS’ families", ["prisoners"]),
        ("He was sentenced to serve a long sentence", ["sentenced", "long sentence"]),
        ("letter_hmp-visit.pdf", ["hmp"]),
        ("ParentingCourseWeek1.pdf", ["parenting"]),
        ("see https://prisonfamilies.example/x", ["prison"]),
        ("hello@offender-families.example", ["offender", "offend"]),
        ("Social   services rang, then the social\nworker", ["social services", "social worker"]),
        ("behaviour problems; behavioral", ["behaviour problems", "behavioral"]),
        ("a custodial matter before the Court", ["custodial", "court"]),
        ("Mae eich tad yng ngharchar; y Carchar", ["ngharchar", "carchar"]),
        ("llys a gwasanaethau  cymdeithasol", ["llys", "gwasanaethau cymdeithasol"]),
        ("Tata jest w więzieniu, w Zakładzie Karnym", ["więzieniu", "zakładzie karnym"]),
        ("wiezienie, sądu", ["wiezienie", "sądu"]),
        ("آپ کے والد جیل میں ہیں۔ عدالت", ["جیل", "عدالت"]),
    ],
)
def test_revealing_words_are_found(text: str, found: list[str]) -> None:
    assert revealing_words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday group meets at 7.30 pm. Courtesy of the Harcourt courtyard.",
        "Write a sentence about a good moment; your parent line is open.",
        "https://groups.example.org/g/vcourtx2nprisx/",
        "Good behaviour, a defence of naps, and policy.",
        "Llysiau i swper; sądzę, że tak; wieczór",
        "ہم منگل کو ملتے ہیں، جمعرات کو نہیں",
    ],
)
def test_harmless_words_are_not(text: str) -> None:
    assert revealing_words(text) == []


@given(MOMENTS, SPANS, SPANS, HOURS, HOURS)
def test_nothing_is_ever_planned_outside_the_hours(
    now: datetime, wait: timedelta, life: timedelta, opens: int, closes: int
) -> None:
    due = now + wait - timedelta(days=1)
    expires = due + life
    fitting = fit_into_hours(due, expires, opens, closes, LONDON, now)
    if fitting is not None:
        assert is_within_hours(fitting, opens, closes, LONDON)
        assert now <= fitting < expires


@given(MOMENTS, SPANS)
def test_whatever_stays_of_use_for_a_day_finds_its_time(now: datetime, wait: timedelta) -> None:
    assert fit_into_hours(now + wait, now + wait + timedelta(hours=25), 9, 20, LONDON, now)


def test_what_would_fall_in_the_evening_goes_earlier_the_same_day() -> None:
    now = datetime(2026, 10, 6, 8, tzinfo=UTC)
    due = datetime(2026, 10, 6, 20, 30, tzinfo=UTC)
    fitting = fit_into_hours(due, due + timedelta(days=2), 9, 20, LONDON, now)
    assert local(fitting, LONDON).strftime("%d %H:%M") == "06 19:30"


def test_what_would_fall_before_breakfast_goes_the_evening_before() -> None:
    now = datetime(2026, 10, 5, 8, tzinfo=UTC)
    due = datetime(2026, 10, 6, 6, 0, tzinfo=UTC)
    fitting = fit_into_hours(due, due + timedelta(hours=1), 9, 20, LONDON, now)
    assert local(fitting, LONDON).strftime("%d %H:%M") == "05 19:30"


def test_at_night_it_waits_for_the_morning_only_while_it_is_of_use() -> None:
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    morning = datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    assert fit_into_hours(night, morning + timedelta(seconds=1), 9, 20, LONDON, night) == morning
    assert fit_into_hours(night, morning, 9, 20, LONDON, night) is None


def test_pauses_grow_up_to_four_hours() -> None:
    assert [pause_after(n) for n in (1, 2, 3)] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert pause_after(50) == timedelta(hours=4)
