"""Making parcels, confirming where they go, moving them on, and reading addresses."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.foundation import audit, clock
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.parcels.models import Booklet, Parcel, ParcelEvent
from programme.parcels.nations import Nation, is_bank_holiday, nation_of
from programme.parcels.parcel_page import ParcelPage, parcel_page
from programme.parcels.print_job import PrintJob, print_job
from programme.parcels.queries import Filter, first_days, open_parcels, parcel_for
from programme.parcels.rules import (
    NOT_GONE,
    STATE_LABELS,
    ParcelState,
    check_can_confirm,
    check_can_move,
    check_can_undo,
    dispatch_day,
)
from programme.parcels.standings import lives_with_somebody_kept_apart, standing_of
from programme.people.models import Participant

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


def confirm_address(parcel: Parcel, *, seen: str, by: Viewer, at: datetime) -> None:
    """Record that the address was confirmed by phone, and freeze it on the parcel.

    `seen` is the fingerprint of the address that was asked about. A parcel that was
    packed for the address before needs its label made anew.

    Raises:
        Refusal: something stops the parcel, it has gone, or the address was changed meanwhile.
    """
    standing = standing_of(parcel)
    if parcel.state is not ParcelState.TO_CONFIRM and not standing.facts.address_changed:
        return
    check_can_confirm(parcel.state, standing.facts)
    if seen != standing.recorded.fingerprint():
        raise Refusal("The address was changed while you were asking. Ask about it again.")
    parcel.address = standing.recorded.to_text()
    parcel.participant_id = standing.people[0].id
    parcel.nation = nation_of(standing.recorded.postcode)
    parcel.confirmed_at, parcel.confirmed_by = at, by.actor
    parcel.due_on = _due_on(parcel, first_days([parcel.cohort_id]).get(parcel.cohort_id))
    _change(parcel, ParcelState.TO_PACK, by, at)
    audit.record("confirmed address", parcel, by=by, at=at)


def move_parcel(
    parcel: Parcel,
    *,
    seen: ParcelState,
    to: ParcelState,
    by: Viewer,
    at: datetime,
    carrier: str | None = None,
) -> bool:
    """Move a parcel on, as somebody saw it in `seen`; False when that was already done.

    Raises:
        Refusal: it was moved elsewhere meanwhile, the move is not legal, or something stops it.
    """
    if parcel.state is to:
        return False
    if parcel.state is not seen:
        now = STATE_LABELS[parcel.state].lower()
        raise Refusal(f"Somebody else changed this parcel meanwhile: it is now {now}.")
    check_can_move(parcel.state, to, standing_of(parcel).stopped_because)
    if carrier:
        parcel.carrier = carrier
    _change(parcel, to, by, at)
    audit.record(f"marked parcel {to}", parcel, by=by, at=at)
    return True


@dataclass(frozen=True)
class Moved:
    """What became of many parcels: how many moved, and why others did not."""

    count: int
    refused: tuple[str, ...]


def move_parcels(
    ids: Iterable[int], *, seen: ParcelState, to: ParcelState, by: Viewer, at: datetime
) -> Moved:
    """Move many parcels on; one that cannot be moved holds back no other."""
    count, refused = 0, []
    for parcel_id in sorted(set(ids)):
        parcel = parcel_for(by, parcel_id)
        if parcel is None:
            continue
        try:
            count += move_parcel(parcel, seen=seen, to=to, by=by, at=at)
        except Refusal as refusal:
            refused.append(f"{parcel.reference}: {refusal}")
    return Moved(count, tuple(refused))


def undo_move(parcel: Parcel, *, event_id: int, by: Viewer, at: datetime) -> ParcelState:
    """Take back the last move, when it is still the one that was seen.

    Raises:
        Refusal: something else happened since, or it cannot be undone.
    """
    events = parcel.events
    if len(events) < 2 or events[-1].id != event_id or events[-1].is_undo:
        raise Refusal("Something else happened to this parcel meanwhile. Look at it again.")
    back_to = check_can_undo(events[-2].state, parcel.state, events[-1].at, at)
    _change(parcel, back_to, by, at, is_undo=True)
    audit.record("undid parcel move", parcel, by=by, at=at)
    return back_to


def redate_parcels(*, by: Viewer, at: datetime) -> int:
    """Let parcels that have not gone follow their cohort's first session; say how many moved."""
    parcels = open_parcels()
    days = first_days({parcel.cohort_id for parcel in parcels})
    count = 0
    for parcel in parcels:
        due_on = _due_on(parcel, days.get(parcel.cohort_id))
        if due_on != parcel.due_on:
            parcel.due_on = due_on
            audit.record("moved dispatch date", parcel, by=by, at=at)
            count += 1
    return count


def look_at_parcel(parcel: Parcel, *, by: Viewer, at: datetime) -> ParcelPage:
    """A parcel's page; that somebody saw an address, or a part of it, is written down."""
    page = parcel_page(by, parcel, at)
    if page.address:
        audit.record("saw address", parcel, by=by, at=at)
    if page.to_ring:
        audit.record("saw part of address", parcel, by=by, at=at)
    return page


def take_addresses(
    chosen: Filter, *, what: str, order: str = "cohort", by: Viewer, at: datetime
) -> PrintJob:
    """The addresses of parcels in hand, for a print or an export; written down which, and by whom.

    Raises:
        Refusal: no parcel of the filter may go.
    """
    job = print_job(by, chosen, order)
    if not job.rows:
        raise Refusal("None of these parcels may go yet: confirm addresses and look at the list.")
    ids = [row.parcel_id for row in job.rows]
    audit.record(f"exported {what}", Parcel, by=by, at=at, parcels=ids)
    return job


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
    parcel.due_on = _due_on(parcel, first_days([cohort.id]).get(cohort.id))
    parcel.events.append(ParcelEvent(state=parcel.state, at=at, by=by.actor))
    db.session.add(parcel)
    audit.record("made parcel", parcel, by=by, at=at)
    return parcel


def _add_share(parcel: Parcel, booklet: Booklet, by: Viewer, at: datetime) -> None:
    """A box that was closed is opened again."""
    parcel.booklets.append(booklet)
    if parcel.state is ParcelState.PACKED:
        _change(parcel, ParcelState.TO_PACK, by, at)
    audit.record("added to parcel", parcel, by=by, at=at, participant=booklet.participant_id)


def _begin_again(parcel: Parcel, by: Viewer, at: datetime) -> None:
    """After somebody left it: confirm it anew, or drop it when nobody is left."""
    db.session.flush()
    db.session.refresh(parcel, ["booklets"])
    if not parcel.booklets:
        _change(parcel, ParcelState.CANCELLED, by, at)
        return
    if parcel.state is ParcelState.PACKED:
        _change(parcel, ParcelState.TO_PACK, by, at)
    if parcel.state is ParcelState.TO_PACK:
        _change(parcel, ParcelState.TO_CONFIRM, by, at)


def _change(
    parcel: Parcel, to: ParcelState, by: Viewer, at: datetime, *, is_undo: bool = False
) -> None:
    parcel.state = to
    if to is ParcelState.TO_CONFIRM:
        parcel.address = parcel.confirmed_at = parcel.confirmed_by = None
    parcel.events.append(ParcelEvent(state=to, at=at, by=by.actor, is_undo=is_undo))


def _due_on(parcel: Parcel, first_session: date | None) -> date:
    """Counted back with the bank holidays at both ends of the journey."""

    def is_closed(day: date) -> bool:
        return is_bank_holiday(day, OFFICE, parcel.nation)

    return dispatch_day(first_session or parcel.cohort.first_day, parcel.made_on, is_closed)


def _reference() -> str:
    """Eight letters without vowels, so that it spells nothing."""
    return "".join(secrets.choice(SIGNS) for _ in range(8))
