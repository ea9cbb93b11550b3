"""What the plans of all groups hold for the next days, for Today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Row, Select, select

from programme.access.viewer import Viewer
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Cohort, Step
from programme.cohorts.queries import SEE
from programme.foundation.clock import local
from programme.foundation.database import db

DAYS_AHEAD = 7


@dataclass(frozen=True)
class Coming:
    """A day, and what happens on it: "Reminder, Tuesday group" and so on."""

    day: date
    says: tuple[str, ...]


def coming_up(viewer: Viewer, at: datetime) -> list[Coming]:
    """What the plan will do by itself in the next days, in the groups that the viewer sees."""
    found = [_line(row) for row in db.session.execute(_steps(viewer, at))]
    days = groupby(sorted(found), key=lambda line: line[0])
    return [Coming(day, tuple(_once(says for _, says in lines))) for day, lines in days]


def _steps(viewer: Viewer, at: datetime) -> Select[str, datetime, str, str]:
    return (
        select(Step.kind, Step.due_at, Cohort.public_name, Cohort.zone)
        .join(Cohort)
        .where(
            viewer.scope(SEE).where(cohort=Cohort.id, partner=Cohort.partner_id),
            Step.due_at > at,
            Step.due_at < at + timedelta(days=DAYS_AHEAD),
            Step.ended_at.is_(None),
            Step.paused_at.is_(None),
            Cohort.paused_at.is_(None),
            Step.kind.in_(KINDS),
        )
    )


def _line(row: Row[str, datetime, str, str]) -> tuple[date, str]:
    kind, due_at, name, zone = row
    return local(due_at, zone).date(), f"{KINDS[kind].label}, {name}"


def _once(sentences: Iterator[str]) -> dict[str, None]:
    return dict.fromkeys(sentences)
