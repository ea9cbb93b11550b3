"""Wilcoxon's signed-rank test, in plain Python, so that its rules can be read.

Pairs without a change are left out before ranking (Wilcoxon's own rule, not Pratt's); equal
changes share the mean of their ranks. Up to `EXACT_UNTIL` changes the p-value is exact, ties and
all: every sign of every rank is equally likely, and what comes out as extreme is counted. Above,
it is the normal approximation with the variance corrected for ties and half a unit taken off.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

EXACT_UNTIL = 50


@dataclass(frozen=True)
class SignedRanks:
    """`w` is the sum of the ranks of rises; `zeros` is how many pairs were left out."""

    w: float | None
    p: float | None
    zeros: int
    is_exact: bool


def signed_ranks(changes: Sequence[float]) -> SignedRanks:
    """Whether changes lie evenly on both sides of zero. None where nothing changed."""
    moved = [change for change in changes if change]
    zeros = len(changes) - len(moved)
    if not moved:
        return SignedRanks(None, None, zeros, is_exact=True)
    ranks = _twice_the_ranks([abs(change) for change in moved])
    rises = sum(rank for rank, change in zip(ranks, moved, strict=True) if change > 0)
    is_exact = len(moved) <= EXACT_UNTIL
    p = _exact(ranks, rises) if is_exact else _approximate(ranks, rises)
    return SignedRanks(rises / 2, p, zeros, is_exact)


def _twice_the_ranks(sizes: Sequence[float]) -> list[int]:
    """Twice, so that the mean rank of a tie is a whole number."""
    rank, seen = {}, 0
    for size, count in sorted(Counter(sizes).items()):
        rank[size] = 2 * seen + count + 1
        seen += count
    return [rank[size] for size in sizes]


def _exact(ranks: list[int], rises: int) -> float:
    """How many of all the ways to sign the ranks are at least as far from the middle."""
    ways = [1] + [0] * sum(ranks)
    for rank in ranks:
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    tail = min(rises, sum(ranks) - rises)
    return min(1.0, 2 * sum(ways[: tail + 1]) / (1 << len(ranks)))


def _approximate(ranks: list[int], rises: int) -> float:
    """The variance of the sum is a quarter of the sum of the squared ranks, tied or not."""
    distance = abs(rises - sum(ranks) / 2) / 2
    spread = sqrt(sum((rank / 2) ** 2 for rank in ranks) / 4)
    return min(1.0, erfc(max(0.0, distance - 0.5) / spread / sqrt(2)))
