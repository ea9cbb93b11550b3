"""How many came and went, and how much they got: for use inside the charity.

Numbers are small and nothing is hidden here; what leaves the charity goes through reports.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.registers.counts import (
    cohorts_seen,
    funnel_rows,
    people_who_came,
    seen_by,
    week_rows,
)


@dataclass(frozen=True)
class Funnel:
    """How many places got how far; each number contains the next.

    invited       every place, on the waiting list or offered included
    enrolled      who has or had a place: takes part, or left after standing on a register
    started       who came at least once, in an earlier group or this
    still_coming  of these, who neither left nor paused nor missed their two latest; or completed
    completed     by the programme's own rule

    Whoever moved is counted once, where they are now.
    """

    invited: int = 0
    enrolled: int = 0
    started: int = 0
    still_coming: int = 0
    completed: int = 0


@dataclass(frozen=True)
class Dosage:
    """What was given. `people`: who came at all; `minutes`: as meeting reports have it, else the
    length of the session; sessions caught up with are counted apart and have no minutes."""

    people: int = 0
    sessions: int = 0
    caught_up: int = 0
    minutes: int = 0

    @property
    def sessions_each(self) -> float:
        return round(self.sessions / self.people, 1) if self.people else 0.0

    @property
    def hours_each(self) -> float:
        return round(self.minutes / 60 / self.people, 1) if self.people else 0.0


@dataclass(frozen=True)
class WeekKept:
    """One week: of how many with a mark, how many came and how many caught up."""

    number: int
    marked: int
    came: int
    caught_up: int


@dataclass(frozen=True)
class Retention:
    """How many came, week by week. A register that was not taken has no week."""

    weeks: tuple[WeekKept, ...] = ()


@dataclass(frozen=True)
class Figures:
    """The figures of one cohort and one organisation that sent its people, or of several."""

    cohort: str
    term: str
    partner: str
    funnel: Funnel
    dosage: Dosage
    retention: Retention


def figures(viewer: Viewer, term_id: int | None = None) -> list[Figures]:
    """The figures of every cohort and organisation that the viewer may see, the latest first.

    Four queries, however many. Of people sent by the viewer's own organisation, only those
    count who agreed that it hears of them.
    """
    seen = seen_by(viewer)
    cohorts = cohorts_seen(seen, term_id)
    ids = [row.id for row in cohorts]
    funnels = {
        (row[0], row[1]): Funnel(*row[2:]) for row in db.session.execute(funnel_rows(ids, seen))
    }
    people = {(row[0], row[1]): row[2] for row in db.session.execute(people_who_came(ids, seen))}
    weeks: dict[tuple[int, str], list[Any]] = {}
    for row in db.session.execute(week_rows(ids, seen)):
        weeks.setdefault((row.cohort_id, row.partner), []).append(row)
    keys = sorted({*funnels, *weeks}, key=lambda key: key[1])
    return [
        Figures(
            cohort.public_name,
            cohort.term,
            key[1],
            funnels.get(key, Funnel()),
            _dosage(weeks.get(key, ()), people.get(key, 0)),
            _retention(weeks.get(key, ())),
        )
        for cohort in cohorts
        for key in keys
        if key[0] == cohort.id
    ]


def terms_to_choose(viewer: Viewer) -> dict[int, tuple[str, date]]:
    """The terms that have figures for the viewer, by id: name and first day, the latest first."""
    found = cohorts_seen(seen_by(viewer), None)
    return {row.term_id: (row.term, row.first_day) for row in found}


def together(rows: Iterable[Figures], **names: str) -> Figures:
    """Several figures as one, under these names."""
    parts = list(rows)
    return Figures(
        cohort=names.get("cohort", ""),
        term=names.get("term", ""),
        partner=names.get("partner", ""),
        funnel=reduce(_add, [each.funnel for each in parts], Funnel()),
        dosage=reduce(_add, [each.dosage for each in parts], Dosage()),
        retention=_add_weeks(parts),
    )


def _add(one: Any, other: Any) -> Any:
    sums = {f.name: getattr(one, f.name) + getattr(other, f.name) for f in fields(one)}
    return replace(one, **sums)


def _add_weeks(parts: Sequence[Figures]) -> Retention:
    weeks: dict[int, WeekKept] = {}
    for week in (week for part in parts for week in part.retention.weeks):
        known = weeks.get(week.number, WeekKept(0, 0, 0, 0))
        weeks[week.number] = replace(_add(known, week), number=week.number)
    return Retention(tuple(weeks[number] for number in sorted(weeks)))


def _dosage(weeks: Iterable[Any], people: int) -> Dosage:
    rows = list(weeks)
    return Dosage(
        people=people,
        sessions=sum(row.came for row in rows),
        caught_up=sum(row.caught_up for row in rows),
        minutes=sum(row.minutes + _assumed_minutes(row) for row in rows),
    )


def _assumed_minutes(row: Any) -> int:
    """Of those whose minutes no report gave."""
    length: int = (row.ends_at - row.starts_at) // timedelta(minutes=1)
    without: int = row.came - row.with_minutes
    return length * without


def _retention(weeks: Iterable[Any]) -> Retention:
    return Retention(
        tuple(WeekKept(row.number, row.marked, row.came, row.caught_up) for row in weeks)
    )
