"""Arithmetic that says None instead of a number that is none."""

from collections.abc import Sequence
from math import fsum, isfinite, sqrt


def over(value: float, by: float) -> float | None:
    """A quotient, where there is one."""
    return value / by if by and isfinite(value / by) else None


def changes_of(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """Second less first. Equal changes come out equal: 1.1 − −0.2 is as much as 0.1 − −1.2."""
    return [round(other - one, 9) for one, other in pairs]


def deviation(values: Sequence[float], mean: float) -> float | None:
    """The standard deviation (n − 1); exactly 0 where all are equal."""
    if len(values) < 2:
        return None
    if min(values) == max(values):
        return 0.0
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
