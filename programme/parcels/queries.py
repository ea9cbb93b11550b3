"""Which parcels somebody may see and change, how far they are, and what is to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import defer, joinedload

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.rules import Stage
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_day
from programme.parcels.models import Booklet, Parcel
from programme.parcels.rules import GONE, NOT_GONE, READY, ParcelState
from programme.parcels.standings import agreed_to_post, was_spoken_to
from programme.people.models import Household, Participant

TOLD_AHEAD = timedelta(days=7)
"""So long before they must go, parcels are named on Today."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which parcels to show: unless told otherwise, those that have not gone."""

    cohort_id: int | None = None
    states: tuple[ParcelState, ...] = NOT_GONE
    due_by: date | None = None
    page: int = 1


def parcels_for(
    viewer: Viewer, chosen: Filter, permission: Permission = Permission.SEE_PARCELS
) -> Select[Parcel]:
    """The parcels of a filter that the viewer may see, in the order in which they must go."""
    return (
        select(Parcel)
        .join(Parcel.cohort)
        .filter(seen_by(viewer, permission), within(chosen), Parcel.state.in_(chosen.states))
        .options(joinedload(Parcel.cohort), joinedload(Parcel.participant))
        .order_by(Parcel.due_on, Cohort.public_name, Parcel.cohort_id, Parcel.id)
    )


def cohorts_with_parcels(viewer: Viewer) -> list[tuple[int, str]]:
    """Id and name of the cohorts to choose from, the latest first."""
    asked = (
        select(Cohort.id, Cohort.public_name)
        .filter(seen_by(viewer), Cohort.id.in_(select(Parcel.cohort_id)))
        .order_by(Cohort.first_day.desc(), Cohort.id.desc())
        .limit(200)
    )
    return list(db.session.execute(asked))


def parcel_for(
    viewer: Viewer, parcel_id: int, permission: Permission = Permission.SEE_PARCELS
) -> Parcel | None:
    """One parcel, held until the transaction ends when it may write; None when not the viewer's."""
    asked = (
        select(Parcel)
        .join(Cohort, Cohort.id == Parcel.cohort_id)
        .filter(Parcel.id == parcel_id, seen_by(viewer, permission))
        .with_for_update(of=Parcel)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(asked)


def states_for(participant_id: int) -> set[ParcelState]:
    """How far the parcels are that somebody has a share of."""
    asked = select(Parcel.state).join(Booklet, Booklet.parcel_id == Parcel.id)
    return set(db.session.scalars(asked.filter(Booklet.participant_id == participant_id)))


def open_parcels() -> list[Parcel]:
    """Every parcel that has not gone, for the clock."""
    asked = (
        select(Parcel)
        .filter(Parcel.state.in_(NOT_GONE))
        .options(joinedload(Parcel.cohort), defer(Parcel.address))
        .order_by(Parcel.id)
    )
    return list(db.session.scalars(asked))


def who(cohort_id: int) -> Select[int]:
    """The participants of a cohort who should get a parcel: spoken to, and agreed to post."""
    return (
        select(Enrolment.participant_id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .filter(Enrolment.cohort_id == cohort_id)
        .filter(Enrolment.stage.in_((Stage.ENROLLED, Stage.STARTED)))
        .filter(Participant.merged_into_id.is_(None), was_spoken_to(), agreed_to_post())
    )


def progress(cohort_id: int) -> tuple[int, int]:
    """How many parcels of a cohort were posted, of how many."""
    return progress_of([cohort_id]).get(cohort_id, (0, 0))


def progress_of(cohort_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Posted and all parcels of each cohort that has any, cancelled ones not counted."""
    posted = func.count().filter(Parcel.state.in_(GONE))
    asked = (
        select(Parcel.cohort_id, posted, func.count())
        .filter(Parcel.cohort_id.in_(cohort_ids), Parcel.state != ParcelState.CANCELLED)
        .group_by(Parcel.cohort_id)
    )
    return {cohort: (done, every) for cohort, done, every in db.session.execute(asked)}


def first_days(cohort_ids: Iterable[int]) -> dict[int, date]:
    """The day of each cohort's first session that is not cancelled."""
    asked = (
        select(GroupSession.cohort_id, func.min(GroupSession.day))
        .filter(GroupSession.cohort_id.in_(cohort_ids), GroupSession.cancelled_at.is_(None))
        .group_by(GroupSession.cohort_id)
    )
    return dict(db.session.execute(asked).all())


def seen_by(viewer: Viewer, permission: Permission = Permission.SEE_PARCELS) -> ColumnElement[bool]:
    return viewer.scope(permission).where(cohort=Cohort.id, partner=Cohort.partner_id)


def within(chosen: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Parcel.id.is_not(None)]
    if chosen.cohort_id is not None:
        conditions.append(Parcel.cohort_id == chosen.cohort_id)
    if chosen.due_by is not None:
        conditions.append(Parcel.due_on <= chosen.due_by)
    return and_(*conditions)


@dataclass(frozen=True)
class _Day:
    """How far the parcels are that must go by one day."""

    due_on: date
    ready: int
    all: int
    to_confirm: int
    without_address: int


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """What is to be done about parcels: what must go soon, whom to ring, what is missing."""
    zone: str = current_app.config["SETTINGS"].zone
    today = clock.local(at, zone).date()
    days = _days_ahead(viewer, today)
    found = [_must_go(day, today, zone) for day in days]
    if viewer.can(Permission.EDIT_PEOPLE):
        found += _to_ask(days)
    return found


def _days_ahead(viewer: Viewer, today: date) -> list[_Day]:
    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(*conditions)

    unconfirmed = Parcel.state == ParcelState.TO_CONFIRM
    complete = Household.address_is_complete.is_(True)
    asked = (
        select(
            Parcel.due_on,
            count(Parcel.state.in_(READY)),
            func.count(),
            count(unconfirmed, complete),
            count(unconfirmed, ~complete),
        )
        .join(Cohort, Cohort.id == Parcel.cohort_id)
        .join(Household, Household.id == Parcel.household_id)
        .filter(seen_by(viewer), Parcel.due_on <= today + TOLD_AHEAD)
        .filter(Parcel.state != ParcelState.CANCELLED)
        .group_by(Parcel.due_on)
        .having(count(Parcel.state.in_(NOT_GONE)) > 0)
        .order_by(Parcel.due_on)
    )
    return [_Day(*row) for row in db.session.execute(asked)]


def _must_go(day: _Day, today: date, zone: str) -> ToDo:
    left = (day.due_on - today).days
    return ToDo(
        title=_title(day.due_on, left, zone),
        fact=f"{day.ready} of {day.all} ready",
        action="Open dispatch list",
        url=f"/parcels?due={day.due_on}",
        tone="wrong" if left < 0 else "soon" if left <= 3 else "calm",
        due=day.due_on,
    )


def _title(due_on: date, left: int, zone: str) -> str:
    if left < 0:
        return f"Parcels should have gone by {say_day(due_on, zone)}"
    if left == 0:
        return "Parcels must go today"
    return f"Parcels must go by {f'{due_on:%A}' if left < 7 else say_day(due_on, zone)}"


def _to_ask(days: list[_Day]) -> list[ToDo]:
    """Whom to ring about an address, with the soonest day that depends on it."""
    kinds = (
        ("Addresses to confirm by phone", "to confirm", "Ring", [d.to_confirm for d in days]),
        ("Addresses missing", "not complete", "Ask for them", [d.without_address for d in days]),
    )
    return [
        ToDo(
            title=title,
            fact=f"{sum(counts)} {what}",
            action=action,
            url="/parcels?state=to_confirm",
            tone="soon",
            due=min(day.due_on for day, n in zip(days, counts, strict=True) if n),
        )
        for title, what, action, counts in kinds
        if sum(counts)
    ]
