"""The words of this folder: an evening, and what a report says of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Interval = tuple[datetime, datetime]
"""From and until, as clocks on the wall say (naive)."""


class NotAReport(ValueError):
    """Nobody's attendance can be read from this file; `str()` is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Evening:
    """When the session was, on the wall of `zone`. One that ends before it starts ends next day."""

    day: date
    start: time
    end: time
    zone: str = "Europe/London"

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.day, self.start)

    @property
    def ends_at(self) -> datetime:
        end = datetime.combine(self.day, self.end)
        return end if self.end > self.start else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a report. `intervals` are merged, and not cut to the session; none where the
    report tells durations only. `other_names` are the names on further rows and devices."""

    name: str
    email: str
    is_staff: bool
    other_names: tuple[str, ...]
    intervals: tuple[Interval, ...]
    seconds_in_session: float

    @property
    def minutes_in_session(self) -> float:
        return round(self.seconds_in_session / 60, 1)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that counts for nobody, numbered as a spreadsheet does, and why."""

    name: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    people: tuple[Person, ...]
    ignored: tuple[Ignored, ...]
