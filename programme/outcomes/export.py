"""Figures as they may leave the charity: what tells about few people is hidden."""

from collections.abc import Sequence
from typing import Any

from programme.outcomes.models import Figures
from programme.outcomes.queries import CohortCounts, WaveCount
from programme.outcomes.rules import (
    FEW,
    PAIRS,
    hide_few,
    hide_few_of,
    is_told_by_the_rest,
    without_figures,
)
from programme.outcomes.telling import NO_CONTROL
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.rules import Wave

COUNTS_OF_FEW = {"wilcoxon_zeros"}
"""How many did not change at all, which is often one or two: for use inside only."""


def export(
    counts: CohortCounts, figures: Sequence[Figures], *, is_internal: bool
) -> dict[str, Any]:
    """One cohort's outcomes. `is_internal`: nothing is hidden, and it says so."""
    measures = [(row, find_instrument(row.instrument)) for row in figures]
    return {
        "cohort": counts.id,
        "name": counts.name,
        "term": counts.term,
        "internal": is_internal,
        "enrolled": counts.enrolled if is_internal else hide_few(counts.enrolled),
        "waves": {wave: _wave(counts.waves.get(wave), is_internal) for wave in Wave},
        "measures": [
            {
                "instrument": row.instrument,
                "score": row.score,
                "label": instrument.score(row.score).label,
                "is_reported": instrument.score(row.score).is_reported,
                "is_validated": instrument.is_validated,
                "notice": instrument.licence.notice,
                **(row.aggregates if is_internal else hide_small_numbers(row.aggregates)),
            }
            for row, instrument in measures
        ],
        "note": NO_CONTROL,
    }


def _wave(count: WaveCount | None, is_internal: bool) -> dict[str, int | str]:
    if count is None:
        return {"asked": 0, "answered": 0}
    shown = {"asked": count.asked, "answered": count.answered}
    return dict(shown) if is_internal else {name: hide_few(n) for name, n in shown.items()}


def hide_small_numbers(aggregates: dict[str, Any]) -> dict[str, Any]:
    """Without whatever tells about fewer than five people, or lets it be worked out."""
    pairs = {name: _pair(pair) for name, pair in aggregates["pairs"].items()}
    every_time = aggregates["every_time"]
    return {
        "waves": {
            wave: _summary(found, _parts(aggregates, wave))
            for wave, found in aggregates["waves"].items()
        },
        "pairs": pairs,
        "every_time": {wave: _summary(found, []) for wave, found in every_time.items()},
    }


def _parts(aggregates: dict[str, Any], wave: str) -> list[int]:
    """How many of those who answered that time are counted in a comparison as well."""
    pairs = [aggregates["pairs"][name]["n"] for name, ends in PAIRS.items() if wave in ends]
    return [*pairs, aggregates["every_time"][wave]["n"]]


def _summary(found: dict[str, Any], parts: list[int]) -> dict[str, Any]:
    n = found["n"]
    shown = [part for part in parts if part >= FEW]
    if n < FEW or any(is_told_by_the_rest(n, part, at_least=FEW) for part in shown):
        return {"n": hide_few(n)}
    return found


def _pair(pair: dict[str, Any]) -> dict[str, Any]:
    if pair["n"] < FEW:
        return without_figures(pair)
    reliable = pair["reliable"]
    shown = {name: value for name, value in pair.items() if name not in COUNTS_OF_FEW}
    return shown | {"reliable": hide_few_of(reliable) if reliable else None}
