"""dispatch-list: what must go by a day, as a table, a file for the carrier, or labels."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.settings import read_settings
from programme.parcels import carrier
from programme.parcels.actions import take_addresses
from programme.parcels.dispatch_list import Group, Row, every_group
from programme.parcels.papers import STOCKS, Sheet, labels
from programme.parcels.queries import Filter
from programme.parcels.rules import READY, ParcelState

NOT_CANCELLED = tuple(state for state in ParcelState if state is not ParcelState.CANCELLED)


@click.command(name="dispatch-list", help="List the parcels that must go by a day.")
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "click-and-drop", "labels"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--stock", type=click.Choice(list(STOCKS)), default="L7160", show_default=True)
@click.option("--start", type=click.IntRange(1), default=1, help="The first label to use.")
@click.option("--all", "with_gone", is_flag=True, help="Also those that have gone.")
@click.option("--json", "as_json", is_flag=True, help="Print states and problems, no addresses.")
def dispatch_list(
    due: datetime,
    form: str,
    out: Path | None,
    stock: str,
    start: int,
    with_gone: bool,
    as_json: bool,
) -> None:
    if form == "labels" and out is None:
        raise click.ClickException("Say where the labels go: --out labels.pdf")
    chosen = Filter(due_by=due.date())
    with create_app(read_settings()).app_context():
        if form in ("csv", "click-and-drop", "labels"):
            made = _made(chosen, form, Sheet(stock=STOCKS[stock], start=start))
            _write(made.content, out)
            for sentence in made.left_out:
                click.echo(sentence, err=True)
            db.session.commit()
        if form == "table" or as_json:
            states = NOT_CANCELLED if with_gone else chosen.states
            _report(every_group(COMMAND_LINE, Filter(due_by=due.date(), states=states)), due.date(),
                    out if form == "table" else None, as_json=as_json)  # fmt: skip


@dataclass(frozen=True)
class _Made:
    content: bytes
    left_out: tuple[str, ...]


def _made(chosen: Filter, form: str, sheet: Sheet) -> _Made:
    """A file with addresses in it; that it was made is written down."""
    if sheet.start > sheet.stock.count:
        raise click.ClickException(f"{sheet.stock.name} has {sheet.stock.count} labels.")
    at = clock.now()
    what = "labels" if form == "labels" else "list"
    job = take_addresses(chosen, what=what, by=COMMAND_LINE, at=at)
    if form == "labels":
        printed = labels(job.rows, sheet, at)
        return _Made(printed.pdf, (*job.left_out, *printed.left_out))
    layout = carrier.plain_table if form == "csv" else carrier.click_and_drop
    text, warnings = layout(job.rows)
    return _Made(text.encode("utf-8-sig"), (*job.left_out, *warnings))


def _write(content: bytes, out: Path | None) -> None:
    if out:
        out.write_bytes(content)
    else:
        click.echo(content.decode("utf-8-sig"), nl=False)


def _report(groups: tuple[Group, ...], due: date, out: Path | None, *, as_json: bool) -> None:
    text = _as_json(groups, due) if as_json else _as_table(groups, due)
    _write(f"{text}\n".encode(), out)


def _as_json(groups: tuple[Group, ...], due: date) -> str:
    parcels = [_facts(group, row) for group in groups for row in group.rows]
    ready = sum(row.state in READY for group in groups for row in group.rows)
    report = {"due": due.isoformat(), "ready": ready, "all": len(parcels), "parcels": parcels}
    return json.dumps(report, ensure_ascii=False)


def _facts(group: Group, row: Row) -> dict[str, object]:
    return {
        "reference": row.reference,
        "cohort": group.cohort,
        "due_on": group.due_on.isoformat(),
        "known_as": row.names,
        "booklets": row.booklets,
        "state": row.state.value,
        "note": row.note,
        "stopped_because": row.stopped_because,
    }


def _as_table(groups: tuple[Group, ...], due: date) -> str:
    lines = [_line(group, row) for group in groups for row in group.rows]
    return "\n".join(lines) or f"No parcels must go by {due:%-d %B %Y}."


def _line(group: Group, row: Row) -> str:
    facts = row.stopped_because or row.note
    written = (
        f"{group.due_on}  {row.reference}  {row.state_label:<11} {group.cohort:<20} {row.names}"
    )
    return f"{written}  {facts}".rstrip()
