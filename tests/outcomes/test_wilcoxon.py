"""Signed ranks: published values, and every way to sign them tried one by one."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.outcomes.wilcoxon import EXACT_UNTIL, signed_ranks

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
"""Crossed less self-fertilised maize, in eighths of an inch: Darwin 1876, from Fisher 1935."""
DEPRESSION = [-0.952, 0.147, -1.022, -0.43, -0.62, -0.59, -0.49, 0.08, -0.01]
"""Hamilton's scale after less before: Hollander and Wolfe, Nonparametric Statistical Methods."""


def test_students_sleep_data_without_the_one_who_did_not_change() -> None:
    found = signed_ranks([1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4])
    assert (found.w, found.zeros, found.is_exact) == (45, 1, True)
    assert f"{found.p:.6f}" == "0.003906"


def test_hollander_and_wolfe_come_out_as_printed() -> None:
    found = signed_ranks(DEPRESSION)
    assert found.w == 5
    assert f"{found.p:.5f}" == "0.03906"


def test_darwins_maize_comes_out_as_printed() -> None:
    found = signed_ranks(DARWIN)
    assert found.w == 96
    assert f"{found.p:.5f}" == "0.04126"


def test_nothing_changed_and_one_change() -> None:
    none, one = signed_ranks([0, 0]), signed_ranks([3])
    assert (none.w, none.p, none.zeros) == (None, None, 2)
    assert (one.w, one.p) == (1, 1)


@given(st.lists(st.integers(-6, 6), max_size=9))
def test_exact_counts_every_way_to_sign_the_ranks(changes: list[int]) -> None:
    moved = [change for change in changes if change]
    if not moved:
        return
    sizes = sorted(abs(change) for change in moved)
    ranks = [
        sum(place for place, size in enumerate(sizes, start=1) if size == abs(change))
        / sizes.count(abs(change))
        for change in moved
    ]
    middle = sum(ranks) / 2
    seen = sum(rank for rank, change in zip(ranks, moved, strict=True) if change > 0)
    ways = [
        sum(rank for rank, is_up in zip(ranks, signs, strict=True) if is_up)
        for signs in product([False, True], repeat=len(ranks))
    ]
    far = sum(abs(way - middle) >= abs(seen - middle) - 1e-9 for way in ways)
    assert signed_ranks(changes).p == pytest.approx(far / len(ways))


@given(st.lists(st.integers(-40, 60), min_size=EXACT_UNTIL + 20, max_size=120))
def test_many_changes_agree_with_scipys_approximation(changes: list[int]) -> None:
    from scipy.stats import wilcoxon

    found = signed_ranks(changes)
    if not found.is_exact:
        plain = wilcoxon(changes, correction=True, method="approx")
        assert found.p == pytest.approx(min(1.0, plain.pvalue))
