"""Effect sizes of a change in the same people, with their intervals.

`d_z` is the mean change over the standard deviation of the changes; `d_av` over the mean of the
two standard deviations, which other studies can be compared with; `g_av` is `d_av` times Hedges'
exact correction J for small samples. The interval of `d_z` is that of the noncentral t
distribution; those of `d_av` and `g_av` are the same in their own units (after Algina and
Keselman, 2003).
"""

from dataclasses import dataclass
from math import exp, isfinite, lgamma, sqrt

from programme.outcomes.numbers import over

EDGES = (0.975, 0.025)


@dataclass(frozen=True)
class Effects:
    """None: it cannot be worked out."""

    d_av: float | None = None
    d_av_low: float | None = None
    d_av_high: float | None = None
    g_av: float | None = None
    g_av_low: float | None = None
    g_av_high: float | None = None
    d_z: float | None = None
    d_z_low: float | None = None
    d_z_high: float | None = None


def effects(*, n: int, change: float, sd_change: float, sd_mean: float) -> Effects:
    """Of a mean change in n people. `sd_mean`: the mean of both standard deviations."""
    d_z, d_av = over(change, sd_change), over(change, sd_mean)
    low, high = (None, None) if d_z is None else interval_of_d_z(d_z, n)
    unit, j = over(sd_change, sd_mean), hedges_j(n - 1)
    return Effects(
        d_av=d_av,
        d_av_low=_times(low, unit),
        d_av_high=_times(high, unit),
        g_av=_times(d_av, j),
        g_av_low=_times(_times(low, unit), j),
        g_av_high=_times(_times(high, unit), j),
        d_z=d_z,
        d_z_low=low,
        d_z_high=high,
    )


def hedges_j(df: int) -> float | None:
    """Hedges' correction, exact by gamma functions; there is none below two degrees of freedom."""
    if df < 2:
        return None
    return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)


def interval_of_d_z(d_z: float, n: int) -> tuple[float | None, float | None]:
    """95 %: the two effects for which a t like this one would be just as unlikely."""
    t = abs(d_z) * sqrt(n)
    low, high = (over(_noncentrality(edge, n - 1, t), sqrt(n)) for edge in EDGES)
    if d_z >= 0 or low is None or high is None:
        return low, high
    return -high, -low


def _noncentrality(probability: float, df: int, t: float) -> float:
    """scipy's own inverse is good to five digits; from there on it is searched."""
    from scipy.optimize import brentq
    from scipy.special import nctdtr, nctdtrinc

    near = float(nctdtrinc(df, probability, t))
    reach = 0.001 * (1 + abs(near))
    ends = [float(nctdtr(df, end, t)) - probability for end in (near - reach, near + reach)]
    if not all(map(isfinite, ends)) or ends[0] * ends[1] > 0:
        return near
    return float(
        brentq(lambda guess: nctdtr(df, guess, t) - probability, near - reach, near + reach)
    )


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other
