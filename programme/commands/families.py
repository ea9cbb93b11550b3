"""import-families: a partner's spreadsheet in, from the command line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.queries import every_partner
from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.cohorts.actions import enrol
from programme.cohorts.models import Cohort
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.settings import Settings, read_settings
from programme.people.already_here import find_already_here
from programme.people.bringing_in import bring_in
from programme.people.imports.candidates import Candidate
from programme.people.imports.columns import guess_columns
from programme.people.imports.fields import Field
from programme.people.imports.likeness import find_repeats
from programme.people.imports.rows import read_people
from programme.people.imports.sheets import Sheet, read_sheet
from programme.people.imports.unreadable import UnreadableFile


@dataclass
class Report:
    """What was found in the file, and what came in; rows are numbered as in the file."""

    candidates: Sequence[Candidate]
    notes: Sequence[str] = ()
    duplicates: dict[int, str] = field(default_factory=dict)
    brought_in: int | None = None

    @property
    def ready(self) -> list[Candidate]:
        return [one for one in self.candidates if one.is_ready and one.row not in self.duplicates]

    def as_data(self) -> dict[str, Any]:
        problems = [problem for one in self.candidates for problem in one.problems]
        data: dict[str, Any] = {
            "rows": len(self.candidates),
            "ready": len(self.ready),
            "problems": [
                {"row": each.row, "field": each.field, "message": each.message} for each in problems
            ],
            "duplicates": [
                {"row": row, "message": message} for row, message in sorted(self.duplicates.items())
            ],
        }
        return data if self.brought_in is None else data | {"brought_in": self.brought_in}


@click.command("import-families", help="Bring in families from a partner's CSV, TSV or XLSX.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", "partner_name", help="The partner that sent it, by name or number.")
@click.option("--cohort", "cohort_name", help="Enrol them in this group, by name or number.")
@click.option("--dry-run", is_flag=True, help="Only say what is in the file.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def import_families(
    file: Path, partner_name: str | None, cohort_name: str | None, dry_run: bool, as_json: bool
) -> None:
    if dry_run:
        report = look_at(file, clock.today(Settings().zone))
    elif partner_name:
        report = _bring_in(file, partner_name, cohort_name)
    else:
        raise click.ClickException("Say which partner sent the file: --partner NAME.")
    click.echo(json.dumps(report.as_data(), ensure_ascii=False) if as_json else as_table(report))
    for note in report.notes if as_json else ():
        click.echo(note, err=True)


def look_at(file: Path, on: date) -> Report:
    """Read a file; nothing else is needed. Raises click.ClickException for one that cannot be."""
    try:
        sheet = read_sheet(file.read_bytes(), file.name)
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error
    mapping = guess_columns(sheet)
    candidates = read_people(sheet, mapping, on=on).candidates
    repeats = {repeat.row: repeat.why for repeat in find_repeats(candidates)}
    return Report(candidates, [*sheet.notes, *columns_not_read(sheet, mapping)], repeats)


def columns_not_read(sheet: Sheet, mapping: Mapping[int, Field]) -> list[str]:
    """So that nothing is left out unseen: the page shows the same beside its columns."""
    names = [
        f"“{sheet.header[index]}”"
        for index, field in mapping.items()
        if field is Field.IGNORE and any(row.cells[index] for row in sheet.rows)
    ]
    return [f"Columns that are not read: {', '.join(names)}."] if names else []


def as_table(report: Report) -> str:
    """The same for people: one line a remark, in the file's order."""
    data = report.as_data()
    lines = [f"{data['ready']} of {data['rows']} can come in."]
    for title, remarks in (
        ("To mend", [each["message"] for each in data["problems"]]),
        ("Here twice", [each["message"] for each in data["duplicates"]]),
        ("Worth a look", [note.message for one in report.ready for note in one.notices]),
        ("About the file", report.notes),
    ):
        if remarks:
            lines += ["", title, *(f"  {remark}" for remark in remarks)]
    if report.brought_in is not None:
        lines += ["", f"{report.brought_in} came in. Nothing goes to them before somebody rings."]
    return "\n".join(lines)


def _bring_in(file: Path, partner_name: str, cohort_name: str | None) -> Report:
    settings = read_settings()
    report = look_at(file, clock.today(settings.zone))
    with create_app(settings).app_context():
        partner = _partner(partner_name)
        cohort = _cohort(cohort_name) if cohort_name else None
        here = find_already_here(report.candidates, viewer=COMMAND_LINE)
        report.duplicates = {row: each.message for row, each in here.items()} | report.duplicates
        at = clock.now()
        people = bring_in(
            report.ready, partner_id=partner.id, is_consent_recorded=False, by=COMMAND_LINE, at=at
        )
        if cohort:
            for person in people:
                enrol(person, into=cohort, by=COMMAND_LINE, at=at)
        report.brought_in = len(people)
        db.session.commit()
    return report


def _partner(name: str) -> Partner:
    found = [each for each in every_partner() if name in (each.name, str(each.id))]
    if not found:
        names = ", ".join(each.name for each in every_partner()) or "none yet"
        raise click.ClickException(f"There is no partner {name!r}. There are: {names}.")
    return found[0]


def _cohort(name: str) -> Cohort:
    """The latest group of that name, or the one with that number."""
    named = Cohort.id == int(name) if name.isdigit() else Cohort.public_name == name
    found = db.session.scalar(select(Cohort).where(named).order_by(Cohort.first_day.desc()))
    if found is None:
        raise click.ClickException(f"There is no group {name!r}.")
    return found
