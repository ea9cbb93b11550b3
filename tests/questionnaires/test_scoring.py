"""Scores, at their edges and against a second implementation that knows no cleverness."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.questionnaires.instrument import (
    Direction,
    Instrument,
    Item,
    Licence,
    Method,
    Option,
    Prorate,
    ScoreRule,
    Wording,
)
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.scoring import Answers, score, score_all

WHO5 = ("cheerful", "calm", "active", "rested", "interest")
CHECK_IN = ("talking", "hard-moments", "asking", "noticing", "looking-after")


def answered(names: tuple[str, ...], values: list[int | None]) -> dict[str, int | None]:
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize(
    ("values", "raw", "percent"),
    [
        ([0, 0, 0, 0, 0], 0, 0),
        ([5, 5, 5, 5, 5], 25, 100),
        ([1, 2, 3, 4, 2], 12, 48),
        ([3, 2, 3, 4, 1], 13, 52),
    ],
)
def test_who5_counts_to_25_and_is_told_out_of_100(
    values: list[int | None], raw: float, percent: float
) -> None:
    assert score_all(find_instrument("who5"), answered(WHO5, values)) == {
        "raw": raw,
        "percent": percent,
    }


@pytest.mark.parametrize("gap", WHO5)
def test_who5_needs_all_five(gap: str) -> None:
    answers = dict.fromkeys(WHO5, 3) | {gap: None}
    assert score_all(find_instrument("who5"), answers) == {"raw": None, "percent": None}
    del answers[gap]
    assert score_all(find_instrument("who5"), answers) == {"raw": None, "percent": None}


def test_the_check_in_is_a_mean_of_at_least_four() -> None:
    ours = find_instrument("check-in")
    assert score_all(ours, answered(CHECK_IN, [4, 4, 4, 4, None])) == {"mean": 4}
    assert score_all(ours, answered(CHECK_IN, [0, 1, 2, 3, 4])) == {"mean": 2}
    assert score_all(ours, answered(CHECK_IN, [4, 4, 4, None, None])) == {"mean": None}
    assert score_all(ours, {}) == {"mean": None}


def made(rule: ScoreRule, reverse: tuple[bool, ...], low: int, high: int) -> Instrument:
    options = tuple(Option(value, str(value)) for value in range(low, high + 1))
    return Instrument(
        id="made",
        version=1,
        title="Made up",
        citation="",
        licence=Licence("", Wording.INCLUDED, ""),
        is_validated=False,
        recall_period="",
        minutes=1,
        items=tuple(
            Item(name, name, is_reversed, options)
            for name, is_reversed in zip(rule.items, reverse, strict=True)
        ),
        scores=(rule,),
    )


def rule(method: Method, items: int, **others: object) -> ScoreRule:
    plain = ScoreRule(
        id="total",
        label="Total",
        method=method,
        items=tuple(f"item-{number}" for number in range(items)),
        min_answered=items,
        low=0,
        high=0,
        direction=Direction.HIGHER_IS_BETTER,
    )
    return replace(plain, **others)


def test_a_reversed_item_counts_from_the_other_end() -> None:
    one_to_five = made(rule(Method.SUM, 2), (False, True), 1, 5)
    assert score_all(one_to_five, {"item-0": 1, "item-1": 1}) == {"total": 6}
    assert score_all(one_to_five, {"item-0": 1, "item-1": 5}) == {"total": 2}


def test_a_published_table_is_looked_up() -> None:
    looked_up = rule(Method.LOOKUP, 1, lookup=((0, 7.0), (1, 9.51)))
    assert score_all(made(looked_up, (False,), 0, 1), {"item-0": 1}) == {"total": 9.51}


@pytest.mark.parametrize(
    ("values", "expected"),
    [([2, 2, 0, None, None], 7), ([1, 1, 1, None, None], 5), ([1, 1, 0, 0, None], 3)],
)
def test_pro_rata_rounds_halves_up(values: list[int | None], expected: float) -> None:
    """The first is the worked example of the SDQ: 4 on three items of five is 7."""
    pro_rata = rule(Method.SUM, 5, min_answered=3, prorate=Prorate.SCALE, decimals=0)
    answers = answered(pro_rata.items, values)
    assert score_all(made(pro_rata, (False,) * 5, 0, 2), answers) == {"total": expected}


def naive(instrument: Instrument, one: ScoreRule, answers: Answers) -> Fraction | None:
    """The rule in exact arithmetic, one item after the other."""
    total, seen = Fraction(0), 0
    for name in one.items:
        value = answers.get(name)
        if value is None:
            continue
        item = next(item for item in instrument.items if item.id == name)
        ends = sorted(option.value for option in item.options)
        total += Fraction(ends[-1] - value + ends[0] if item.is_reversed else value)
        seen += 1
    if seen < one.min_answered or not seen:
        return None
    if one.method is Method.MEAN:
        return total / seen
    while one.prorate is not Prorate.NONE and seen < len(one.items):
        total += total / seen
        seen += 1
    return total * Fraction(one.factor)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Instrument, ScoreRule, Answers]:
    items = draw(st.integers(1, 9))
    low = draw(st.integers(-1, 1))
    high = draw(st.integers(low + 1, low + 10))
    method = draw(st.sampled_from([Method.SUM, Method.MEAN, Method.PERCENT]))
    drawn = rule(
        method,
        items,
        min_answered=draw(st.integers(1, items)),
        factor=draw(st.sampled_from([1, 4, 2.5])) if method is Method.PERCENT else 1,
        prorate=draw(st.sampled_from(list(Prorate))),
    )
    reverse = draw(st.tuples(*[st.booleans()] * items))
    value = st.none() | st.integers(low, high)
    answers = {name: draw(value) for name in drawn.items if draw(st.booleans())}
    return made(drawn, reverse, low, high), drawn, answers


@given(cases())
def test_scoring_agrees_with_a_naive_second_implementation(
    case: tuple[Instrument, ScoreRule, Answers],
) -> None:
    instrument, one, answers = case
    expected, found = naive(instrument, one, answers), score(instrument, one, answers)
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(float(expected))


@given(st.lists(st.none() | st.integers(0, 5), min_size=5, max_size=5))
def test_who5_is_four_times_the_sum_or_nothing(values: list[int | None]) -> None:
    whole = [value for value in values if value is not None]
    expected = sum(whole) * 4 if len(whole) == 5 else None
    assert score_all(find_instrument("who5"), answered(WHO5, values))["percent"] == expected
