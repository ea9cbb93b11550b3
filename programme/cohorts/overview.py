"""Many cohorts at once: the list, the term on one page, and what needs doing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.access.models import Grant
from programme.access.rules import Role
from programme.access.viewer import Viewer
from programme.cohorts.callers import facilitators_of
from programme.cohorts.models import Cohort, Due, Enrolment, GroupSession, Step
from programme.cohorts.places import needs_ringing
from programme.cohorts.programmes import load_programme, programme_names
from programme.cohorts.queries import CHANGE, OPEN, SEE, reach
from programme.cohorts.rules import HAS_A_PLACE, DueState, Stage
from programme.cohorts.strips import StripWeek, strip, where_it_stands
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_time

OPENS_SOON = timedelta(days=14)


@dataclass(frozen=True)
class CohortRow:
    """One cohort on a list: its name, one fact, its weeks and its places."""

    id: int
    public_name: str
    term: str
    fact: str
    stands: str
    weeks: list[StripWeek]
    taken: int
    capacity: int
    waiting: int
    is_paused: bool

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
        public_name=cohort.public_name,
        term=cohort.term.name,
        fact=f"{begins}, {' and '.join(names) or 'nobody runs it yet'}",
        stands=where_it_stands(weeks),
        weeks=weeks,
        taken=taken,
        capacity=cohort.capacity,
        waiting=waiting,
        is_paused=cohort.paused_at is not None,
    )


def _counted(ids: Sequence[int], stages: Sequence[Stage]) -> dict[int, int]:
    asked = (
        select(Enrolment.cohort_id, func.count())
        .where(Enrolment.cohort_id.in_(ids), Enrolment.stage.in_(stages))
        .group_by(Enrolment.cohort_id)
    )
    return dict(db.session.execute(asked).all())


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """What cohorts need from somebody: places to offer, links missing, people to ring."""
    return [
        *_places_to_offer(viewer, at),
        *_not_ready(viewer, at),
        *_newer_plans(viewer, at),
        *_to_ring(viewer, at),
        *_failing(viewer),
    ]


def _places_to_offer(viewer: Viewer, at: datetime) -> list[ToDo]:
    taken = _places(Enrolment.stage.in_(HAS_A_PLACE))
    waiting = _places(Enrolment.stage == Stage.WAITING)
    asked = reach(viewer, OPEN).add_columns(waiting)
    asked = asked.where(waiting > 0, taken < Cohort.capacity, _has_session_after(at))
    return [
        _item(
            cohort, f"A free place in {cohort.public_name}", f"{count} waiting", "Offer it", "soon"
        )
        for cohort, count in db.session.execute(asked.order_by(Cohort.id))
    ]


def _places(condition: ColumnElement[bool]) -> ColumnElement[int]:
    asked = select(func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id, condition)
    return asked.correlate(Cohort).scalar_subquery()


def _has_session_after(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        GroupSession.cohort_id == Cohort.id,
        GroupSession.ends_at > at,
        GroupSession.cancelled_at.is_(None),
    )


def _not_ready(viewer: Viewer, at: datetime) -> list[ToDo]:
    is_run = exists().where(Grant.cohort_id == Cohort.id, Grant.role == Role.FACILITATOR)
    begins_by = Cohort.first_day <= (at + OPENS_SOON).date()
    asked = reach(viewer, CHANGE).add_columns(is_run).where(begins_by, _has_session_after(at))
    found = db.session.execute(asked.order_by(Cohort.first_day, Cohort.id)).all()
    return [
        _item(
            cohort, f"{cohort.public_name} needs {missing}", _begins(cohort, at), "Add it", "soon"
        )
        for cohort, has_facilitator in found
        for missing in _missing(cohort, has_facilitator)
    ]


def _newer_plans(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Groups whose programme's plan has changed since they were planned, and is not over."""
    versions = {name: load_programme(name).version for name in programme_names()}
    differs = [
        and_(Cohort.programme == name, Cohort.programme_version != version)
        for name, version in versions.items()
    ]
    goes_on = exists().where(Step.cohort_id == Cohort.id, Step.expires_at > at)
    asked = reach(viewer, CHANGE).where(or_(*differs), goes_on).order_by(Cohort.first_day)
    fact, see = "The programme's plan has changed", "See what would follow"
    return [
        replace(
            _item(
                cohort, f"The plan of {cohort.public_name} has a newer version", fact, see, "soon"
            ),
            url=f"/cohorts/{cohort.id}/new-plan",
        )
        for cohort in db.session.scalars(asked)
    ]


def _missing(cohort: Cohort, has_facilitator: bool) -> list[str]:
    return [
        *([] if cohort.join_url else ["its join link"]),
        *([] if has_facilitator else ["a facilitator"]),
    ]


def _begins(cohort: Cohort, at: datetime) -> str:
    word = "Begins" if cohort.first_day >= local(at, cohort.zone).date() else "Began"
    return f"{word} {cohort.first_day:%A} {cohort.first_day.day} {cohort.first_day:%B}"


def _to_ring(viewer: Viewer, at: datetime) -> list[ToDo]:
    asked = _people_with(viewer, needs_ringing(at))
    return [
        _item(
            cohort,
            f"Ring {_people(count)} of {cohort.public_name}",
            "There was no safe way to write",
            "See whom",
            "wrong",
        )
        for cohort, count in db.session.execute(asked)
    ]


def _failing(viewer: Viewer) -> list[ToDo]:
    asked = _people_with(viewer, and_(Due.state == DueState.WAITING, Due.failures > 0))
    return [
        _item(
            cohort,
            f"Something does not go through for {_people(count)} of {cohort.public_name}",
            "It is tried again every minute",
            "See what",
            "wrong",
        )
        for cohort, count in db.session.execute(asked)
    ]


def _people_with(viewer: Viewer, condition: ColumnElement[bool]) -> Select[Cohort, int]:
    """The cohorts in the viewer's care, with how many people have such a due."""
    how_many = (
        select(func.count(Due.participant_id.distinct()))
        .join(Step, Step.id == Due.step_id)
        .where(Step.cohort_id == Cohort.id, condition)
        .correlate(Cohort)
        .scalar_subquery()
    )
    return reach(viewer, CHANGE).add_columns(how_many).where(how_many > 0).order_by(Cohort.id)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _item(cohort: Cohort, title: str, fact: str, action: str, tone: str) -> ToDo:
    """Ordered by when the cohort begins; what concerns one that runs comes first."""
    return ToDo(
        title=title,
        fact=fact,
        action=action,
        url=f"/cohorts/{cohort.id}",
        tone=tone,
        due=cohort.first_day,
    )
