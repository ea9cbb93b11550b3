"""read-attendance, as somebody types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.registers.reports.writing import MINUTES, PEOPLE, joined, teams, zoom

COMMAND = "from programme.commands import main; main()"
WHEN = ("--date", "2026-09-16", "--start", "19:00", "--end", "20:00")


def run(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Without an instance, a secret or a setting."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PROGRAMME_")}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "read-attendance", str(file), *WHEN, *words],
        capture_output=True, text=True, check=False, env=bare,
    )  # fmt: skip


def test_people_their_times_and_what_was_ignored_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text(joined(zoom(PEOPLE)), encoding="utf-8")
    told = json.loads(run(file, "--json").stdout)
    assert {each["name"]: each["minutes_in_session"] for each in told["people"]} == MINUTES
    donna = next(each for each in told["people"] if each["name"] == "Donna O'Neill")
    assert donna["intervals"] == [["19:02:05", "19:20:10"], ["19:24:00", "20:00:30"]]
    assert (donna["email"], donna["staff"]) == ("d@example.org", False)
    assert told["ignored"][0]["name"] == "Marek Nowák"


def test_without_json_people_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_bytes(joined(teams(PEOPLE), "\t").encode("utf-16"))
    assert "  54.1  Donna O'Neill; d@example.org; 19:02:05–19:20:10" in run(file).stdout


def test_what_is_no_report_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all,\nthank you.\n")
    done = run(file, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
