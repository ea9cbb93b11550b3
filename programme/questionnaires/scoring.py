"""Scoring as published. Pure: answers in, one number out, or None where the rule gives none."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from programme.questionnaires.instrument import Instrument, Method, Prorate, ScoreRule

Answers = Mapping[str, int | None]
"""Item to the value chosen. Missing, or None, is an item that was not answered."""


def score_all(instrument: Instrument, answers: Answers) -> dict[str, float | None]:
    """Every score of an instrument."""
    return {rule.id: score(instrument, rule, answers) for rule in instrument.scores}


def score(instrument: Instrument, rule: ScoreRule, answers: Answers) -> float | None:
    """One score, or None when too few items were answered."""
    if rule.parts:
        return _added_up(instrument, rule, answers)
    points = _points(instrument, rule, answers)
    if not points or len(points) < rule.min_answered:
        return None
    return _rounded(_value(rule, points), rule.decimals)


def score_of_total(rule: ScoreRule, total: int) -> float:
    """The score that belongs to the sum of all its items, as a table of totals holds it."""
    is_mean = rule.method is Method.MEAN
    value = total / len(rule.items) if is_mean else _of_total(rule, total)
    return _rounded(value, rule.decimals)


def reach_of_total(instrument: Instrument, rule: ScoreRule) -> tuple[int, int]:
    """The lowest and the highest sum of a score's items."""
    items = [instrument.item(name) for name in rule.items]
    return sum(item.lowest for item in items), sum(item.highest for item in items)


def _added_up(instrument: Instrument, rule: ScoreRule, answers: Answers) -> float | None:
    """The sum of other scores, each rounded first; None when one of them is missing."""
    parts = [score(instrument, instrument.score(name), answers) for name in rule.parts]
    found = [part for part in parts if part is not None]
    return sum(found) if len(found) == len(parts) else None


def _points(instrument: Instrument, rule: ScoreRule, answers: Answers) -> list[int]:
    items = [instrument.item(name) for name in rule.items]
    given = [(item, answers.get(item.id)) for item in items]
    return [item.points(value) for item, value in given if value is not None]


def _value(rule: ScoreRule, points: list[int]) -> float:
    if rule.method is Method.MEAN:
        return sum(points) / len(points)
    return _of_total(rule, _total(rule, points))


def _of_total(rule: ScoreRule, total: float) -> float:
    if rule.method is Method.LOOKUP:
        return dict(rule.lookup)[round(total)]
    return total * rule.factor


def _total(rule: ScoreRule, points: list[int]) -> float:
    """The sum, with what was left out made up for as the rule says."""
    total, asked, answered = sum(points), len(rule.items), len(points)
    if rule.prorate is Prorate.NONE or answered == asked:
        return total
    return total * asked / answered


def _rounded(value: float, decimals: int | None) -> float:
    """Halves go up, as published tables round by hand (Python's own would go to even)."""
    if decimals is None:
        return value
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))
