"""Making parcels, splitting them, and keeping their dates."""

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.foundation import audit, clock
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.parcels.models import Booklet, Parcel, ParcelEvent
from programme.parcels.queries import first_days, open_parcels
from programme.parcels.rules import NOT_GONE, ParcelState, dispatch_day
from programme.parcels.standings import lives_with_somebody_kept_apart, standing_of
from programme.people.models import Participant
from programme.people.nations import Nation, is_bank_holiday, nation_of

OFFICE = Nation.ENGLAND
"""Where parcels are posted: its bank holidays count as well as those at the other end."""
SIGNS = "BCDFGHJKLMNPQRSTVWXZ"


def put_in_parcel(person: Participant, cohort: Cohort, *, by: Viewer, at: datetime) -> Parcel:
    """Give somebody a share of their household's parcel, making it if need be. Once only."""
    own = select(Booklet).filter_by(cohort_id=cohort.id, participant_id=person.id)
    booklet = db.session.scalar(own)
    if booklet:
        return booklet.parcel
    parcel = _parcel_to_join(person, cohort, by, at)
    _add_share(parcel, Booklet(cohort_id=cohort.id, participant_id=person.id), by, at)
    return parcel


def split_parcel(parcel: Parcel, *, by: Viewer, at: datetime) -> None:
    """Move the share of whoever lives elsewhere now to a parcel for where they live.

    Raises:
        Refusal: nobody moved out, or the parcel has gone.
    """
    standing = standing_of(parcel)
    if parcel.state not in NOT_GONE or not standing.facts.somebody_moved_out:
        raise Refusal("Everybody this parcel is for lives at the same address.")
    moved = {p.id: p for p in standing.people if p.household_id != parcel.household_id}
    for booklet in [b for b in parcel.booklets if b.participant_id in moved]:
        other = _parcel_to_join(moved[booklet.participant_id], parcel.cohort, by, at)
        _add_share(other, booklet, by, at)
    _begin_again(parcel, by, at)


def redate_parcels(*, by: Viewer, at: datetime) -> int:
    """Let parcels that have not gone follow their cohort's first session; say how many moved."""
    parcels = open_parcels()
    days = first_days({parcel.cohort_id for parcel in parcels})
    count = 0
    for parcel in parcels:
        due_on = due_day(parcel, days.get(parcel.cohort_id))
        if due_on != parcel.due_on:
            parcel.due_on = due_on
            audit.record("moved dispatch date", parcel, by=by, at=at)
            count += 1
    return count


def _parcel_to_join(person: Participant, cohort: Cohort, by: Viewer, at: datetime) -> Parcel:
    """The household's open parcel; one of their own where that has gone or would endanger them."""
    if not lives_with_somebody_kept_apart(person):
        parcel = _find_or_make(person, cohort, 0, by, at)
        if parcel.state in NOT_GONE:
            return parcel
    return _find_or_make(person, cohort, person.id, by, at)


def _find_or_make(
    person: Participant, cohort: Cohort, apart_id: int, by: Viewer, at: datetime
) -> Parcel:
    place = {"cohort_id": cohort.id, "household_id": person.household_id, "apart_id": apart_id}
    asked = select(Parcel).filter_by(**place).with_for_update()
    found = db.session.scalar(asked)
    if found:
        return found
    try:
        with db.session.begin_nested():
            return _make(person, cohort, apart_id, by, at)
    except IntegrityError:  # another clock made it in the meantime
        return db.session.scalars(asked).one()


def _make(person: Participant, cohort: Cohort, apart_id: int, by: Viewer, at: datetime) -> Parcel:
    parcel = Parcel(
        cohort=cohort,
        household_id=person.household_id,
        participant_id=person.id,
        apart_id=apart_id,
        reference=_reference(),
        state=ParcelState.TO_CONFIRM,
        made_on=clock.local(at, cohort.zone).date(),
        nation=nation_of(person.household.postcode),
    )
    parcel.due_on = due_day(parcel, first_days([cohort.id]).get(cohort.id))
    parcel.events.append(ParcelEvent(state=parcel.state, at=at, by=by.actor))
    db.session.add(parcel)
    audit.record("made parcel", parcel, by=by, at=at)
    return parcel


def _add_share(parcel: Parcel, booklet: Booklet, by: Viewer, at: datetime) -> None:
    """A box that was closed is opened again."""
    parcel.booklets.append(booklet)
    if parcel.state is ParcelState.PACKED:
        change_state(parcel, ParcelState.TO_PACK, by, at)
    audit.record("added to parcel", parcel, by=by, at=at, participant=booklet.participant_id)


def _begin_again(parcel: Parcel, by: Viewer, at: datetime) -> None:
    """After somebody left it: confirm it anew, or drop it when nobody is left."""
    db.session.flush()
    db.session.refresh(parcel, ["booklets"])
    if not parcel.booklets:
        change_state(parcel, ParcelState.CANCELLED, by, at)
        return
    if parcel.state is ParcelState.PACKED:
        change_state(parcel, ParcelState.TO_PACK, by, at)
    if parcel.state is ParcelState.TO_PACK:
        change_state(parcel, ParcelState.TO_CONFIRM, by, at)


def change_state(
    parcel: Parcel, to: ParcelState, by: Viewer, at: datetime, *, is_undo: bool = False
) -> None:
    parcel.state = to
    if to is ParcelState.TO_CONFIRM:
        parcel.address = parcel.confirmed_at = parcel.confirmed_by = None
    parcel.events.append(ParcelEvent(state=to, at=at, by=by.actor, is_undo=is_undo))


def due_day(parcel: Parcel, first_session: date | None) -> date:
    """Counted back with the bank holidays at both ends of the journey."""

    def is_closed(day: date) -> bool:
        return is_bank_holiday(day, OFFICE, parcel.nation)

    return dispatch_day(first_session or parcel.cohort.first_day, parcel.made_on, is_closed)


def _reference() -> str:
    """Eight letters without vowels, so that it spells nothing."""
    return "".join(secrets.choice(SIGNS) for _ in range(8))
