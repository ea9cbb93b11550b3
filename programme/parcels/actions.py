"""Confirming where parcels go, moving them on, and reading addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.web import Refusal
from programme.parcels.making import change_state, due_day
from programme.parcels.models import Parcel
from programme.parcels.parcel_page import ParcelPage, parcel_page
from programme.parcels.print_job import PrintJob, print_job
from programme.parcels.queries import Filter, first_days, parcel_for
from programme.parcels.rules import (
    STATE_LABELS,
    ParcelState,
    check_can_confirm,
    check_can_move,
    check_can_undo,
)
from programme.parcels.standings import standing_of
from programme.people.nations import nation_of


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
    parcel.due_on = due_day(parcel, first_days([parcel.cohort_id]).get(parcel.cohort_id))
    change_state(parcel, ParcelState.TO_PACK, by, at)
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
    if to is ParcelState.CANCELLED and not by.can(Permission.EDIT_PEOPLE):
        raise Refusal("Only a coordinator cancels a parcel.")
    if carrier:
        parcel.carrier = carrier
    change_state(parcel, to, by, at)
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
    change_state(parcel, back_to, by, at, is_undo=True)
    audit.record("undid parcel move", parcel, by=by, at=at)
    return back_to


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
