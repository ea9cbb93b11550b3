"""What the figures are counted from: one select for each kind of count."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from programme.access.models import Partner
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession, Term
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.people.models import Participant
from programme.people.queries import latest_consents
from programme.people.rules import ConsentPurpose
from programme.registers.models import Mark
from programme.registers.rules import CAME, MISSED, Attendance
from programme.registers.scope import reach
from programme.registers.standings import earlier_places


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition, on Cohort and Participant, that somebody counts for the viewer."""
    agreed = latest_consents(ConsentPurpose.PARTNER).subquery()
    own = viewer.scope(Permission.SEE_OWN_FAMILIES).where(partner=Participant.partner_id)
    agrees = Participant.id.in_(select(agreed.c.participant_id).where(agreed.c.is_given))
    return or_(reach(viewer, Permission.SEE_COHORTS), and_(own, agrees))


def cohorts_seen(seen: ColumnElement[bool], term_id: int | None) -> Sequence[Any]:
    """Cohorts in which somebody counts, the latest first."""
    somebody = (
        select(Enrolment.id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .where(Enrolment.cohort_id == Cohort.id, seen)
        .correlate(Cohort)
        .exists()
    )
    asked = (
        select(
            Cohort.id, Cohort.public_name, Cohort.term_id, Term.name.label("term"), Term.first_day
        )
        .join(Term, Term.id == Cohort.term_id)
        .where(somebody)
        .order_by(Term.first_day.desc(), Cohort.first_day, Cohort.public_name, Cohort.id)
    )
    if term_id is not None:
        asked = asked.where(Cohort.term_id == term_id)
    return db.session.execute(asked).all()


def funnel_rows(ids: Sequence[int], seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    marks = _marks_by_place(ids)

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    takes_part = Enrolment.stage.in_(TAKES_PART)
    started = marks.c.came > 0
    has_completed = and_(Enrolment.stage == Stage.COMPLETED, started)
    is_coming = and_(takes_part, Enrolment.paused_at.is_(None), marks.c.missed_of_two < 2, started)
    return (
        select(
            Enrolment.cohort_id,
            Partner.name,
            func.count(),
            count(or_(takes_part, marks.c.root_id.is_not(None))),
            count(started),
            count(or_(is_coming, has_completed)),
            count(has_completed),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .join(Partner, Partner.id == Participant.partner_id)
        .outerjoin(marks, marks.c.root_id == Enrolment.id)
        .where(Enrolment.cohort_id.in_(ids), Enrolment.moved_to_id.is_(None), seen)
        .group_by(Enrolment.cohort_id, Partner.name)
    )


def _marks_by_place(ids: Sequence[int]) -> Any:
    """Of each place with a mark: to how many they came, and how many of the two latest they missed.
    Marks of groups they were in before count with it."""
    chain = earlier_places(ids)
    newest_first = func.row_number().over(
        partition_by=chain.c.root_id, order_by=(GroupSession.starts_at.desc(), Mark.id.desc())
    )
    ranked = (
        select(chain.c.root_id, Mark.attendance, newest_first.label("place"))
        .join(GroupSession, GroupSession.cohort_id == chain.c.cohort_id)
        .join(Mark, _of_session_and_person(chain.c.participant_id))
        .where(GroupSession.cancelled_at.is_(None))
        .subquery()
    )
    missed_lately = and_(ranked.c.attendance.in_(MISSED), ranked.c.place <= 2)
    return (
        select(
            ranked.c.root_id,
            func.sum(case((ranked.c.attendance.in_(CAME), 1), else_=0)).label("came"),
            func.sum(case((missed_lately, 1), else_=0)).label("missed_of_two"),
        )
        .group_by(ranked.c.root_id)
        .subquery()
    )


def _of_session_and_person(participant_id: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(Mark.session_id == GroupSession.id, Mark.participant_id == participant_id)


def week_rows(ids: Sequence[int], seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """One row for each session and organisation."""
    came = Mark.attendance.in_(CAME)
    by = (
        GroupSession.cohort_id,
        GroupSession.id,
        GroupSession.number,
        GroupSession.starts_at,
        GroupSession.ends_at,
        Partner.name.label("partner"),
    )
    return (
        _marked(ids, seen)
        .add_columns(
            *by,
            func.count().label("marked"),
            func.count().filter(came).label("came"),
            func.count().filter(Mark.attendance == Attendance.CAUGHT_UP).label("caught_up"),
            func.coalesce(func.sum(Mark.minutes).filter(came), 0).label("minutes"),
            func.count(Mark.minutes).filter(came).label("with_minutes"),
        )
        .group_by(*by[:-1], Partner.name)
        .order_by(GroupSession.number)
    )


def people_who_came(ids: Sequence[int], seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Who came at all, by cohort and organisation."""
    return (
        _marked(ids, seen)
        .add_columns(
            GroupSession.cohort_id, Partner.name, func.count(Mark.participant_id.distinct())
        )
        .where(Mark.attendance.in_(CAME))
        .group_by(GroupSession.cohort_id, Partner.name)
    )


def _marked(ids: Sequence[int], seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select()
        .select_from(Mark)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Cohort, Cohort.id == GroupSession.cohort_id)
        .join(Participant, Participant.id == Mark.participant_id)
        .join(Partner, Partner.id == Participant.partner_id)
        .where(GroupSession.cohort_id.in_(ids), GroupSession.cancelled_at.is_(None), seen)
    )
