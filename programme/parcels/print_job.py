"""What goes on labels and in the carrier's file: addresses of parcels in hand, and no others."""

from dataclasses import dataclass, replace
from datetime import date

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.parcels.contents import kit_of, weight_grams
from programme.parcels.dispatch_list import sentence_for
from programme.parcels.models import Parcel
from programme.parcels.queries import Filter, parcels_for
from programme.parcels.rules import IN_HAND, NOT_GONE
from programme.parcels.standings import Standing, standings
from programme.people.addresses import Address


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """One parcel with its frozen address. `weight_grams` is 0 when it is not known."""

    parcel_id: int
    reference: str
    due_on: date
    booklets: int
    weight_grams: int
    address: Address


@dataclass(frozen=True)
class PrintJob:
    """Parcels to print, and a sentence for each that was left out."""

    rows: tuple[Addressed, ...]
    left_out: tuple[str, ...]


def print_job(viewer: Viewer, chosen: Filter, order: str = "cohort") -> PrintJob:
    """The parcels of the filter that may go; `order` is "cohort" or "postcode"."""
    not_gone = tuple(state for state in chosen.states if state in NOT_GONE)
    asked = parcels_for(viewer, replace(chosen, states=not_gone), Permission.PACK_PARCELS)
    parcels = db.session.scalars(asked).all()
    found = standings(parcels)
    reasons = {p.id: _left_out_because(viewer, p, found[p.id]) for p in parcels}
    rows = [_addressed(p, found[p.id]) for p in parcels if not reasons[p.id]]
    if order == "postcode":
        rows.sort(key=lambda row: (row.address.postcode, row.reference))
    left_out = (f"{p.reference}: {reasons[p.id]}" for p in parcels if reasons[p.id])
    return PrintJob(tuple(rows), tuple(left_out))


def _left_out_because(viewer: Viewer, parcel: Parcel, standing: Standing) -> str | None:
    sentence = sentence_for(viewer, standing)
    if sentence or parcel.state in IN_HAND:
        return sentence
    return "The address is not confirmed yet."


def _addressed(parcel: Parcel, standing: Standing) -> Addressed:
    kit = kit_of(parcel.cohort.programme)
    return Addressed(
        parcel_id=parcel.id,
        reference=parcel.reference,
        due_on=parcel.due_on,
        booklets=standing.booklets,
        weight_grams=weight_grams(kit, standing.booklets),
        address=standing.address,
    )
