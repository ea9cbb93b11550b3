"""Paired comparisons as an evaluator expects them. Only the worker and the command line come
here: scipy is imported where it is needed, so that no web process ever loads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isfinite, sqrt

from programme.questionnaires.instrument import Comparator, Direction, Reliability

Pair = tuple[float, float]


@dataclass(frozen=True)
class Summary:
    """How many, their mean, and the standard deviation (n − 1) where there are two or more."""

    n: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True)
class Paired:
    """A change in the same people. The interval is Student's, 95 %, n − 1 degrees of freedom.

    `d_av` is the difference over the mean of the two standard deviations; `d_z` over the
    standard deviation of the differences. None: it cannot be worked out.
    """

    n: int
    mean_before: float | None
    sd_before: float | None
    mean_after: float | None
    sd_after: float | None
    difference: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    t: float | None = None
    p: float | None = None
    d_av: float | None = None
    d_z: float | None = None


@dataclass(frozen=True)
class ReliableChange:
    """How many changed by more than chance alone, by the published threshold."""

    improved: int
    unchanged: int
    deteriorated: int


def summarise(values: Sequence[float]) -> Summary:
    """Mean and standard deviation."""
    if not values:
        return Summary(0, None, None)
    mean = fsum(values) / len(values)
    return Summary(len(values), mean, _deviation(values, mean))


def compare(pairs: Sequence[Pair]) -> Paired:
    """What changed from the first to the second of each pair."""
    before = summarise([one for one, _ in pairs])
    after = summarise([other for _, other in pairs])
    change = summarise([other - one for one, other in pairs])
    plain = (before.mean, before.sd, after.mean, after.sd, change.mean)
    if change.mean is None or change.sd is None or before.sd is None or after.sd is None:
        return Paired(change.n, *plain)
    error = change.sd / sqrt(change.n)
    reach = _t_quantile(change.n - 1) * error
    t = _over(change.mean, error)
    return Paired(
        change.n,
        *plain,
        ci_low=change.mean - reach,
        ci_high=change.mean + reach,
        t=t,
        p=None if t is None else _two_sided(t, change.n - 1),
        d_av=_over(change.mean, (before.sd + after.sd) / 2),
        d_z=_over(change.mean, change.sd),
    )


def reliable_change(
    pairs: Sequence[Pair], known: Reliability, direction: Direction
) -> ReliableChange | None:
    """Improved, unchanged, deteriorated; None where no threshold was published."""
    if known.mdc is None:
        return None
    sign = 1 if direction is Direction.HIGHER_IS_BETTER else -1
    gains = [sign * (other - one) for one, other in pairs]
    improved = sum(_reaches(gain, known.mdc, known.comparator) for gain in gains)
    deteriorated = sum(_reaches(-gain, known.mdc, known.comparator) for gain in gains)
    return ReliableChange(improved, len(gains) - improved - deteriorated, deteriorated)


def _reaches(gain: float, threshold: float, comparator: Comparator) -> bool:
    return gain >= threshold if comparator is Comparator.AT_LEAST else gain > threshold


def _deviation(values: Sequence[float], mean: float) -> float | None:
    if len(values) < 2:
        return None
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _over(value: float, by: float) -> float | None:
    """None instead of a number that is none."""
    return value / by if by and isfinite(value / by) else None


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def _two_sided(t: float, df: int) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))
