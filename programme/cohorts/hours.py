"""The plan and the hours for sending, pure: what becomes of a text that would fall outside them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from programme.cohorts.plan import StepDate
from programme.foundation.clock import instant, local
from programme.messages.rules import fit_into_hours, is_within_hours


@dataclass(frozen=True)
class Hours:
    """Between which hours of the day, in which zone, anything is sent to participants."""

    from_hour: int
    until_hour: int
    zone: str

    def hold(self, at: datetime) -> bool:
        return is_within_hours(at, self.from_hour, self.until_hour, self.zone)


@dataclass(frozen=True)
class Outside:
    """A step whose text would fall outside the hours. `goes_at`: None when it is left out."""

    step: StepDate
    goes_at: datetime | None

    @property
    def becomes(self) -> str:
        """ "goes earlier", "goes later" or "is left out" """
        if self.goes_at is None:
            return "is left out"
        return "goes earlier" if self.goes_at < self.step.due_at else "goes later"


def outside(dates: Iterable[StepDate], hours: Hours) -> list[Outside]:
    """The steps whose texts fall outside the hours, and what becomes of each."""
    return [
        Outside(date, goes_at(date, hours))
        for date in dates
        if date.is_message and not hours.hold(date.due_at)
    ]


def goes_at(date: StepDate, hours: Hours) -> datetime | None:
    """When its text goes: at its time, else earlier that day, else later while of use.

    Never on an earlier day, on which "7.30 pm" would mean another evening; and what follows
    a session never before it. None: it is left out.
    """
    wall = datetime.combine(local(date.due_at, hours.zone).date(), time())
    midnight = instant(wall, hours.zone)
    earliest = max(midnight, date.not_before or midnight)
    return fit_into_hours(
        date.due_at, date.expires_at, hours.from_hour, hours.until_hour, hours.zone, earliest
    )


def kept_to_hours(dates: Iterable[StepDate], hours: Hours) -> list[StepDate]:
    """The dates, with each text that has to go earlier dated so, and without those left out.

    What goes later keeps its date: questions open at once, and only their text waits.
    """
    kept = [_kept(date, hours) if date.is_message else date for date in dates]
    return [date for date in kept if date]


def _kept(date: StepDate, hours: Hours) -> StepDate | None:
    fitting = goes_at(date, hours)
    return replace(date, due_at=min(date.due_at, fitting)) if fitting else None
