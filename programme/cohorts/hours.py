"""What becomes of the texts of a plan that were wished for outside the hours for sending, pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from programme.cohorts.plan import Hours, StepDate


@dataclass(frozen=True)
class Outside:
    """A step whose text was wished for outside the hours, and when it goes."""

    step: StepDate
    goes_at: datetime

    @property
    def becomes(self) -> str:
        """ "goes earlier", "goes later" or "is left out" """
        if not is_sent(self.step, self.goes_at):
            return "is left out"
        return "goes earlier" if self.goes_at < self.step.wished_at else "goes later"


def is_sent(step: StepDate, goes_at: datetime) -> bool:
    """Whether a text is of use when the hours let it go."""
    return goes_at < step.expires_at


def sent(settled: Iterable[StepDate], hours: Hours) -> list[StepDate]:
    """The steps without the texts that no hour is left for: they are left out of the plan."""
    return [
        step for step in settled if not step.is_message or is_sent(step, hours.reached(step.due_at))
    ]


def outside(settled: Iterable[StepDate], hours: Hours) -> list[Outside]:
    """The steps whose texts were wished for outside the hours, and what becomes of each."""
    return [
        Outside(step, hours.reached(step.due_at))
        for step in settled
        if step.is_message and not hours.hold(step.wished_at)
    ]
