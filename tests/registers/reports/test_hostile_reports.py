"""Files that are broken, enormous or something else: one sentence each, quickly, in little room."""

import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from programme.registers.reports.report import NotAReport
from tests.registers.reports.writing import SEEN, as_text, as_workbook, read, zoom_rows

HEAD = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
ROW = (
    "Ann{0} (Ann Kay {0}),a{0}@example.org,09/16/2026 07:00:00 PM,09/16/2026 07:3{1}:00 PM,30,Yes\n"
)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 90_000_000)
    return packed.getvalue()


def rows(count: int) -> bytes:
    return (HEAD + "".join(ROW.format(number, number % 10) for number in range(count))).encode()


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "blank": lambda: b"\xef\xbb\xbf \r\n\r\n",
    "a PDF": lambda: b"%PDF-1.7 ...",
    "a picture": lambda: b"\x89PNG\r\n\x1a\n...",
    "a web page": lambda: b"<!DOCTYPE html><table><tr><td>Name",
    "bytes": lambda: random.Random(1).randbytes(100_000),
    "an archive cut short": lambda: as_workbook(zoom_rows(SEEN))[:900],
    "a zip bomb": bomb,
    "a hundred thousand rows": lambda: b"Name,Join,Leave\n" + b"Ann,19:00,19:30\n" * 100_000,
    "over two megabytes": lambda: rows(30_000),
    "more rows than an evening has": lambda: rows(5_001),
    "one line of letters": lambda: b"a" * 2_000_000,
    "one line of quotation marks": lambda: b'"' * 2_000_001,
    "one line of brackets": lambda: b"Name,Duration\n" + b"(" * 2_000_000 + b",1h\n",
    "headings only": lambda: b"Name,Join,Leave\n" * 19_000,
    "hundreds of columns": lambda: (b"x," * 200 + b"19:00\n") * 1_000,
    "hundreds of tables": lambda: b"".join(
        b"Name,Join%d,Leave\nAnn,19:00,19:30\n" % number for number in range(5_000)
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence(kind: str) -> None:
    with pytest.raises(NotAReport) as raised:
        read(REFUSED[kind]())
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert "famil" not in sentence


def test_utf_16_that_ends_in_half_a_letter_is_read() -> None:
    data = as_text(zoom_rows(SEEN), "\t").encode("utf-16") + b"\n"
    assert len(read(data).people) == 8


def test_quotation_marks_by_the_hundred_are_read_around() -> None:
    line = '"' * 301 + "Bad" + '"' * 77 + ",,09/16/2026 07:00 PM,09/16/2026 07:30 PM,30,Yes\n"
    found = read(HEAD + line + ROW.format(1, 0))
    assert "Ann Kay 1" in [each.name for each in found.people]


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
import programme.commands.main  # whose room counts too
from programme.registers.reports.report import NotAReport
from tests.registers.reports.writing import read
try:
    print(len(read(open(sys.argv[1], "rb").read()).people))
except NotAReport as error:
    print(error)
own = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(next(own).split()[1]) // 1024)
"""
"""The last line is the most memory it ever had, in MB. What `getrusage` says would begin with that
of the process that started it."""
HEAVY: dict[str, Callable[[], bytes]] = REFUSED | {
    "as many rows as may be": lambda: rows(4_990),
    "the same without a mark": lambda: rows(4_990).decode().encode("utf-16-le"),
    "one person all the time": lambda: (HEAD + ROW.format(1, 1) * 4_990).encode(),
    "as many columns as may be": lambda: (b"19:00:00," * 63 + b"x\n") * 3_600,
    "letters that no encoding knows": lambda: b"\n".join(
        bytes(
            44 if each % 5 == 0 else 160 + each % 90 for each in random.Random(line).randbytes(400)
        )
        for line in range(4_900)
    ),
    "a large workbook": lambda: as_workbook(
        [
            ["Name", "Join", "Leave"],
            *([f"Ann{number}", "19:00", "19:30"] for number in range(4_990)),
        ]
    ),
}


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
@pytest.mark.parametrize("kind", HEAVY)
def test_no_file_takes_ten_seconds_or_a_quarter_of_a_gigabyte(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_bytes(HEAVY[kind]())
    command = [sys.executable, "-c", LIMITED, str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-500:]
    assert int(ended.stdout.split()[-1]) < 256
