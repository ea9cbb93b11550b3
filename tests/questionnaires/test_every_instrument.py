"""Every instrument at its edges, and against a second implementation that only knows this page."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.questionnaires.instrument import Instrument
from programme.questionnaires.instrument_files import find_instrument, instrument_names
from programme.questionnaires.scoring import reach_of_total, score_all, score_of_total

Given = list[int | None]
Scores = dict[str, float | None]

SWEMWBS = [
    "7.00", "9.51", "11.25", "12.40", "13.33", "14.08", "14.75", "15.32", "15.84", "16.36",
    "16.88", "17.43", "17.98", "18.59", "19.25", "19.98", "20.73", "21.54", "22.35", "23.21",
    "24.11", "25.03", "26.02", "27.03", "28.13", "29.31", "30.70", "32.55", "35.00",
]  # fmt: skip
"""From a sum of 7 to one of 35."""


def total(given: Given) -> int | None:
    """The plain sum of complete answers."""
    found = 0
    for value in given:
        if value is None:
            return None
        found += value
    return found


def turned(given: Given, reversed_: list[int], around: int) -> Given:
    """With some items (from 1) counted from the other end."""
    return [
        around - value if value is not None and number in reversed_ else value
        for number, value in enumerate(given, start=1)
    ]


def some(given: Given, numbers: list[int]) -> Given:
    return [given[number - 1] for number in numbers]


def swemwbs(given: Given) -> Scores:
    raw = total(given)
    return {"raw": raw, "metric": None if raw is None else float(SWEMWBS[raw - 7])}


def five_of_sdq(given: Given, numbers: list[int]) -> int | None:
    there = [value for value in some(given, numbers) if value is not None]
    if len(there) < 3:
        return None
    return (10 * sum(there) + len(there)) // (2 * len(there))  # halves go up


def sdq(given: Given) -> Scores:
    plain = turned(given, [7, 11, 14, 21, 25], 2)
    scales: Scores = {
        "emotional": five_of_sdq(plain, [3, 8, 13, 16, 24]),
        "conduct": five_of_sdq(plain, [5, 7, 12, 18, 22]),
        "hyperactivity": five_of_sdq(plain, [2, 10, 15, 21, 25]),
        "peer": five_of_sdq(plain, [6, 11, 14, 19, 23]),
    }
    problems = [value for value in scales.values() if value is not None]
    scales["prosocial"] = five_of_sdq(plain, [1, 4, 9, 17, 20])
    scales["total"] = sum(problems) if len(problems) == 4 else None
    return scales


def topse(given: Given) -> Scores:
    names = ["emotion", "play", "empathy", "control", "discipline", "pressures"]
    names += ["acceptance", "learning"]
    domains = [total(given[start : start + 6]) for start in range(0, 48, 6)]
    return {**dict(zip(names, domains, strict=True)), "total": total([*domains])}


def psoc(given: Given) -> Scores:
    efficacy = [1, 6, 7, 10, 11, 13, 15]
    plain = turned(given, efficacy, 7)
    return {
        "satisfaction": total(some(plain, [2, 3, 4, 5, 8, 9, 12, 14, 16])),
        "efficacy": total(some(plain, efficacy)),
        "total": total(plain),
    }


def maaps(given: Given) -> Scores:
    plain = turned(given, [1, 4, 9, 16], 6)
    return {
        "self-efficacy": total(some(plain, [3, 11, 12, 15])),
        "agency": total(some(plain, [1, 4, 9, 16])),
        "self-sufficiency": total(some(plain, [2, 5, 7, 13])),
        "self-management": total(some(plain, [6, 8, 10, 14])),
        "total": total(plain),
    }


def ons4(given: Given) -> Scores:
    return dict(zip(["satisfied", "worthwhile", "happy", "anxious"], given, strict=True))


def who5(given: Given) -> Scores:
    raw = total(given)
    return {"raw": raw, "percent": None if raw is None else raw * 4}


def check_in(given: Given) -> Scores:
    there = [value for value in given if value is not None]
    return {"mean": sum(there) / len(there) if len(there) >= 4 else None}


def only_total(given: Given) -> Scores:
    return {"total": total(given)}


NAIVE: dict[str, Callable[[Given], Scores]] = {
    "bpses": only_total,
    "check-in": check_in,
    "gad7": only_total,
    "kpcs": lambda given: {"total": total([2 if value == 9 else value for value in given])},
    "maaps": maaps,
    "ons4": ons4,
    "phq8": only_total,
    "psoc": psoc,
    "pss": lambda given: {"total": total(turned(given, [1, 2, 5, 6, 7, 8, 17, 18], 6))},
    "sdq": sdq,
    "swemwbs": swemwbs,
    "topse": topse,
    "ucla3": lambda given: {"total": total(given[:3]), "direct": given[3]},
    "wemwbs": only_total,
    "who5": who5,
}


def scored(instrument: Instrument, given: Given) -> Scores:
    names = [item.id for item in instrument.items]
    return score_all(instrument, dict(zip(names, given, strict=True)))


def test_every_instrument_has_a_second_implementation() -> None:
    assert sorted(NAIVE) == instrument_names()


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, Given]:
    """Answers to an instrument, most of them complete."""
    name = draw(st.sampled_from(sorted(NAIVE)))
    seed, gaps = draw(st.integers(0, 2**32)), draw(st.integers(0, 6))
    chance = random.Random(seed)
    given: Given = [chance.choice(item.options).value for item in find_instrument(name).items]
    for _ in range(gaps):
        given[chance.randrange(len(given))] = None
    return name, given


@given(sheets())
def test_scores_agree_with_a_naive_second_implementation(sheet: tuple[str, Given]) -> None:
    name, given_ = sheet
    assert scored(find_instrument(name), given_) == pytest.approx(NAIVE[name](given_))


@pytest.mark.parametrize("name", sorted(NAIVE))
def test_all_the_same_answers_agree_and_stay_in_range(name: str) -> None:
    found = find_instrument(name)
    for position in range(min(len(item.options) for item in found.items)):
        given_: Given = [item.options[position].value for item in found.items]
        scores = scored(found, given_)
        assert scores == pytest.approx(NAIVE[name](given_))
        for rule in found.scores:
            value = scores[rule.id]
            assert value is not None
            assert rule.low <= value <= rule.high


@pytest.mark.parametrize("name", sorted(NAIVE))
def test_the_best_and_the_worst_answers_reach_the_ends(name: str) -> None:
    found = find_instrument(name)
    for rule in found.scores:
        for end, wanted in ((min, rule.low), (max, rule.high)):
            answers = {
                item.id: end(
                    item.options, key=lambda option, of=item: of.points(option.value)
                ).value
                for item in found.items
            }
            assert score_all(found, answers)[rule.id] == wanted, rule.id


@pytest.mark.parametrize("name", sorted(NAIVE))
def test_a_total_in_a_table_scores_as_its_answers_would(name: str) -> None:
    found = find_instrument(name)
    for rule in found.scores:
        low, high = reach_of_total(found, rule)
        assert (score_of_total(rule, low), score_of_total(rule, high)) == (rule.low, rule.high)


@pytest.mark.parametrize("name", sorted(set(NAIVE) - {"ons4", "sdq", "check-in"}))
def test_one_answer_left_out_leaves_every_score_of_it_out(name: str) -> None:
    found = find_instrument(name)
    for gap in found.items:
        answers = {item.id: item.options[0].value for item in found.items if item is not gap}
        scores = score_all(found, answers)
        for rule in found.scores:
            assert (scores[rule.id] is None) == (gap.id in rule.items), (gap.id, rule.id)


def test_the_table_of_swemwbs_is_the_published_one() -> None:
    rule = find_instrument("swemwbs").score("metric")
    assert [f"{value:.2f}" for _, value in rule.lookup] == SWEMWBS
    assert score_of_total(rule, 29) == 26.02


def test_pro_rata_of_the_sdq_needs_three_of_five_and_rounds() -> None:
    found = find_instrument("sdq")
    four_on_three = {"item-3": 2, "item-8": 2, "item-13": 0}
    assert score_all(found, four_on_three)["emotional"] == 7
    assert score_all(found, {"item-3": 2, "item-8": 2})["emotional"] is None


def test_not_applicable_counts_two_on_two_items_of_the_kpcs() -> None:
    found = find_instrument("kpcs")
    answers = {item.id: 3 for item in found.items}
    assert score_all(found, answers)["total"] == 45
    assert score_all(found, answers | {"item-1": 9, "item-9": 9})["total"] == 43
    assert [item.id for item in found.items if len(item.options) == 5] == ["item-1", "item-9"]


def test_the_four_of_ons_are_never_put_together_and_anxiety_goes_the_other_way() -> None:
    found = find_instrument("ons4")
    assert [len(rule.items) for rule in found.scores] == [1, 1, 1, 1]
    assert [rule.direction.value for rule in found.scores] == [
        *["higher_is_better"] * 3,
        "lower_is_better",
    ]


def test_the_direct_question_on_loneliness_is_not_added() -> None:
    found = find_instrument("ucla3")
    assert "lonely" not in found.score("total").items
    assert found.score("direct").items == ("lonely",)


@pytest.mark.parametrize(
    ("name", "score", "value", "band"),
    [
        ("gad7", "total", 4, "minimal"),
        ("gad7", "total", 5, "mild"),
        ("gad7", "total", 10, "moderate"),
        ("gad7", "total", 15, "severe"),
        ("phq8", "total", 19, "moderately severe"),
        ("phq8", "total", 20, "severe"),
        ("who5", "percent", 48, "low wellbeing"),
        ("who5", "percent", 52, "not low"),
        ("kpcs", "total", 39, "low confidence"),
        ("kpcs", "total", 40, "not low"),
        ("psoc", "total", 60, "low"),
        ("psoc", "total", 61, "moderate"),
        ("psoc", "total", 74, "high"),
        ("sdq", "total", 13, "close to average"),
        ("sdq", "total", 14, "slightly raised"),
        ("sdq", "total", 17, "high"),
        ("sdq", "total", 40, "very high"),
        ("ons4", "happy", 4, "low"),
        ("ons4", "happy", 9, "very high"),
        ("ons4", "anxious", 1, "very low"),
        ("ons4", "anxious", 6, "high"),
    ],
)
def test_bands_begin_where_they_were_published(
    name: str, score: str, value: float, band: str
) -> None:
    found = find_instrument(name).score(score).band(value)
    assert found
    assert found.label == band
