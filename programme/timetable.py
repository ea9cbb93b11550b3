"""Every recurring job and every kind of step, on one screen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from programme.cohorts import jobs as cohorts
from programme.cohorts.kinds import StepKind
from programme.people import jobs as people


@dataclass(frozen=True)
class Job:
    """Something the clock does at every tick. Returns how many things it did."""

    name: str
    run: Callable[[datetime], int]


KINDS: tuple[StepKind, ...] = (*cohorts.KINDS,)
JOBS: tuple[Job, ...] = (
    Job("plan: whose turn it is", cohorts.make_dues),
    Job("plan: carry out", cohorts.carry_out),
    Job("plan: end what is over", cohorts.end_steps),
    Job("people: forget files", people.forget_uploads),
)


def run_all(at: datetime) -> dict[str, int]:
    """Do everything that falls due at `at`, each job in turn; say how many things each did."""
    return {job.name: job.run(at) for job in JOBS}
