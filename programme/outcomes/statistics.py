"""Paired comparisons as an evaluator expects them. Only the worker and the command line come
here: scipy is imported where it is needed, so that no web process ever loads it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import fsum, sqrt

from programme.outcomes.effects import effects
from programme.outcomes.numbers import changes_of, deviation, over
from programme.outcomes.wilcoxon import SignedRanks, signed_ranks
from programme.questionnaires.instrument import Direction, Reliability

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

    None: it cannot be worked out, and `reason` says why. Effect sizes are as in effects.py, the
    figures of Wilcoxon's test as in wilcoxon.py.
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
    d_av_low: float | None = None
    d_av_high: float | None = None
    g_av: float | None = None
    g_av_low: float | None = None
    g_av_high: float | None = None
    d_z: float | None = None
    d_z_low: float | None = None
    d_z_high: float | None = None
    wilcoxon_w: float | None = None
    wilcoxon_p: float | None = None
    wilcoxon_zeros: int | None = None
    wilcoxon_is_exact: bool | None = None
    reason: str | None = None


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
    return Summary(len(values), mean, deviation(values, mean))


def compare(pairs: Sequence[Pair]) -> Paired:
    """What changed from the first to the second of each pair."""
    before = summarise([one for one, _ in pairs])
    after = summarise([other for _, other in pairs])
    changes = changes_of(pairs)
    change = summarise(changes)
    plain = {
        "n": change.n,
        "mean_before": before.mean,
        "sd_before": before.sd,
        "mean_after": after.mean,
        "sd_after": after.sd,
        "difference": change.mean,
        "reason": _why_not(change),
    }
    if change.mean is None or change.sd is None or before.sd is None or after.sd is None:
        return Paired(**plain)  # type: ignore[arg-type]
    sizes = effects(
        n=change.n,
        change=change.mean,
        sd_change=change.sd,
        sd_mean=(before.sd + after.sd) / 2,
    )
    tests = _student(change.n, change.mean, change.sd) | _wilcoxon(signed_ranks(changes))
    return Paired(**plain, **tests, **asdict(sizes))  # type: ignore[arg-type]


def _student(n: int, mean: float, sd: float) -> dict[str, float | None]:
    error = sd / sqrt(n)
    reach = _t_quantile(n - 1) * error
    t = over(mean, error)
    p = None if t is None else _two_sided(t, n - 1)
    return {"ci_low": mean - reach, "ci_high": mean + reach, "t": t, "p": p}


def _wilcoxon(found: SignedRanks) -> dict[str, float | None]:
    return {
        "wilcoxon_w": found.w,
        "wilcoxon_p": found.p,
        "wilcoxon_zeros": found.zeros,
        "wilcoxon_is_exact": found.is_exact,
    }


def _why_not(change: Summary) -> str | None:
    """Why some figures are missing, in a sentence; None when none is."""
    if change.n < 2:
        who = "Nobody has" if change.n == 0 else "One person has"
        return f"{who} both values: there is no spread, and so no interval, test or effect size."
    if change.sd == 0 and change.mean == 0:
        return "Nobody changed: there is no t, no Wilcoxon test and no d_z."
    if change.sd == 0:
        return "Everybody changed by the same: there is no t and no d_z."
    if change.n == 2:
        return "Two people are too few for Hedges' correction: there is no g_av."
    return None


def reliable_change(
    pairs: Sequence[Pair], known: Reliability, direction: Direction
) -> ReliableChange | None:
    """Improved, unchanged, deteriorated; None where no threshold was published."""
    if known.threshold is None:
        return None
    sign = 1 if direction is Direction.HIGHER_IS_BETTER else -1
    gains = [sign * change for change in changes_of(pairs)]
    improved = sum(known.is_reached_by(gain) for gain in gains)
    deteriorated = sum(known.is_reached_by(-gain) for gain in gains)
    return ReliableChange(improved, len(gains) - improved - deteriorated, deteriorated)


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def _two_sided(t: float, df: int) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))
