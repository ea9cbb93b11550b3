"""Figures as words, drawings and rows of a table. Nothing here can tell about one person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from programme.outcomes.models import Figures
from programme.outcomes.queries import CohortCounts
from programme.outcomes.rules import FEW, PAIRS, SMALL_SAMPLE, is_told_by_the_rest
from programme.questionnaires.instrument import Direction, Instrument, ScoreRule
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.rules import WAVE_LABELS, Wave

PAIR_LABELS = {
    "before_after": "From before to after",
    "before_three_months": "From before to three months later",
}
NO_CONTROL = "No control group: the change cannot be put down to the programme alone."
SMALL = (
    f"Fewer than {SMALL_SAMPLE} people answered both times: "
    "read this as a sign of a direction, not as a finding."
)
NONE = "–"
Write = Callable[[float], str]


@dataclass(frozen=True)
class Comparison:
    """One change. Without figures when too few answered both times."""

    label: str
    n: int
    sentences: tuple[str, ...]
    row: tuple[str, ...]
    difference: float | None
    low: float | None
    high: float | None

    @property
    def has_figures(self) -> bool:
        return self.difference is not None


@dataclass(frozen=True)
class Line:
    """One line of the drawing: a mean for each wave, or None."""

    name: str
    points: tuple[float | None, ...]


@dataclass(frozen=True)
class MeasureOutcomes:
    """One measure, ready to show."""

    label: str
    about: str
    is_validated: bool
    notice: str
    lowest: float
    highest: float
    comparisons: tuple[Comparison, ...]
    lines: tuple[Line, ...]
    wave_rows: tuple[tuple[str, ...], ...]
    worked_out_at: datetime


@dataclass(frozen=True)
class CohortOutcomes:
    counts: CohortCounts
    wave_rows: tuple[tuple[str, ...], ...]
    measures: tuple[MeasureOutcomes, ...]
    warnings: tuple[str, ...]


def tell(counts: CohortCounts, figures: Sequence[Figures]) -> CohortOutcomes:
    """Everything that is shown of a cohort."""
    measures = tuple(_measure(row) for row in figures if _is_reported(row))
    pairs = [one for measure in measures for one in measure.comparisons if one.n]
    is_small = any(one.n < SMALL_SAMPLE for one in pairs)
    return CohortOutcomes(
        counts=counts,
        wave_rows=tuple(_wave_row(wave, counts) for wave in Wave),
        measures=measures,
        warnings=(*((SMALL,) if is_small else ()), NO_CONTROL) if measures else (),
    )


def _is_reported(row: Figures) -> bool:
    return find_instrument(row.instrument).score(row.score).is_reported


def _wave_row(wave: Wave, counts: CohortCounts) -> tuple[str, ...]:
    found = counts.waves.get(wave)
    if found is None:
        return WAVE_LABELS[wave], "not asked yet", NONE
    return WAVE_LABELS[wave], f"{found.answered} of {found.asked}", str(found.late or "none")


def _measure(row: Figures) -> MeasureOutcomes:
    instrument = find_instrument(row.instrument)
    rule = instrument.score(row.score)
    found = row.aggregates
    return MeasureOutcomes(
        label=rule.label,
        about=_about(rule),
        is_validated=instrument.is_validated,
        notice=_notice(instrument),
        lowest=rule.low,
        highest=rule.high,
        comparisons=tuple(_comparison(name, found["pairs"][name], rule) for name in PAIRS),
        lines=_lines(found, rule),
        wave_rows=tuple(_mean_row(wave, found, rule) for wave in Wave),
        worked_out_at=row.worked_out_at,
    )


def _about(rule: ScoreRule) -> str:
    better = "higher" if rule.direction is Direction.HIGHER_IS_BETTER else "lower"
    return f"From {rule.low:g} to {rule.high:g}; {better} is better."


def _notice(instrument: Instrument) -> str:
    return f"{instrument.citation} {instrument.licence.notice}"


def _comparison(name: str, pair: dict[str, Any], rule: ScoreRule) -> Comparison:
    n, label = pair["n"], PAIR_LABELS[name]
    if n < FEW or pair["ci_low"] is None:
        empty = (label, str(n), *(NONE for _ in range(5)))
        return Comparison(label, n, (_too_few(n),), empty, None, None, None)
    show = _number(rule)
    interval = f"{_signed(pair['ci_low'], show)} to {_signed(pair['ci_high'], show)}"
    sizes = (_size(pair["d_av"]), _size(pair["d_z"]))
    means = (_mean(pair, "before", show), _mean(pair, "after", show))
    change = f"{_signed(pair['difference'], show)} ({interval})"
    sentences = (_change_in_words(n, pair, rule), _interval_in_words(pair, interval))
    return Comparison(
        label=label,
        n=n,
        sentences=(*sentences, _reliable_in_words(pair["reliable"], rule)),
        row=(label, str(n), *means, change, *sizes),
        difference=pair["difference"],
        low=pair["ci_low"],
        high=pair["ci_high"],
    )


def _too_few(n: int) -> str:
    if n == 0:
        return "Nobody has answered both times yet."
    who = "One person has" if n == 1 else f"{n} people have"
    return (
        f"{who} answered both times. With fewer than {FEW}, a mean would say more about them "
        "than about the group, so none is shown."
    )


def _change_in_words(n: int, pair: dict[str, Any], rule: ScoreRule) -> str:
    show, change = _number(rule), pair["difference"]
    ends = f"from {show(pair['mean_before'])} to {show(pair['mean_after'])}"
    if show(abs(change)) == show(0):
        return f"For the {n} people who answered both times, the mean did not move: {ends}."
    moved = f"{'rose' if change > 0 else 'fell'} by {show(abs(change))}"
    return f"For the {n} people who answered both times, the mean {moved}, {ends}."


def _interval_in_words(pair: dict[str, Any], interval: str) -> str:
    zero = "It reaches zero: there may have been no change."
    reading = zero if pair["ci_low"] <= 0 <= pair["ci_high"] else "It does not reach zero."
    return f"The 95 % interval of that change is {interval}. {reading}"


def _reliable_in_words(reliable: dict[str, int] | None, rule: ScoreRule) -> str:
    if reliable is None:
        return "Reliable change is not available: no threshold is published for this measure."
    return (
        f"By the published threshold of {rule.reliability.threshold:g} points: "
        f"{reliable['improved']} improved, {reliable['unchanged']} unchanged, "
        f"{reliable['deteriorated']} deteriorated."
    )


def _lines(found: dict[str, Any], rule: ScoreRule) -> tuple[Line, ...]:
    """Those who answered every time, drawn strong; everybody who answered, beside them."""
    every_time, n = found["every_time"], found["every_time"][Wave.BEFORE]["n"]
    lines = []
    if n >= FEW:
        points = tuple(_rounded(every_time[wave]["mean"], rule) for wave in Wave)
        lines.append(Line(f"the {n} who answered all three times", points))
    everybody = tuple(
        _rounded(found["waves"][wave]["mean"], rule) if _may_show_all(wave, found) else None
        for wave in Wave
    )
    if any(point is not None for point in everybody):
        lines.append(Line("everybody who answered that time", everybody))
    return tuple(lines)


def _mean_row(wave: Wave, found: dict[str, Any], rule: ScoreRule) -> tuple[str, ...]:
    everybody, show = found["waves"][wave], _number(rule)
    if not _may_show_all(wave, found):
        return WAVE_LABELS[wave], str(everybody["n"]), NONE
    return (
        WAVE_LABELS[wave],
        str(everybody["n"]),
        f"{show(everybody['mean'])} ({show(everybody['sd'])})",
    )


def _may_show_all(wave: Wave, found: dict[str, Any]) -> bool:
    """Not of few, and not when one other person's score could be worked out from it."""
    n = found["waves"][wave]["n"]
    parts = [found["pairs"][name]["n"] for name, ends in PAIRS.items() if wave in ends]
    parts.append(found["every_time"][wave]["n"])
    return n >= FEW and not any(
        part >= FEW and is_told_by_the_rest(n, part, at_least=2) for part in parts
    )


def _mean(pair: dict[str, Any], when: str, show: Write) -> str:
    return f"{show(pair[f'mean_{when}'])} ({show(pair[f'sd_{when}'])})"


def _number(rule: ScoreRule) -> Write:
    """How to write a score: more decimals on a short scale."""
    decimals = _decimals(rule)
    return lambda value: f"{value:.{decimals}f}"


def _decimals(rule: ScoreRule) -> int:
    return 2 if rule.high - rule.low <= 10 else 1


def _rounded(value: float, rule: ScoreRule) -> float:
    return round(value, _decimals(rule))


def _signed(value: float, show: Write) -> str:
    """With its sign; a true minus, as in print."""
    size = show(abs(value))
    return size if size == show(0) else ("−" if value < 0 else "+") + size


def _size(value: float | None) -> str:
    return NONE if value is None else _signed(value, lambda size: f"{size:.2f}")
