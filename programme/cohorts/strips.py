"""Weeks as a strip: what every picture of a cohort's term is drawn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programme.cohorts.models import GroupSession
from programme.cohorts.rules import Gap
from programme.foundation.clock import local
from programme.foundation.web import say_day

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class StripWeek:
    """One circle. `state`: done, tonight, coming or skipped; `says`: the whole in words."""

    day: date
    number: str
    state: str
    says: str
    under: tuple[str, ...]
    """Short words, one line each."""
    session: int = 0
    """The session's number, 0 for a week without one."""
    is_cancelled: bool = False
    url: str = ""
    share: float | None = None


def strip(
    sessions: Sequence[GroupSession], gaps: Iterable[Gap], zone: str, at: datetime
) -> list[StripWeek]:
    """The weeks of a cohort in order of time, skipped ones shown."""
    held = [_week(session, zone, at) for session in sessions]
    skipped = [_skipped(day, gap, zone) for day, gap in _days_off(sessions, list(gaps))]
    return sorted(held + skipped, key=lambda week: week.day)


def _week(session: GroupSession, zone: str, at: datetime) -> StripWeek:
    state, word = _state(session, local(at, zone).date(), at)
    return StripWeek(
        session.day,
        str(session.number),
        state,
        f"Week {session.number}, {say_day(session.day, zone)}: {word}",
        (_short(session.day), *(("off",) if session.cancelled_at else ())),
        session.number,
        session.cancelled_at is not None,
    )


def _state(session: GroupSession, today: date, at: datetime) -> tuple[str, str]:
    if session.cancelled_at:
        return "skipped", "cancelled"
    if session.ends_at <= at:
        return "done", "has been"
    return ("tonight", "today") if session.day == today else ("coming", "to come")


def _days_off(sessions: Sequence[GroupSession], gaps: Sequence[Gap]) -> list[tuple[date, Gap]]:
    """The weekly days between first and last session that a break took, unless one met anyway."""
    if not sessions:
        return []
    days = sorted(session.day for session in sessions)
    weekly = [days[0] + WEEK * week for week in range((days[-1] - days[0]) // WEEK + 1)]
    off = [(day, gap) for day in weekly for gap in gaps if gap.covers(day)]
    return [(day, gap) for day, gap in off if day not in days]


def _skipped(day: date, gap: Gap, zone: str) -> StripWeek:
    says = f"{say_day(day, zone)}: no session, {gap.name}"
    return StripWeek(day, "–", "skipped", says, (_short(day), "break"))


def _short(day: date) -> str:
    """ "6 Oct" """
    return f"{day.day} {day:%b}"


def where_it_stands(weeks: Sequence[StripWeek]) -> str:
    """ "Week 4 of 10", "begins Tuesday 6 October", "finished" """
    numbered = [week for week in weeks if week.session and not week.is_cancelled]
    to_come = [week for week in numbered if week.state != "done"]
    if not to_come:
        return "finished"
    if len(to_come) == len(numbered) and to_come[0].state != "tonight":
        return f"begins {to_come[0].day:%A} {to_come[0].day.day} {to_come[0].day:%B}"
    return f"week {to_come[0].number} of {numbered[-1].number}"
