"""read-attendance: what a meeting service's report says of one evening, without an instance."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from programme.foundation.settings import Settings
from programme.registers.reports.reading import read_report
from programme.registers.reports.report import Evening, NotAReport, Person, Report

CLOCK = click.DateTime(["%H:%M", "%H:%M:%S"])


@click.command("read-attendance", help="Read an attendance report of Zoom, Teams or Google Meet.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--date", "day", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--start", required=True, type=CLOCK, help="When the session began, as 19:00.")
@click.option(
    "--end", required=True, type=CLOCK, help="When it ended: minutes outside do not count."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def read_attendance(
    file: Path, day: datetime, start: datetime, end: datetime, as_json: bool
) -> None:
    evening = Evening(day.date(), start.time(), end.time(), Settings().zone)
    try:
        report = read_report(file.read_bytes(), evening)
    except NotAReport as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(_as_data(report), ensure_ascii=False) if as_json else _as_table(report))


def _as_data(report: Report) -> dict[str, Any]:
    return {
        "people": [_person(person) for person in report.people],
        "ignored": [
            {"name": each.name, "row": each.row, "reason": each.reason} for each in report.ignored
        ],
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "staff": person.is_staff,
        "other_names": list(person.other_names),
        "intervals": _intervals(person),
        "minutes_in_session": person.minutes_in_session,
    }


def _intervals(person: Person) -> list[list[str]]:
    return [[f"{joined:%H:%M:%S}", f"{left:%H:%M:%S}"] for joined, left in person.intervals]


def _as_table(report: Report) -> str:
    """The same for people: minutes, name, what else is known, and when."""
    lines = [f"{person.minutes_in_session:6.1f}  {_told(person)}" for person in report.people]
    if report.ignored:
        lines += ["", "Not counted"]
    lines += [f"  row {each.row}: {each.name or '–'}. {each.reason}" for each in report.ignored]
    return "\n".join(lines)


def _told(person: Person) -> str:
    also = f"also {', '.join(person.other_names)}" if person.other_names else ""
    when = ", ".join(f"{joined}–{left}" for joined, left in _intervals(person))
    parts = [person.name, person.email, "staff" if person.is_staff else "", also, when]
    return "; ".join(part for part in parts if part)
