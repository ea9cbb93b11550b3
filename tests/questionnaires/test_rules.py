"""Where a questionnaire stands, and what comes next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.questionnaires.rules import Standing, next_unanswered, standing

UNTIL = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("finished", "at", "expected"),
    [
        (None, UNTIL - MOMENT, Standing.OPEN),
        (None, UNTIL, Standing.OVER),
        (UNTIL - MOMENT, UNTIL - MOMENT, Standing.FINISHED),
        (UNTIL - MOMENT, UNTIL + MOMENT, Standing.FINISHED),
    ],
)
def test_where_it_stands(finished: datetime | None, at: datetime, expected: Standing) -> None:
    assert standing(finished, UNTIL, at) is expected


@given(st.integers(1, 12), st.sets(st.integers(1, 12)), st.integers(0, 12))
def test_the_next_question_is_the_first_without_an_answer(
    total: int, answered: set[int], after: int
) -> None:
    found = next_unanswered(total, answered, after=after)
    open_ones = [n for n in range(1, total + 1) if n > after and n not in answered]
    assert found == (open_ones[0] if open_ones else None)
