"""score and evaluate: figures from a file, without an instance and without a secret."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from programme.outcomes.evaluating import GENERIC, Measure, evaluate_table, measure
from programme.outcomes.telling import PAIR_LABELS
from programme.questionnaires.instrument import Instrument
from programme.questionnaires.instrument_files import find_instrument, instrument_names
from programme.questionnaires.scoring_tables import ScoredTable, score_table
from programme.questionnaires.tables import Table, read_table

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help="Score answers: FILE has a row for each participant, a column for each item.")
@click.argument("file", type=FILE)
@click.option("--instrument", "name", required=True, help="Which one, such as swemwbs or who5@1.")
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def score(file: Path, name: str, as_json: bool) -> None:
    instrument = _instrument(name)
    found = score_table(instrument, _read(file))
    if as_json:
        click.echo(json.dumps(_scores(instrument, found), ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_score_lines(instrument, found)))


@click.command(help="Say what changed: FILE holds participant, before, after and three_months.")
@click.argument("file", type=FILE)
@click.option("--instrument", "name", required=True, help=f"Whose raw totals; or {GENERIC}.")
@click.option("--score", "score_id", help="Which of its scores, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(file: Path, name: str, score_id: str | None, as_json: bool) -> None:
    of = Measure() if name == GENERIC else measure(_instrument(name), score_id)
    found = evaluate_table(_read(file), of)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False, indent=2))
    else:
        click.echo("\n".join(_lines(found)))


def _instrument(name: str) -> Instrument:
    """By its name, however it is written: GAD-7 is gad7."""
    ident, at, version = name.partition("@")
    names = instrument_names()
    plain = ident.casefold().replace("-", "")
    for known in names:
        if plain == known.replace("-", ""):
            return find_instrument(f"{known}{at}{version}")
    raise click.ClickException(f"There is no instrument {name!r}. There are {', '.join(names)}.")


def _read(file: Path) -> Table:
    return read_table(file.read_bytes())


def _scores(instrument: Instrument, found: ScoredTable) -> dict[str, Any]:
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "scores": [{"participant": one.participant, **one.scores} for one in found.scored],
        "note": instrument.note or None,
        "problems": [asdict(problem) for problem in found.problems],
    }


def _score_lines(instrument: Instrument, found: ScoredTable) -> list[str]:
    names = [rule.id for rule in instrument.scores]
    lines = ["\t".join(["participant", *names])]
    for one in found.scored:
        lines.append("\t".join([one.participant, *(_shown(one.scores[name]) for name in names)]))
    lines += [instrument.note] if instrument.note else []
    return [*lines, *_problem_lines([asdict(problem) for problem in found.problems])]


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [found["scale"]["label"] if found["scale"] else "Numbers as they stand in the file"]
    for name, pair in found["pairs"].items():
        figures = {key: value for key, value in pair.items() if value is not None}
        lines += ["", PAIR_LABELS[name]]
        lines += [f"  {key}: {_shown(value)}" for key, value in figures.items()]
    return [*lines, "", *found["warnings"], *_problem_lines(found["problems"])]


def _problem_lines(problems: list[dict[str, Any]]) -> list[str]:
    return [f"Row {one['row']}, {one['field']}: {one['message']}" for one in problems]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in value.items())
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
