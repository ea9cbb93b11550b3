"""read-attendance, as somebody types it: no instance, no secret, no traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from programme.commands.main import group, main

REPORT = """Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Bea Leader,bea@example.org,09/16/2026 06:45:02 PM,09/16/2026 08:06:30 PM,82,No,,No
Mina (Amina Kahn),amina@example.org,09/16/2026 06:50:00 PM,09/16/2026 07:02:05 PM,13,Yes,,Yes
Mina (Amina Kahn),amina@example.org,09/16/2026 07:02:05 PM,09/16/2026 07:21:00 PM,19,Yes,OK,No
Marek Nowák,,09/16/2026 07:30:00 PM,09/16/2026 07:40:20 PM,11,Yes,OK,No
"""  # noqa: E501
EVENING = ("--date", "2026-09-16", "--start", "19:00", "--end", "20:00")
Type = Callable[..., Result]


@pytest.fixture
def typed(tmp_path: Path) -> Type:
    file = tmp_path / "report.csv"
    file.write_text(REPORT, encoding="utf-8-sig")
    return lambda *words: CliRunner().invoke(group, ["read-attendance", str(file), *words])


def test_the_report_is_printed_as_json(typed: Type) -> None:
    assert json.loads(typed(*EVENING, "--json").output) == {
        "people": [
            {
                "name": "Bea Leader",
                "email": "bea@example.org",
                "staff": True,
                "other_names": [],
                "intervals": [["18:45:02", "20:06:30"]],
                "minutes_in_session": 60.0,
            },
            {
                "name": "Amina Kahn",
                "email": "amina@example.org",
                "staff": False,
                "other_names": ["Mina"],
                "intervals": [["19:02:05", "19:21:00"]],
                "minutes_in_session": 18.9,
            },
            {
                "name": "Marek Nowák",
                "email": "",
                "staff": False,
                "other_names": [],
                "intervals": [["19:30:00", "19:40:20"]],
                "minutes_in_session": 10.3,
            },
        ],
        "ignored": [
            {"name": "Amina Kahn", "row": 3, "reason": "In the waiting room, not in the meeting."}
        ],
    }


def test_the_report_is_printed_for_people(typed: Type) -> None:
    lines = typed(*EVENING).output.splitlines()
    assert lines == [
        "  60.0  Bea Leader; bea@example.org; staff; 18:45:02–20:06:30",
        "  18.9  Amina Kahn; amina@example.org; also Mina; 19:02:05–19:21:00",
        "  10.3  Marek Nowák; 19:30:00–19:40:20",
        "",
        "Not counted",
        "  row 3: Amina Kahn. In the waiting room, not in the meeting.",
    ]


@pytest.mark.parametrize(
    ("content", "day", "says"),
    [
        ("Name,Phone\nAnn,07700 900101\n", "2026-09-16", "not an attendance report"),
        (REPORT, "2026-09-23", "This report is of 16 September 2026"),
        ("", "2026-09-16", "empty"),
        (REPORT, "16/09/2026", "does not match the format"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_one_sentence(
    content: str,
    day: str,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "given.csv"
    file.write_text(content)
    words = ["programme", "read-attendance", str(file), "--date", day, *EVENING[2:], "--json"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1
