"""What one tick of the clock costs when little is due, beside the floor's page."""

from collections.abc import Callable
from datetime import datetime

from bench.client import Client
from bench.figures import Figure
from bench.instance import Instance
from bench.rounds import in_turn, timed
from bench.servers import floor_server
from programme import timetable
from programme.foundation.clock import now
from programme.foundation.database import db


def measure(instance: Instance) -> list[Figure]:
    """The whole timetable but for printing ahead, once everything due is done."""
    with floor_server(instance.folder) as bare, instance.opened():
        floor, tick = Client(bare.port), _ticking(now())
        first = timed(tick)
        pair = in_turn(
            lambda: floor.get("/").milliseconds, lambda: timed(tick), rounds=5, each=4, warm=2
        )
    return [
        Figure(name="tick of the clock, the first", ours=first, floor=pair.floor),
        Figure(name="tick of the clock, nothing due", ours=pair.ours, floor=pair.floor),
    ]


def _ticking(at: datetime) -> Callable[[], None]:
    def tick() -> None:
        for job in timetable.JOBS:
            if not job.is_slow:
                job.run(at)
        db.session.remove()

    return tick
