"""Vocabulary of cohorts, and pure decisions about dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatch
from urllib.parse import urlsplit

from programme.foundation.clock import instant, local


class Stage(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    STARTED = "started"
    COMPLETED = "completed"
    WITHDREW = "withdrew"


STAGE_LABELS = {
    Stage.WAITING: "On the waiting list",
    Stage.OFFERED: "Offered a place",
    Stage.ENROLLED: "Enrolled",
    Stage.STARTED: "Started",
    Stage.COMPLETED: "Completed",
    Stage.WITHDREW: "Withdrew",
}
HAS_A_PLACE = (Stage.OFFERED, Stage.ENROLLED, Stage.STARTED, Stage.COMPLETED)
TAKES_PART = (Stage.ENROLLED, Stage.STARTED, Stage.COMPLETED)


class DueState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Gap:
    """Days on which no group meets, both ends included."""

    name: str
    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Week:
    """One week of a cohort: its day, and either a session's number or why there is none."""

    day: date
    number: int | None = None
    why: str = ""


LONGEST_BREAK_WEEKS = 30


def session_days(first_day: date, count: int, breaks: Iterable[Gap]) -> list[Week]:
    """Weekly days for `count` sessions. Weeks in a break are shown and skipped; numbers go on.

    Raises:
        ValueError: the breaks leave no room for the sessions.
    """
    gaps, number = list(breaks), 0
    weeks: list[Week] = []
    for week in range(count + LONGEST_BREAK_WEEKS):
        if number == count:
            return weeks
        day = first_day + timedelta(weeks=week)
        gap = next((gap for gap in gaps if gap.covers(day)), None)
        number += gap is None
        weeks.append(Week(day, why=gap.name) if gap else Week(day, number))
    if number == count:
        return weeks
    raise ValueError("The breaks of this term leave no room for the sessions. Check their dates.")


@dataclass(frozen=True)
class Meeting:
    """When one session is; what the plan counts from."""

    number: int
    starts_at: datetime
    ends_at: datetime


def meeting(number: int, day: date, at: time, minutes: int, zone: str) -> Meeting:
    """A session at a wall time: 19:30 stays 19:30, whatever the clocks do in between."""
    starts_at = instant(datetime.combine(day, at), zone)
    return Meeting(number, starts_at, starts_at + timedelta(minutes=minutes))


def on_holidays(weeks: Iterable[Week], holidays: Mapping[date, str]) -> dict[date, str]:
    """The sessions that fall on a bank holiday, and its name: a warning, never a prohibition."""
    return {week.day: holidays[week.day] for week in weeks if week.number and week.day in holidays}


def in_quiet_hours(at: datetime, zone: str, from_hour: int, until_hour: int) -> bool:
    """Whether nothing is sent to a participant at this instant."""
    return not from_hour <= local(at, zone).hour < until_hour


def is_meeting_link(url: str, hosts: str) -> bool:
    """Whether `url` is https and leads to one of `hosts` (names or `*.name`, space between)."""
    try:
        parts = urlsplit(url)
        is_plain = parts.port in (None, 443) and parts.username is None
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    return (
        parts.scheme == "https" and is_plain and any(fnmatch(host, name) for name in hosts.split())
    )
