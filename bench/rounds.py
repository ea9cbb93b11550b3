"""Measuring two things in turn, so that whatever slows the machine slows both."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

WARM_UP = 15
ROUNDS = 20
IN_A_ROUND = 10
Timed = Callable[[], float]
"""Does something once, and gives how many milliseconds it took."""


@dataclass(frozen=True)
class Pair:
    """Medians, in milliseconds."""

    floor: float
    ours: float


def in_turn(
    floor: Timed, ours: Timed, *, rounds: int = ROUNDS, each: int = IN_A_ROUND, warm: int = WARM_UP
) -> Pair:
    """The medians of both, after a warm-up, measured round by round."""
    for _ in range(warm):
        floor(), ours()
    floors: list[float] = []
    found: list[float] = []
    for _ in range(rounds):
        floors += [floor() for _ in range(each)]
        found += [ours() for _ in range(each)]
    return Pair(median(floors), median(found))


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds something takes once."""
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000
