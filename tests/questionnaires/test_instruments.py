"""Instruments as they ship, and what is said about a file that is not right."""

import hashlib
from pathlib import Path

import pytest

from programme.foundation.yaml_lines import FileError
from programme.questionnaires.instrument import Reliability, Wording
from programme.questionnaires.instrument_files import (
    FOLDER,
    find_instrument,
    instrument_names,
    read_instrument,
)

FROZEN = {
    "bpses/1.yaml": "625051e4be2765d4",
    "check-in/1.yaml": "6ac3a78adebe942a",
    "gad7/1.yaml": "93e9c9598dd4d92b",
    "kpcs/1.yaml": "9dd67e3cc7421dc5",
    "maaps/1.yaml": "0e6f1fe6fb21ef67",
    "ons4/1.yaml": "490cf7287ab59c21",
    "phq8/1.yaml": "d915efbb25a25037",
    "psoc/1.yaml": "dca648d5f6c878a6",
    "pss/1.yaml": "8f3feeaabbd0cab5",
    "sdq/1.yaml": "e210bc19c8888de7",
    "swemwbs/1.yaml": "d3d0a27e60152dbb",
    "topse/1.yaml": "2a7bdc2adb671956",
    "ucla3/1.yaml": "0be03637bef7a30f",
    "wemwbs/1.yaml": "16bcbb6070d7a70a",
    "who5/1.yaml": "329be5da7adb4ada",
}
"""A version that was answered never changes: a change is a new version, in a new file."""

COMPLETE = ["who5", "ons4", "ucla3", "gad7", "phq8", "check-in"]
SCORING_ONLY = ["swemwbs", "wemwbs", "bpses", "topse", "psoc", "maaps", "kpcs", "sdq", "pss"]

GOOD = """\
id: small
version: 1
title: Small
citation: None
licence: {spdx_or_text: CC-BY-4.0, wording: included, notice: Ours}
is_validated: false
recall_period: Today
minutes: 1
options:
  - {value: 0, label: No}
  - {value: 3, label: Yes}
items:
  - {id: one, text: First}
  - {id: two, text: Second}
scores:
  - id: total
    label: Total
    method: sum
    items: [one, two]
    min_answered: 2
    range: [0, 6]
    direction: higher_is_better
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    return tmp_path / "small" / "1.yaml"


def test_every_instrument_that_ships_can_be_read() -> None:
    assert instrument_names() == sorted([*COMPLETE, *SCORING_ONLY])


@pytest.mark.parametrize("name", COMPLETE)
def test_what_ships_complete_can_be_asked(name: str) -> None:
    found = find_instrument(name)
    assert found.licence.wording is Wording.INCLUDED
    assert found.can_be_asked
    assert all(option.label for item in found.items for option in item.options)


@pytest.mark.parametrize("name", SCORING_ONLY)
def test_what_ships_as_scoring_only_has_no_word_of_its_owner(name: str) -> None:
    found = find_instrument(name)
    assert found.licence.wording is Wording.CHARITY_SUPPLIED
    assert not found.can_be_asked
    assert {item.text for item in found.items} == {None}
    assert {option.label for item in found.items for option in item.options} <= {
        *map(str, range(11)),
        "N/A",
    }


@pytest.mark.parametrize("name", [*COMPLETE, *SCORING_ONLY])
def test_a_figure_of_reliability_says_where_it_was_published(name: str) -> None:
    for rule in find_instrument(name).scores:
        known = rule.reliability
        is_known = any((known.sem, known.r, known.sd, known.mdc, known.mid))
        assert is_known == bool(known.source), rule.id


def test_what_nobody_has_published_stays_unknown() -> None:
    thresholds = {
        (name, rule.id): rule.reliability.threshold
        for name in instrument_names()
        for rule in find_instrument(name).scores
        if rule.reliability.threshold is not None
    }
    assert thresholds == {
        ("who5", "percent"): 23.6,
        ("swemwbs", "metric"): 3,
        ("wemwbs", "total"): 9,
        ("gad7", "total"): 4,
        ("sdq", "emotional"): 4,
        ("sdq", "conduct"): 4,
        ("sdq", "hyperactivity"): 4,
        ("sdq", "peer"): 3,
        ("sdq", "prosocial"): 3,
    }


def test_jacobson_and_truax_come_out_as_printed() -> None:
    """Their example of 1991: before 32.5, after 47.5, deviation 7.5, reliability .80."""
    known = Reliability(sd=7.5, r=0.80, source="Jacobson and Truax 1991")
    assert f"{known.standard_error:.3f}" == "3.354"
    assert f"{known.error_of_change:.3f}" == "4.743"
    assert f"{(47.5 - 32.5) / (known.error_of_change or 0):.3f}" == "3.162"
    assert f"{known.threshold:.3f}" == "9.297"
    assert known.is_reached_by(47.5 - 32.5)
    assert not known.is_reached_by(9.2)


def test_the_change_of_jacobson_and_truax_must_be_passed_not_only_met() -> None:
    known = Reliability(sem=5, source="x")
    assert not known.is_reached_by(known.threshold or 0)
    assert known.is_reached_by((known.threshold or 0) + 0.001)


def test_half_of_what_is_needed_is_not_enough_to_work_out_a_threshold() -> None:
    assert Reliability(r=0.8, source="x").threshold is None
    assert Reliability(sd=7.5, source="x").threshold is None
    assert not Reliability().is_reached_by(1000)


def test_a_version_that_was_published_never_changes() -> None:
    found = {
        str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in FOLDER.glob("*/*.yaml")
    }
    assert found == FROZEN


def test_who5_is_complete_and_says_whose_it_is() -> None:
    who5 = find_instrument("who5@1")
    assert [item.text for item in who5.items] == [
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    ]
    assert [(option.value, option.label) for option in who5.items[0].options] == [
        (5, "All of the time"),
        (4, "Most of the time"),
        (3, "More than half of the time"),
        (2, "Less than half of the time"),
        (1, "Some of the time"),
        (0, "At no time"),
    ]
    assert who5.licence.name == "CC-BY-NC-SA-3.0-IGO"
    assert "World Health Organization 2024" in who5.licence.notice
    assert who5.score("percent").reliability.mdc == 23.6
    assert "s12955-018-1001-0" in str(who5.score("percent").reliability.source)
    assert "CC BY-NC-SA 3.0 IGO" in (FOLDER / "who5" / "LICENSE").read_text()


def test_our_own_check_in_says_that_it_is_not_validated() -> None:
    ours = find_instrument("check-in")
    assert not ours.is_validated
    assert "not a validated measure" in ours.title.lower()
    assert ours.score("mean").reliability.mdc is None


def test_the_newest_version_is_found_by_name_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(GOOD)
    path.with_name("12.yaml").write_text(GOOD.replace("version: 1", "version: 12"))
    path.with_name("9.yaml").write_text(GOOD.replace("version: 1", "version: 9"))
    monkeypatch.setattr("programme.questionnaires.instrument_files.FOLDER", path.parents[1])
    assert find_instrument("small").reference == "small@12"
    assert find_instrument("small@9").reference == "small@9"


def test_an_instrument_that_does_not_exist_is_named() -> None:
    with pytest.raises(FileError, match=r"nothing/1\.yaml cannot be read"):
        find_instrument("nothing")


def test_a_version_that_is_no_number_is_refused() -> None:
    with pytest.raises(FileError, match="no version of an instrument"):
        find_instrument("who5@newest")


def test_a_good_file_is_read(path: Path) -> None:
    path.write_text(GOOD)
    found = read_instrument(path)
    assert found.licence.wording is Wording.INCLUDED
    assert found.score("total").high == 6


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("id: small", "id: other", 1, "does not match the file's place"),
        ("version: 1", "version: one", 2, "must be a whole number"),
        ("version: 1", "version: 0x1", 2, "must be a whole number"),
        ("title: Small", "titel: Small", 3, "is not known here"),
        ("title: Small", "title:", 3, "must be words"),
        ("title: Small", "id: small", 3, "stands here twice"),
        ("wording: included", "wording: found", 5, "is not one of included, charity_supplied"),
        ("is_validated: false", "is_validated: perhaps", 6, "must be true or false"),
        ("value: 3", "value: 0", 10, "'0' stands here twice"),
        ("  - {value: 3, label: Yes}\n", "", 10, "at least two options"),
        ("id: two", "id: one", 13, "'one' stands here twice"),
        ("text: Second", "text: null", 14, "an item has no text"),
        ("items: [one, two]", "items: [one, three]", 19, "no item called 'three'"),
        ("items: [one, two]", "items: []", 19, "a list with something in it"),
        ("items: [one, two]", "items: [one, one]", 19, "'one' stands here twice"),
        ("min_answered: 2", "min_answered: 3", 20, "must be between 1 and 2"),
        ("min_answered: 2", "min_answered: 1", 20, "say how to prorate"),
        ("range: [0, 6]", "range: [0, 5]", 21, "these items reach (0, 6)"),
        ("range: [0, 6]", "range: [6, 0]", 21, "the lower first"),
        ("range: [0, 6]", "range: [0, .inf]", 21, "must be a plain number"),
        ("method: sum", "method: guess", 18, "is not one of sum, mean, percent, lookup"),
        ("method: sum", "method: lookup", 16, "the table says nothing for a sum of 0"),
        ("text: Second", "txt: Second", 14, "is not known here"),
        ("wording: included", "wording: charity_supplied", 13, "must be null here"),
        ("label: No", "labels: No", 10, "is not known here"),
        ("label: No", "label: null", 10, "must be words"),
        ("method: sum", "method: sum\n    lookup: {a: 1}", 19, "only a whole sum"),
        ("method: sum", "method: sum\n    lookup: {1: 1, 1: 2}", 19, "'1' stands here twice"),
        ("method: sum", "bands: [{from: 1, label: x}]\n    method: sum", 18, "begin at 0"),
        (
            "method: sum",
            "bands: [{from: 0, label: x}, {from: 7, label: y}]\n    method: sum",
            18,
            "stay within the range",
        ),
        ("  - id: total", "  - idd: total", 16, "is not known here"),
    ],
)
def test_a_mistake_is_told_by_file_and_line(
    path: Path, old: str, new: str, line: int, why: str
) -> None:
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(FileError) as error:
        read_instrument(path)
    assert f"small/1.yaml, line {line}:" in str(error.value)
    assert why in str(error.value)


@pytest.mark.parametrize("content", ["", "a: [", "- only\n- a list", "just words", "\x00"])
def test_a_file_that_is_something_else_is_told_so(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(FileError, match=r"small/1\.yaml"):
        read_instrument(path)


@pytest.mark.parametrize("figures", ["sem: 0, r: null", "sem: null, r: 1.2", "sem: -1, r: null"])
def test_a_figure_about_reliability_must_be_possible(path: Path, figures: str) -> None:
    reliability = f"reliability: {{{figures}, sd: null, mdc: null, mid: null,"
    path.write_text(GOOD + f"    {reliability} comparator: at_least, source: x}}\n")
    with pytest.raises(FileError, match=r"line 23: reliability: .* above 0"):
        read_instrument(path)


def test_a_figure_about_reliability_needs_its_source(path: Path) -> None:
    reliability = (
        "    reliability: {sem: null, r: null, sd: null, mdc: 3, mid: null,"
        " comparator: at_least, source: null}\n"
    )
    path.write_text(GOOD + reliability)
    with pytest.raises(FileError, match=r"line 23: reliability: .* needs its source"):
        read_instrument(path)


MORE = """\
  - id: twice
    label: Twice
    method: sum
    scores: [total]
    range: [0, 6]
    direction: higher_is_better
"""


def test_a_score_may_add_up_scores_above_it(path: Path) -> None:
    path.write_text(GOOD + MORE)
    assert read_instrument(path).score("twice").items == ("one", "two")


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("range: [0, 6]", "range: [0, 7]", 27, "these items reach (0.0, 6.0)"),
        ("scores: [total]", "scores: [other]", 26, "no score called 'other' above"),
        ("scores: [total]", "scores: [twice]", 26, "no score called 'twice' above"),
        ("method: sum", "method: mean", 25, "added up by sum"),
        ("scores: [total]", "scores: [total, total]", 26, "'total' stands here twice"),
        ("id: twice", "id: total", 23, "'total' stands here twice"),
        ("scores: [total]", "scores: [total]\n    round: 0", 27, "is not known here"),
    ],
)
def test_a_mistake_in_a_score_of_scores_is_told_by_line(
    path: Path, old: str, new: str, line: int, why: str
) -> None:
    assert old in MORE
    path.write_text(GOOD + MORE.replace(old, new, 1))
    with pytest.raises(FileError) as error:
        read_instrument(path)
    assert f"small/1.yaml, line {line}:" in str(error.value)
    assert why in str(error.value)
