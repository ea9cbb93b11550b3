"""What holds for any report: no second is counted twice, and no file brings the reader down."""

import contextlib
import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.registers.reports.reading import read_report
from programme.registers.reports.report import NotAReport
from tests.registers.reports.writing import (
    EVENING,
    PEOPLE,
    Came,
    british,
    joined,
    moment,
    teams,
    teams_actions,
    us,
    zoom,
)

SECONDS = st.integers(0, 3 * 3600)


@st.composite
def stays(draw: st.DrawFn) -> tuple[str, str]:
    first, second = sorted(draw(st.lists(SECONDS, min_size=2, max_size=2, unique=True)))
    begin = moment("18:00:00")
    return tuple(f"{begin + timedelta(seconds=each):%H:%M:%S}" for each in (first, second))  # type: ignore[return-value]


PEOPLE_OF_ANY_KIND = st.lists(st.lists(stays(), min_size=1, max_size=4), min_size=1, max_size=5)


def naive(these: list[tuple[str, str]]) -> float:
    """Every second of the session by itself."""
    inside: set[int] = set()
    for start, end in these:
        first, last = (
            int((moment(at) - moment("19:00:00")).total_seconds()) for at in (start, end)
        )
        inside |= set(range(max(first, 0), min(last, 3600)))
    return round(len(inside) / 60, 1)


def told(data: bytes) -> dict[str, float]:
    return {each.name: each.minutes_in_session for each in read_report(data, EVENING).people}


@given(PEOPLE_OF_ANY_KIND, st.randoms(use_true_random=False))
def test_minutes_are_those_that_a_second_way_of_counting_gives(
    evening: list[list[tuple[str, str]]], chance: random.Random
) -> None:
    people = [
        Came(f"Person {letter}", each) for letter, each in zip("ABCDE", evening, strict=False)
    ]
    expected = {each.name: naive(list(each.stays)) for each in people}
    rows = zoom(people)
    head, body = rows[:4], rows[4:]
    chance.shuffle(body)
    assert told(joined(head + body).encode()) == expected
    assert told(joined(teams(people), "\t").encode("utf-16")) == expected


@given(st.lists(stays(), min_size=1, max_size=3, unique=True))
def test_a_stay_cut_in_two_counts_the_same(these: list[tuple[str, str]]) -> None:
    cut = []
    for start, end in these:
        middle = f"{moment(start) + (moment(end) - moment(start)) // 2:%H:%M:%S}"
        cut += [(start, middle), (middle, end)]
    whole, halves = (told(joined(zoom([Came("Jo", each)])).encode()) for each in (these, cut))
    assert whole == halves


SEEDS = [
    joined(zoom(PEOPLE)).encode(),
    joined(teams(PEOPLE, us), "\t").encode("utf-16"),
    joined(teams_actions(PEOPLE, british), "\t").encode("utf-16-le"),
]


@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0), st.binary(max_size=6)), max_size=8)
)
def test_a_report_that_was_damaged_is_read_or_refused_in_a_sentence(
    seed: bytes, damages: list[tuple[int, bytes]]
) -> None:
    for place, junk in damages:
        at = place % len(seed)
        seed = seed[:at] + junk + seed[at + len(junk) :]
    read_or_refused(seed)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_anything_else_is_read_or_refused_in_a_sentence(data: bytes) -> None:
    read_or_refused(data)


def read_or_refused(data: bytes) -> None:
    with contextlib.suppress(NotAReport):
        report = read_report(data, EVENING)
        assert all(0 <= each.minutes_in_session <= 60 for each in report.people)
