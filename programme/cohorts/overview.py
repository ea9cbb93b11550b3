"""Many cohorts at once: the list, and those of the term that is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.access.viewer import Viewer
from programme.cohorts.attention import OPENS_SOON, what_is_missing
from programme.cohorts.callers import facilitators_of
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.queries import SEE, reach
from programme.cohorts.rules import HAS_A_PLACE, Stage
from programme.cohorts.strips import StripWeek, strip, where_it_stands
from programme.foundation.database import db
from programme.foundation.web import say_time


@dataclass(frozen=True)
class CohortRow:
    """One cohort on a list: its name, one fact, its weeks and its places."""

    id: int
    partner_id: int
    public_name: str
    term: str
    fact: str
    stands: str
    weeks: list[StripWeek]
    taken: int
    capacity: int
    waiting: int
    is_paused: bool
    needs: tuple[str, ...]
    """What is missing, once it begins within two weeks."""

    @property
    def places(self) -> str:
        waiting = f", {self.waiting} waiting" if self.waiting else ""
        return f"{self.taken} of {self.capacity} places{waiting}"


def cohort_rows(viewer: Viewer, at: datetime) -> list[CohortRow]:
    """Every cohort that the viewer sees, those of the latest term first."""
    loaded = reach(viewer, SEE).options(joinedload(Cohort.term), selectinload(Cohort.sessions))
    ordered = loaded.order_by(Cohort.first_day.desc(), Cohort.local_time, Cohort.public_name)
    return _rows(db.session.scalars(ordered).all(), at)


def running_rows(viewer: Viewer, at: datetime) -> list[CohortRow]:
    """The cohorts of the term that is on (or comes): those whose last session is not two weeks
    past, the next to meet first."""
    rows = [row for row in cohort_rows(viewer, at) if _is_current(row, at)]
    return sorted(rows, key=lambda row: _next_day(row.weeks))


def _is_current(row: CohortRow, at: datetime) -> bool:
    return not row.weeks or row.weeks[-1].day >= (at - OPENS_SOON).date()


def _next_day(weeks: Sequence[StripWeek]) -> str:
    to_come = [week.day for week in weeks if week.state in ("tonight", "coming")]
    return f"{to_come[0]}" if to_come else "9999"


def _rows(cohorts: Sequence[Cohort], at: datetime) -> list[CohortRow]:
    ids = [cohort.id for cohort in cohorts]
    names, taken = facilitators_of(ids), _counted(ids, HAS_A_PLACE)
    waiting = _counted(ids, (Stage.WAITING,))
    return [
        _row(
            cohort, names.get(cohort.id, []), taken.get(cohort.id, 0), waiting.get(cohort.id, 0), at
        )
        for cohort in cohorts
    ]


def _row(cohort: Cohort, names: list[str], taken: int, waiting: int, at: datetime) -> CohortRow:
    gaps = [each.gap for each in cohort.term.breaks]
    weeks = strip(cohort.sessions, gaps, cohort.zone, at)
    begins = f"{cohort.first_day:%A}s, {say_time(cohort.sessions[0].starts_at, cohort.zone)}"
    return CohortRow(
        id=cohort.id,
        partner_id=cohort.partner_id,
        public_name=cohort.public_name,
        term=cohort.term.name,
        fact=f"{begins}, {' and '.join(names) or 'nobody runs it yet'}",
        stands=where_it_stands(weeks),
        weeks=weeks,
        taken=taken,
        capacity=cohort.capacity,
        waiting=waiting,
        is_paused=cohort.paused_at is not None,
        needs=tuple(what_is_missing(cohort, bool(names)) if _is_near(cohort, weeks, at) else ()),
    )


def _is_near(cohort: Cohort, weeks: Sequence[StripWeek], at: datetime) -> bool:
    is_over = all(week.state in ("done", "skipped") for week in weeks)
    return cohort.first_day <= (at + OPENS_SOON).date() and not is_over


def _counted(ids: Sequence[int], stages: Sequence[Stage]) -> dict[int, int]:
    asked = (
        select(Enrolment.cohort_id, func.count())
        .where(Enrolment.cohort_id.in_(ids), Enrolment.stage.in_(stages))
        .group_by(Enrolment.cohort_id)
    )
    return dict(db.session.execute(asked).all())
