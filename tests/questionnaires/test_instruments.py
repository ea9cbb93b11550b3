"""Instruments as they ship, and what is said about a file that is not right."""

import hashlib
from pathlib import Path

import pytest

from programme.questionnaires.instrument import Wording
from programme.questionnaires.instrument_files import (
    FOLDER,
    find_instrument,
    instrument_names,
    read_instrument,
)
from programme.questionnaires.yaml_lines import FileError

FROZEN = {
    "check-in/1.yaml": "6ac3a78adebe942a",
    "who5/1.yaml": "329be5da7adb4ada",
}
"""A version that was answered never changes: a change is a new version, in a new file."""

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
    assert instrument_names() == ["check-in", "who5"]
    assert all(find_instrument(name).can_be_asked for name in instrument_names())


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
        ("text: Second", "text: null", 13, "an item has no text"),
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


def test_a_figure_about_reliability_needs_its_source(path: Path) -> None:
    reliability = (
        "    reliability: {sem: null, r: null, sd: null, mdc: 3, mid: null,"
        " comparator: at_least, source: null}\n"
    )
    path.write_text(GOOD + reliability)
    with pytest.raises(FileError, match=r"line 23: reliability: .* needs its source"):
        read_instrument(path)
