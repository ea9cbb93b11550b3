"""One tick with 10,000 messages due: among a million enrolments, beside among ten thousand.

The whole timetable but for printing ahead; what leaves is kept here, as in a demonstration.
"""

import tempfile
from pathlib import Path

from bench.crowd import AT, crowded
from bench.figures import Figure
from bench.rounds import timed
from programme import timetable
from programme.foundation.database import db

DUE, MANY = 10_000, 1_000_000
RATIO = 1.5


def measure() -> list[Figure]:
    """On SQLite. The tick after it, with nothing due, is for information."""
    alone, alone_idle = _ticks(others=0)
    among, among_idle = _ticks(others=MANY - DUE)
    return [
        Figure(
            name=f"tick with {DUE:,} due, among {MANY:,} enrolments", ours=among, floor=alone,
            unit="s", goal=RATIO, is_ratio=True,
        ),
        Figure(
            name=f"tick with nothing due, among {MANY:,} enrolments", ours=among_idle,
            floor=alone_idle, unit="s",
        ),
    ]  # fmt: skip


def _ticks(*, others: int) -> tuple[float, float]:
    """How many seconds the tick takes, and the next one."""
    with tempfile.TemporaryDirectory(prefix="crowd-") as name:
        url = f"sqlite:///{name}/programme.db"
        with crowded(Path(name), url, due=DUE, others=others, demonstration=True):
            return timed(_tick) / 1000, timed(_tick) / 1000


def _tick() -> None:
    for job in timetable.JOBS:
        if not job.is_slow:
            job.run(AT)
    db.session.remove()
