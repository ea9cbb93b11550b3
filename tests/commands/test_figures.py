"""score and evaluate, as somebody types them: no instance, no secret, no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from programme.app import ROOT
from programme.commands.main import group, main
from programme.questionnaires.instrument_files import find_instrument, instrument_names

SLEEP = """participant,before,after,three_months
1,0.7,1.9,
2,-1.6,0.8,
3,−0.2,1.1,
4,-1.2,.1,
5,-0.1,-0.1,
6,3.4,4.4,
7,3.7,5.5,
8,0.8,1.6,
9,0,4.6,
10,2.0,3.4,
11,1.0,,
"""
TOTALS = """participant,before,after,three_months
a,10,16,17
b,10,15,
c,10,4,10
d,10,10,11
"""
Type = Callable[..., Result]
Refused = Callable[..., str]


@pytest.fixture
def typed(tmp_path: Path) -> Type:
    """Type a command about a file with this in it."""

    def run(command: str, content: str | bytes, *words: str) -> Result:
        file = tmp_path / "given.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(group, [command, str(file), *words])

    return run


@pytest.fixture
def refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refused:
    """Type a command that ends with 2 and prints nothing; what it says instead."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["programme", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert (stopped.value.code, said.out) == (2, "")
        return said.err

    return run


def figures(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout, parse_constant=pytest.fail)
    assert isinstance(found, dict)
    return found


def test_evaluate_prints_students_sleep_data_to_the_last_digit(typed: Type) -> None:
    found = figures(typed("evaluate", SLEEP, "--instrument", "generic", "--json"))
    pair = found["pairs"]["before_after"]
    printed = {
        "difference": "1.58", "ci_low": "0.7001", "ci_high": "2.4599", "t": "4.0621",
        "p": "0.002833", "d_z": "1.2846", "d_av": "0.8335", "g_av": "0.7617",
        "mean_before": "0.75", "mean_after": "2.33", "sd_before": "1.7890", "sd_after": "2.0022",
        "wilcoxon_p": "0.003906", "d_z_low": "0.4146", "d_z_high": "2.1180",
    }  # fmt: skip
    assert {key: f"{pair[key]:.{len(text.split('.')[1])}f}" for key, text in printed.items()} == (
        printed
    )
    assert pair["n"] == 10
    assert "reliable" not in pair
    assert found["pairs"]["before_three_months"]["n"] == 0
    assert found["pairs"]["before_three_months"]["mean_before"] is None
    assert "Wilcoxon's rule" in found["methods"]["wilcoxon"]


def test_raw_totals_of_who5_are_told_out_of_100_and_counted_by_its_threshold(typed: Type) -> None:
    found = figures(typed("evaluate", TOTALS, "--instrument", "who5", "--json"))
    pair = found["pairs"]["before_after"]
    assert (pair["n"], pair["mean_before"], pair["mean_after"]) == (4, 40, 45)
    assert pair["reliable"] == {"improved": 1, "unchanged": 2, "deteriorated": 1}
    assert found["scale"]["score"] == "percent"
    assert found["scale"]["from"] == "raw totals, 0 to 25"
    assert found["pairs"]["before_three_months"]["n"] == 3


def test_without_a_published_threshold_reliable_change_is_not_available(typed: Type) -> None:
    found = figures(typed("evaluate", TOTALS, "--instrument", "phq8", "--json"))
    assert found["pairs"]["before_after"]["reliable"] == "not available"
    assert found["reliable_threshold"] is None


def test_lower_is_better_improves_downwards(typed: Type) -> None:
    found = figures(typed("evaluate", TOTALS, "--instrument", "GAD-7", "--json"))
    reliable = found["pairs"]["before_after"]["reliable"]
    assert reliable == {"improved": 1, "unchanged": 1, "deteriorated": 2}


def test_raw_totals_of_swemwbs_are_looked_up(typed: Type) -> None:
    table = "participant,before,after\na,29,35\nb,7,8\nc,6,36\n"
    found = figures(typed("evaluate", table, "--instrument", "swemwbs", "--json"))
    pair = found["pairs"]["before_after"]
    assert pair["mean_before"] == pytest.approx((26.02 + 7) / 2)
    assert [(one["row"], one["field"]) for one in found["problems"]] == [
        (4, "before"),
        (4, "after"),
    ]


def test_four_separate_scores_ask_which_is_meant(typed: Type) -> None:
    done = typed("evaluate", TOTALS, "--instrument", "ons4")
    assert done.exit_code != 0
    assert "name one of satisfied, worthwhile, happy, anxious" in str(done.exception)
    one = typed("evaluate", TOTALS, "--instrument", "ons4", "--score", "happy", "--json")
    assert figures(one)["scale"]["score"] == "happy"


@pytest.mark.parametrize("name", [one for one in instrument_names() if one != "ons4"])
def test_every_instrument_evaluates_its_lowest_and_highest_total(typed: Type, name: str) -> None:
    whole = find_instrument(name)
    rules = [rule for rule in whole.scores if rule.is_reported]
    rule = max(rules, key=lambda one: len(one.items))
    items = [whole.item(item) for item in rule.items]
    low, high = sum(item.lowest for item in items), sum(item.highest for item in items)
    table = f"participant,before,after\na,{low},{high}\nb,{low},{high}\nc,{low - 1},{high + 1}\n"
    found = figures(typed("evaluate", table, "--instrument", name, "--json"))
    pair = found["pairs"]["before_after"]
    assert (pair["n"], pair["mean_before"], pair["mean_after"]) == (2, rule.low, rule.high)
    assert len(found["problems"]) == 2


def test_swemwbs_is_scored_with_columns_in_any_order(typed: Type) -> None:
    table = "7;q1;Item 3;4;5;6;swemwbs_2;ID\n4;5;4;4;4;4;4;a\n5;5;5;5;5;5;5;b\n1;1;1;1;1;;1;c\n"
    found = figures(typed("score", table, "--instrument", "swemwbs", "--json"))
    assert found["scores"] == [
        {"participant": "a", "raw": 29, "metric": 26.02},
        {"participant": "b", "raw": 35, "metric": 35},
        {"participant": "c", "raw": None, "metric": None},
    ]
    assert found["problems"] == []


def test_what_is_wrong_in_a_file_is_told_by_row_and_field(typed: Type) -> None:
    table = (
        "participant,cheerful,calm,active,rested,shoe size,calm\n"
        "a,5,6,many,2.5,41,\n\n,1,1,1,1,,\nb,Most of the time,4,4.0, 4 ,,\na,1,1,1,1,,\n"
    )
    found = figures(typed("score", table, "--instrument", "who5", "--json"))
    assert [(one["row"], one["field"]) for one in found["problems"]] == [
        (1, "shoe size"),
        (1, "calm"),
        (1, "interest"),
        (2, "calm"),
        (2, "active"),
        (2, "rested"),
        (4, "participant"),
        (6, "participant"),
    ]
    assert found["scores"] == [
        {"participant": "a", "raw": None, "percent": None},
        {"participant": "b", "raw": None, "percent": None},
    ]


def test_words_and_not_applicable_are_answers_too(typed: Type) -> None:
    heads = ",".join(["participant", *map(str, range(1, 16))])
    table = f"{heads}\na,N/A,{','.join('3' * 14)}\nb,3,N/A,{','.join('3' * 13)}\n"
    found = figures(typed("score", table, "--instrument", "kpcs", "--json"))
    assert found["scores"][0] == {"participant": "a", "total": 44}
    assert found["scores"][1] == {"participant": "b", "total": None}
    assert [(one["row"], one["field"]) for one in found["problems"]] == [(3, "2")]


def test_people_twice_or_without_a_name_are_not_counted_twice(typed: Type) -> None:
    table = "participant,before,after\na,1,2\na,3,4\n,5,6\nb,7,x\n"
    found = figures(typed("evaluate", table, "--instrument", "generic", "--json"))
    assert found["pairs"]["before_after"]["n"] == 1
    assert [(one["row"], one["field"]) for one in found["problems"]] == [
        (3, "participant"),
        (4, "participant"),
        (5, "after"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_other_programs_are_read(typed: Type, encoding: str, delimiter: str) -> None:
    table = TOTALS.replace("a,10,16", "Zoë,10,16").replace(",", delimiter)
    content = table.replace("\n", "\r\n").encode(encoding)
    found = figures(typed("evaluate", content, "--instrument", "who5", "--json"))
    assert found["pairs"]["before_after"]["n"] == 4


def test_a_workbook_is_read(typed: Type) -> None:
    book, out = Workbook(), BytesIO()
    for line in TOTALS.splitlines():
        cells = line.split(",")
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    book.save(out)
    found = figures(typed("evaluate", out.getvalue(), "--instrument", "who5", "--json"))
    assert found["pairs"]["before_after"]["n"] == 4


@pytest.mark.parametrize("command", ["score", "evaluate"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"just words",
        b"a,b\n1,2\n",
        b"participant,shoe\na,1\n",
        b"participant,before\na,1\n",
        b'participant,before,after\n"a,1,2\nb,3,4\n',
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"%PDF-1.7",
        b"PK\x03\x04broken",
        b"\x00\x01\x02\x03" * 50,
    ],
)
def test_a_file_that_is_no_such_table_ends_in_one_sentence(
    refused: Refused, tmp_path: Path, command: str, content: bytes
) -> None:
    (tmp_path / "given").write_bytes(content)
    said = refused(command, "given", "--instrument", "who5", "--json")
    assert said.endswith(".\n")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["nothing", "../who5", "who5@9", "", "@", "who5@x"])
def test_an_instrument_that_is_not_there_ends_in_one_sentence(
    refused: Refused, tmp_path: Path, name: str
) -> None:
    (tmp_path / "given").write_text(TOTALS)
    assert len(refused("evaluate", "given", "--instrument", name).splitlines()) == 1


def test_both_need_neither_instance_nor_secret(tmp_path: Path) -> None:
    (tmp_path / "given").write_text(SLEEP)
    done = subprocess.run(
        [sys.executable, "-m", "programme", "evaluate", "given", "--instrument", "generic"],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "difference: 1.58" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given"]
