"""A file made to bring the reader down is read or refused, in ten seconds and 256 MB."""

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registers.reports.writing import PEOPLE, Came, joined, teams, zoom

ROWS = 100_000
MEMORY = 256 * 1024 * 1024
SECONDS = 10
WHEN = ("--date", "2026-09-16", "--start", "19:00", "--end", "20:00", "--json")


def many_rows() -> bytes:
    head, (row,) = zoom([])[:4], zoom(PEOPLE[3:4], with_meeting=False)[1:]
    return joined([*head, *([f"Person {number}", *row[1:]] for number in range(ROWS))]).encode()


def many_stays_of_one() -> bytes:
    rows = teams([Came("Jo", [("19:00:00", "19:30:00")])], sections=2)
    return joined([*rows, *[rows[-1]] * ROWS], "\t").encode("utf-16")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_000)
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "many rows": many_rows,
    "many stays": many_stays_of_one,
    "a bomb": bomb,
    "utf-16 without a mark": lambda: joined(teams(PEOPLE), "\t").encode("utf-16-be"),
    "one line": lambda: b"Name,Join time,Leave time," + b"a," * 2_000_000,
    "one cell": lambda: b'"' + b"a" * 5_000_000,
    "quotes": lambda: b'"' * 4_000_000,
    "nothing": lambda: b"\x00" * 5_000_000,
    "brackets": lambda: joined(
        zoom([Came("(" * 9_000 + ")" * 9_000, [("19:00:00", "19:30:00")])])
    ).encode(),
}


def within_limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.long
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_read_or_refused_within_its_limits(what: str, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_bytes(HOSTILE[what]())
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, "read-attendance", str(file), *WHEN],
        capture_output=True, text=True, check=False, preexec_fn=within_limits,
    )  # fmt: skip
    *said, peak = ran.stderr.splitlines()
    assert ran.returncode in (0, 2), ran.stderr
    assert len(said) <= (ran.returncode == 2)
    assert int(peak) * 1024 < MEMORY


MEASURED = """
import atexit, resource, sys
from programme.commands import main
atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
main()
"""
