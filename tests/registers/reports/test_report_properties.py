"""What holds for every evening, against a second implementation that counts second by second."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.registers.reports.report import NotAReport, Report
from tests.registers.reports.writing import (
    EVENING,
    SAYINGS,
    SEEN,
    Seen,
    action_rows,
    as_text,
    at,
    minutes,
    read,
    teams_rows,
    zoom_rows,
)

MIDNIGHT = at("00:00")
NAMES = (
    "Ann Kay",
    "Bo Li",
    "Smith, Jo",
    "Zoë Ågren",
    "Galaxy A14",
    "+44 7700 900123",
    "Dee O'Neal",
)
EMAILS = {"Ann Kay": "ann@example.org", "Zoë Ågren": "zoe@example.org"}


@st.composite
def stays(draw: st.DrawFn) -> Seen:
    joined = draw(st.integers(18 * 3600, 21 * 3600))
    left = joined + draw(st.integers(1, 2 * 3600))
    name = draw(st.sampled_from(NAMES))
    return Seen(
        name,
        EMAILS.get(name, ""),
        MIDNIGHT + timedelta(seconds=joined),
        MIDNIGHT + timedelta(seconds=left),
    )


EVENINGS = st.lists(stays(), min_size=1, max_size=12)
FORMS = st.sampled_from([zoom_rows, teams_rows])
SAY = st.sampled_from(SAYINGS)
Form = Callable[..., list[list[str]]]


def counted(seen: list[Seen]) -> dict[str, float]:
    """Minutes in the session, one second after another."""
    seconds: dict[str, set[int]] = defaultdict(set)
    start, end = ((each - MIDNIGHT).seconds for each in (EVENING.starts_at, EVENING.ends_at))
    for each in seen:
        first, last = (
            int((moment - MIDNIGHT).total_seconds()) for moment in (each.joined, each.left)
        )
        seconds[each.name] |= set(range(max(first, start), min(last, end)))
    return {name: round(len(found) / 60, 1) for name, found in seconds.items()}


@given(EVENINGS, FORMS, SAY)
def test_minutes_are_those_that_a_patient_person_counts(
    seen: list[Seen], form: Form, say: Callable[..., str]
) -> None:
    assert minutes(as_text(form(seen, say), "\t")) == counted(seen)


@given(EVENINGS)
def test_joinings_and_leavings_give_the_same_minutes(seen: list[Seen]) -> None:
    assert minutes(as_text(action_rows(seen), "\t")) == counted(seen)


@given(EVENINGS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seen: list[Seen], chance: Random) -> None:
    head, *rows = zoom_rows(seen)
    chance.shuffle(rows)
    assert minutes(as_text([head, *rows])) == counted(seen)


@given(EVENINGS, st.integers(0, 11), st.floats(0.01, 0.99))
def test_a_stay_told_in_two_rows_is_the_same_stay(
    seen: list[Seen], number: int, part: float
) -> None:
    split = seen[number % len(seen)]
    middle = split.joined + timedelta(seconds=int((split.left - split.joined).seconds * part))
    first = Seen(split.name, split.email, split.joined, middle)
    second = Seen(split.name, split.email, middle, split.left)
    told = [each for each in seen if each is not split]
    whole, halves = read(as_text(zoom_rows(seen))), read(as_text(zoom_rows([*told, first, second])))
    assert sorted(map(str, _told(whole))) == sorted(map(str, _told(halves)))


def _told(report: Report) -> list[tuple[object, ...]]:
    return [(each.name, each.intervals, each.minutes_in_session) for each in report.people]


@given(EVENINGS)
def test_every_row_is_a_persons_or_is_ignored_with_a_reason(seen: list[Seen]) -> None:
    rows = zoom_rows(seen)
    rows[1::3] = [[row[0], row[1], "--", "", "", "Yes", ""] for row in rows[1::3]]
    try:
        report = read(as_text(rows))
    except NotAReport:
        return
    told = {each.name for each in report.people} | {each.name for each in report.ignored}
    assert told == {each.name for each in seen}


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Name", "Join Time", "Leave Time", "Duration", "Email", "User Action", "Timestamp", "--"]
    ),
    st.sampled_from(
        ["16/09/2026 19:00", "9/16/26, 7:30:00 PM", "19:05", "1h 2m", "62", "Yes", "No"]
    ),
    st.sampled_from(["ann@example.org", "Ann (Bo)", "Joined", "Left", "1. Summary", ""]),
)


@given(st.lists(st.lists(CELLS, max_size=8), max_size=12), st.sampled_from([",", "\t", ";"]))
def test_no_table_breaks_the_reader(rows: list[list[str]], delimiter: str) -> None:
    _read_or_refuse(as_text(rows, delimiter).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    _read_or_refuse(data)


FORMS_AS_BYTES = [
    as_text(zoom_rows(SEEN)).encode("utf-8-sig"),
    as_text(teams_rows(SEEN), "\t").encode("utf-16"),
    as_text(action_rows(SEEN), "\t").encode("utf-16-le"),
]
CHANGES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1 << 16), st.binary(max_size=6)),
    min_size=1,
    max_size=8,
)


@pytest.mark.long
@settings(max_examples=6_000, deadline=None)
@given(st.sampled_from(FORMS_AS_BYTES), CHANGES)
def test_no_change_to_a_report_breaks_the_reader(
    data: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for kind, place, new in changes:
        place %= len(data) + 1
        gap = (0, len(new), 40, 1)[kind]
        data = data[:place] + new + data[place + gap :]
    _read_or_refuse(data)


def _read_or_refuse(data: bytes) -> None:
    try:
        report = read(data)
    except NotAReport as error:
        sentence = str(error)
    else:
        sentence = "."
        longest = (EVENING.ends_at - EVENING.starts_at).seconds / 60
        assert all(0 <= each.minutes_in_session <= longest for each in report.people)
        assert all(each.name for each in report.people)
    assert sentence.endswith(".")
    assert "\n" not in sentence
