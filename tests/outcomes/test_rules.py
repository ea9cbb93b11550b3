"""What may be shown of few people."""

from hypothesis import given
from hypothesis import strategies as st

from programme.outcomes.rules import FEW, hide_few, hide_few_of, is_told_by_the_rest


def test_one_to_four_are_hidden_and_nobody_is_not() -> None:
    assert [hide_few(count) for count in (0, 1, 4, 5, 60)] == [0, "<5", "<5", 5, 60]


def test_counts_that_add_up_are_shown_all_or_none() -> None:
    hidden = {"improved": "hidden", "unchanged": "hidden", "deteriorated": "hidden"}
    assert hide_few_of({"improved": 7, "unchanged": 6, "deteriorated": 2}) == hidden
    nobody_fell = {"improved": 9, "unchanged": 6, "deteriorated": 0}
    assert hide_few_of(nobody_fell) == nobody_fell


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_no_count_of_one_to_four_leaves(counts: list[int]) -> None:
    shown = set(hide_few_of(dict(zip("abc", counts, strict=True))).values())
    assert shown == {"hidden"} or not shown & set(range(1, FEW))


def test_the_rest_tells_when_it_is_one_or_few() -> None:
    assert is_told_by_the_rest(9, 8, at_least=2)
    assert not is_told_by_the_rest(9, 7, at_least=2)
    assert not is_told_by_the_rest(9, 9, at_least=2)
    assert is_told_by_the_rest(9, 5, at_least=5)
