"""What cohorts need from somebody: on Today, and on the term's page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from programme.access.models import Grant
from programme.access.rules import Role
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Due, Enrolment, GroupSession, Step
from programme.cohorts.places import needs_ringing
from programme.cohorts.programmes import load_programme, programme_names
from programme.cohorts.queries import CHANGE, OPEN, reach
from programme.cohorts.rules import HAS_A_PLACE, DueState, Stage
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo

OPENS_SOON = timedelta(days=14)


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
        for missing in what_is_missing(cohort, has_facilitator)
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


def what_is_missing(cohort: Cohort, has_facilitator: bool) -> list[str]:
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


def to_ring_in(cohort_ids: Sequence[int], at: datetime) -> dict[int, int]:
    """How many people of each cohort could not safely be written to, and nobody rang."""
    asked = (
        select(Step.cohort_id, func.count(Due.participant_id.distinct()))
        .join(Due, Due.step_id == Step.id)
        .where(Step.cohort_id.in_(cohort_ids), needs_ringing(at))
        .group_by(Step.cohort_id)
    )
    return dict(db.session.execute(asked).all())


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
