"""The dispatch list: what must go by when, what stops it, and who has no parcel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, tuple_

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.parcels.models import Booklet, Parcel
from programme.parcels.queries import Filter, parcels_for, seen_by, within
from programme.parcels.rules import (
    KEPT_APART,
    MOVE_LABELS,
    NOT_GONE,
    READY,
    STATE_LABELS,
    STOPPED_FOR_PACKERS,
    ParcelState,
    can_move,
)
from programme.parcels.standings import Standing, agreed_to_post, standings, was_spoken_to
from programme.people.models import Participant

PER_PAGE = 50
LEFT_OUT_FROM = timedelta(days=21)
"""So long before the first session, people without a parcel are pointed out."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One parcel on the dispatch list. `next_state` is the tick it offers, if any."""

    id: int
    reference: str
    names: str
    booklets: int
    note: str
    state: ParcelState
    state_label: str
    stopped_because: str | None
    next_state: ParcelState | None
    next_label: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """The parcels of one cohort that must go by one day; `ready` of `all` are packed or gone."""

    due_on: date
    cohort: str
    ready: int
    all: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class DispatchList:
    """One page of the dispatch list."""

    groups: tuple[Group, ...]
    counts: tuple[tuple[ParcelState, str, int], ...]
    total: int
    page: int
    pages: int
    to_pack: int
    to_post: int
    left_out: tuple["LeftOut", ...]


@dataclass(frozen=True)
class LeftOut:
    """Somebody enrolled for whom there is no parcel, and why."""

    participant_id: int
    known_as: str
    cohort: str
    reason: str


def dispatch_list(viewer: Viewer, chosen: Filter, at: datetime) -> DispatchList:
    """One page of the parcels that the viewer may see, soonest first, stopped ones on top."""
    counts = _count_by_state(viewer, chosen)
    total = sum(counts.get(state, 0) for state in chosen.states)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, chosen.page), pages)
    asked = parcels_for(viewer, chosen).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    parcels = db.session.scalars(asked).all()
    groups = _groups(parcels, _rows(viewer, parcels))
    rows = [row for group in groups for row in group.rows]
    return DispatchList(
        groups=groups,
        counts=tuple((s, STATE_LABELS[s], counts[s]) for s in ParcelState if s in counts),
        total=total,
        page=page,
        pages=pages,
        to_pack=sum(row.next_state is ParcelState.PACKED for row in rows),
        to_post=sum(row.next_state is ParcelState.POSTED for row in rows),
        left_out=_left_out(viewer, chosen, at) if page == 1 else (),
    )


def every_group(viewer: Viewer, chosen: Filter) -> tuple[Group, ...]:
    """All parcels of a filter, for the command line."""
    parcels = db.session.scalars(parcels_for(viewer, chosen)).all()
    return _groups(parcels, _rows(viewer, parcels))


def sentence_for(viewer: Viewer, standing: Standing) -> str | None:
    """What stops a parcel, as far as this viewer may know it."""
    sentence = standing.stopped_because
    hidden = sentence == KEPT_APART and not viewer.can(Permission.EDIT_PEOPLE)
    return STOPPED_FOR_PACKERS if hidden else sentence


def next_state(state: ParcelState, stopped_because: str | None) -> ParcelState | None:
    """The tick that a parcel offers on the list."""
    ahead = (ParcelState.PACKED, ParcelState.POSTED)
    return next((to for to in ahead if can_move(state, to, stopped_because)), None)


def _count_by_state(viewer: Viewer, chosen: Filter) -> dict[ParcelState, int]:
    asked = (
        select(Parcel.state, func.count())
        .join(Parcel.cohort)
        .filter(seen_by(viewer), within(chosen))
        .group_by(Parcel.state)
    )
    return dict(db.session.execute(asked).all())


def _rows(viewer: Viewer, parcels: Sequence[Parcel]) -> dict[int, Row]:
    found = standings(parcels)
    return {parcel.id: _row(viewer, parcel, found[parcel.id]) for parcel in parcels}


def _row(viewer: Viewer, parcel: Parcel, standing: Standing) -> Row:
    stopped = sentence_for(viewer, standing) if parcel.state in NOT_GONE else None
    to = next_state(parcel.state, stopped)
    return Row(
        id=parcel.id,
        reference=parcel.reference,
        names=standing.names or parcel.participant.known_as,
        booklets=standing.booklets,
        note=standing.note,
        state=parcel.state,
        state_label=STATE_LABELS[parcel.state],
        stopped_because=stopped,
        next_state=to,
        next_label=MOVE_LABELS[to] if to else "",
    )


def _groups(parcels: Sequence[Parcel], rows: dict[int, Row]) -> tuple[Group, ...]:
    keys = list(dict.fromkeys((parcel.due_on, parcel.cohort_id) for parcel in parcels))
    names = {parcel.cohort_id: parcel.cohort.public_name for parcel in parcels}
    counts = _ready_of_all(keys)
    return tuple(
        Group(
            due_on=due_on,
            cohort=names[cohort_id],
            ready=counts[due_on, cohort_id][0],
            all=counts[due_on, cohort_id][1],
            rows=_stopped_first(
                rows[p.id] for p in parcels if (p.due_on, p.cohort_id) == (due_on, cohort_id)
            ),
        )
        for due_on, cohort_id in keys
    )


def _stopped_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.stopped_because is None))


def _ready_of_all(keys: list[tuple[date, int]]) -> dict[tuple[date, int], tuple[int, int]]:
    ready = func.count().filter(Parcel.state.in_(READY))
    every = func.count().filter(Parcel.state != ParcelState.CANCELLED)
    asked = (
        select(Parcel.due_on, Parcel.cohort_id, ready, every)
        .filter(tuple_(Parcel.due_on, Parcel.cohort_id).in_(keys))
        .group_by(Parcel.due_on, Parcel.cohort_id)
    )
    return {(day, cohort): (n, m) for day, cohort, n, m in db.session.execute(asked)}


def _left_out(viewer: Viewer, chosen: Filter, at: datetime) -> tuple[LeftOut, ...]:
    """Who is enrolled in a cohort that begins soon, and has no parcel."""
    has_booklet = select(Booklet.id).filter(
        Booklet.cohort_id == Enrolment.cohort_id, Booklet.participant_id == Participant.id
    )
    scope = viewer.scope(Permission.SEE_PEOPLE)
    soon = Cohort.first_day.between(at.date(), at.date() + LEFT_OUT_FROM)
    asked = (
        select(Participant.id, Participant.known_as, Cohort.public_name, was_spoken_to())
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .filter(scope.where(cohort=Cohort.id, partner=Cohort.partner_id), soon)
        .filter(Enrolment.stage == Stage.ENROLLED, ~has_booklet.exists())
        .filter(Participant.merged_into_id.is_(None))
        .filter(or_(~was_spoken_to(), ~agreed_to_post()))
        .filter(Cohort.id == chosen.cohort_id if chosen.cohort_id else Cohort.id.is_not(None))
        .order_by(Cohort.first_day, Participant.known_as, Participant.id)
        .limit(PER_PAGE)
    )
    return tuple(
        LeftOut(number, name, cohort, "has not agreed to post" if spoken else "not yet spoken to")
        for number, name, cohort, spoken in db.session.execute(asked)
    )
