"""programme import-families: the same from the command line."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from programme.access.models import Partner
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Enrolment
from programme.commands.families import import_families
from programme.commands.main import main
from programme.foundation.database import db
from programme.people.already_here import find_already_here
from programme.people.bringing_in import bring_in
from programme.people.imports.columns import guess_columns
from programme.people.imports.rows import read_people
from programme.people.imports.sheets import read_sheet
from programme.people.models import Participant
from tests import builders
from tests.counting import counted_queries

SAMPLES = Path(__file__).parent / "imports/samples"
AUTUMN = str(SAMPLES / "families-autumn.csv")
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on this test's application."""
    monkeypatch.setattr("programme.commands.families.create_app", lambda _settings: app)

    def ran(*words: str) -> Result:
        db.session.commit()
        return CliRunner().invoke(import_families, list(words))

    return ran


def people() -> int:
    return db.session.scalar(select(func.count(Participant.id))) or 0


def test_a_dry_run_needs_no_instance_and_names_the_files_own_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROGRAMME_INSTANCE", str(tmp_path / "none"))
    monkeypatch.setenv("PROGRAMME_DATABASE_URL", "postgresql://nowhere.invalid/none")
    result = CliRunner().invoke(import_families, [AUTUMN, "--dry-run", "--json"])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"rows", "ready", "problems", "duplicates"}
    assert (told["rows"], told["ready"]) == (13, 10)
    assert {(each["row"], each["field"]) for each in told["problems"]} == {
        (13, "phone"), (13, "email"), (13, "postcode"), (14, "first_name"), (14, "consent_date"),
    }  # fmt: skip
    assert "PL4 8 is not complete" in told["problems"][2]["message"]
    assert [each["row"] for each in told["duplicates"]] == [12]
    assert list(tmp_path.iterdir()) == []


def test_without_json_it_is_a_plain_table() -> None:
    result = CliRunner().invoke(import_families, [AUTUMN, "--dry-run"])
    assert result.stdout.startswith("10 of 13 can come in.\n\nTo mend\n  Row 13: the phone number")
    assert "Here twice\n  Row 12: Tracey Hargreaves" in result.stdout
    assert "Worth a look\n  Row 5: the notes say that the phone is shared." in result.stdout


def test_columns_and_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "couples.csv"
    path.write_text("Parent 1 name,Parent 1 phone,Parent 2 name\nAnn Lee,07700900101,Bo Lee\n")
    plain = CliRunner().invoke(import_families, [str(path), "--dry-run"])
    assert "Columns that are not read: “Parent 2 name”." in plain.stdout
    as_json = CliRunner().invoke(import_families, [str(path), "--dry-run", "--json"])
    assert json.loads(as_json.stdout)["ready"] == 1
    assert "“Parent 2 name”" in as_json.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{pdf}", "--dry-run"], "This is a PDF, not a spreadsheet"),
        (["{none}", "--dry-run"], "does not exist"),
        ([AUTUMN], "Say which partner sent the file: --partner NAME."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_status_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    (tmp_path / "list.csv").write_bytes(b"%PDF-1.7")
    named = [word.format(pdf=tmp_path / "list.csv", none=tmp_path / "none.csv") for word in words]
    monkeypatch.setattr("sys.argv", ["programme", "import-families", *named])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_those_who_are_ready_come_in_once(run: Run, lead: Partner) -> None:
    first = run(AUTUMN, "--partner", "Lead charity", "--json")
    assert json.loads(first.stdout)["brought_in"] == people() == 10
    second = json.loads(run(AUTUMN, "--partner", str(lead.id), "--json").stdout)
    assert (second["brought_in"], second["ready"], people()) == (0, 0, 10)
    assert len(second["duplicates"]) == 11
    db.session.expire_all()
    assert {each.conversation for each in db.session.scalars(select(Participant))} == {None}


def test_they_are_enrolled_when_a_group_is_named(run: Run, lead: Partner, at: datetime) -> None:
    cohort = builders.cohort(date(2026, 10, 13), partner=lead, capacity=8)
    result = run(AUTUMN, "--partner", "Lead charity", "--cohort", "Tuesday group", "--json")
    assert result.exit_code == 0
    stages = select(Enrolment.stage, func.count()).group_by(Enrolment.stage)
    assert dict(map(tuple, db.session.execute(stages))) == {"enrolled": 8, "waiting": 2}
    assert cohort.id


@pytest.mark.parametrize("option", ["--partner", "--cohort"])
def test_a_name_that_is_not_known_saves_nobody(run: Run, lead: Partner, option: str) -> None:
    words = {"--partner": "Lead charity", option: "Nobody"}
    result = run(AUTUMN, *(part for pair in words.items() for part in pair))
    assert result.exit_code == 1
    assert "There is no" in result.output
    assert people() == 0


def test_five_hundred_families_are_not_looked_up_one_by_one(lead: Partner, at: datetime) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{one}{other}" for one in letters for other in letters][:500]
    lines = [
        f"Ann{name},Lee{name},07700{900000 + i},ann{i}@example.org,{i} High Street,Leeds,LS1 1AA"
        for i, name in enumerate(names)
    ]
    header = "First name,Surname,Phone,Email,Address 1,Town,Postcode"
    sheet = read_sheet("\n".join([header, *lines]).encode(), "many.csv")
    families = read_people(sheet, guess_columns(sheet), on=at.date()).candidates
    with counted_queries() as asked:
        assert find_already_here(families, viewer=COMMAND_LINE) == {}
        bring_in(families, partner_id=lead.id, is_consent_recorded=True, by=COMMAND_LINE, at=at)
        db.session.commit()
    assert people() == 500
    assert len([each for each in asked if each.startswith("SELECT")]) < 5
