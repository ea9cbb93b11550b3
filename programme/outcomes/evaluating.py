"""A table of totals, before, after and three months later, as figures of what changed."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from programme.outcomes.rules import PAIRS, SMALL_SAMPLE
from programme.outcomes.statistics import compare, reliable_change
from programme.outcomes.telling import NO_CONTROL, SMALL
from programme.outcomes.wilcoxon import EXACT_UNTIL
from programme.questionnaires.instrument import Instrument, ScoreRule
from programme.questionnaires.rules import Wave
from programme.questionnaires.scoring import reach_of_total, score_of_total
from programme.questionnaires.tables import Problem, Table, TableError, fold, read_number

GENERIC = "generic"
"""Totals of anything: nothing is scored, and there is no reliable change."""
NOT_AVAILABLE = "not available"
"""Said of reliable change where no threshold is published."""
METHODS = {
    "interval": "Student's t, 95 %, n − 1 degrees of freedom",
    "d_av": "difference over the mean of both standard deviations; g_av with Hedges' exact J",
    "d_z": "difference over the standard deviation of the differences; interval by noncentral t",
    "wilcoxon": "signed ranks; pairs without a change are left out (Wilcoxon's rule); "
    f"exact up to {EXACT_UNTIL} changes, ties included, then the normal approximation",
}
ALIASES = {"3months": Wave.THREE_MONTHS, "followup": Wave.THREE_MONTHS}
Convert = Callable[[str], tuple[float | None, str | None]]
"""A cell as a number, or None; and why not, in a sentence."""


@dataclass(frozen=True)
class Measure:
    """What a table of totals is taken for. Without an instrument: numbers as they are."""

    instrument: Instrument | None = None
    rule: ScoreRule | None = None

    def convert(self, text: str) -> tuple[float | None, str | None]:
        value = read_number(text)
        if value is None:
            return None, f"“{text}” is not a number." if text else None
        if self.instrument is None or self.rule is None:
            return value, None
        low, high = reach_of_total(self.instrument, self.rule)
        if not value.is_integer() or not low <= value <= high:
            return None, f"{text} is not a raw total, a whole number from {low} to {high}."
        return score_of_total(self.rule, int(value)), None


def measure(instrument: Instrument, score_id: str | None) -> Measure:
    """The score that a table of an instrument's totals is about.

    Raises:
        TableError: there is no such score, or several and none was named.
    """
    named = [rule for rule in instrument.scores if rule.id == score_id]
    found = named if score_id else _widest(instrument)
    if len(found) == 1:
        return Measure(instrument, found[0])
    known = ", ".join(rule.id for rule in instrument.scores)
    what = f"no score {score_id!r}" if score_id else "no total for all its questions"
    raise TableError(f"{instrument.id} has {what}: name one of {known} with --score.")


def _widest(instrument: Instrument) -> list[ScoreRule]:
    """Of the reported scores, those of the most items."""
    reported = [rule for rule in instrument.scores if rule.is_reported]
    most = max(len(rule.items) for rule in reported)
    return [rule for rule in reported if len(rule.items) == most]


def evaluate_table(table: Table, of: Measure) -> dict[str, Any]:
    """Everything about a table, as it is printed as JSON.

    Raises:
        TableError: a column is missing.
    """
    problems: list[Problem] = []
    waves = _wave_columns(table, problems)
    people = _people(table, waves, of.convert, problems)
    pairs = {name: _pair(people, *ends, of) for name, ends in PAIRS.items()}
    is_small = any(pair["n"] < SMALL_SAMPLE for pair in pairs.values())
    return {
        **_about(of),
        "participants": len(people),
        "pairs": pairs,
        "methods": METHODS,
        "warnings": [*([SMALL] if is_small else []), NO_CONTROL],
        "problems": [asdict(one) for one in sorted(problems, key=lambda one: one.row)],
    }


def _about(of: Measure) -> dict[str, Any]:
    if of.instrument is None or of.rule is None:
        return {"instrument": GENERIC, "scale": None}
    low, high = reach_of_total(of.instrument, of.rule)
    known = of.rule.reliability
    return {
        "instrument": of.instrument.id,
        "version": of.instrument.version,
        "scale": {
            "score": of.rule.id,
            "label": of.rule.label,
            "low": of.rule.low,
            "high": of.rule.high,
            "direction": of.rule.direction,
            "from": f"raw totals, {low} to {high}",
        },
        "reliable_threshold": known.threshold,
        "reliable_source": known.source if known.threshold is not None else None,
    }


def _wave_columns(table: Table, problems: list[Problem]) -> dict[Wave, int]:
    found: dict[Wave, int] = {}
    named = {fold(wave): wave for wave in Wave} | ALIASES
    who = table.column_of_participants()
    for column, heading in enumerate(table.headings):
        wave = named.get(fold(heading))
        if wave and wave not in found:
            found[wave] = column
        elif heading and column != who:
            why = "This column is not read: wanted are before, after and three_months, once each."
            problems.append(Problem(table.heading_row, heading, why))
    if Wave.BEFORE not in found or len(found) < 2:
        raise TableError("There must be a column `before`, and `after` or `three_months`.")
    return found


def _people(
    table: Table, waves: Mapping[Wave, int], convert: Convert, problems: list[Problem]
) -> list[dict[Wave, float]]:
    """Everybody's values by wave, where there is one."""
    people = []
    for _, row in table.people(problems):
        values = {}
        for wave, column in waves.items():
            value, why = convert(table.cell(row, column))
            if value is not None:
                values[wave] = value
            if why:
                problems.append(Problem(row.number, table.headings[column], why))
        people.append(values)
    return people


def _pair(
    people: list[dict[Wave, float]], first: Wave, second: Wave, of: Measure
) -> dict[str, Any]:
    both = [(one[first], one[second]) for one in people if first in one and second in one]
    found = asdict(compare(both))
    if of.rule is None:
        return found
    reliable = reliable_change(both, of.rule.reliability, of.rule.direction)
    return found | {"reliable": asdict(reliable) if reliable else NOT_AVAILABLE}
