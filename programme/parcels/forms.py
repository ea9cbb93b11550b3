"""What was chosen on the dispatch list, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from programme.foundation.web import Refusal
from programme.parcels.queries import Filter
from programme.parcels.rules import NOT_GONE, ParcelState

CHOICES = {"": NOT_GONE, "all": tuple(ParcelState)} | {s.value: (s,) for s in ParcelState}
"""What can be chosen as state: nothing means what has not gone."""
NUDGE = 10.0
"""Millimetres."""


def read_filter(given: Mapping[str, str]) -> Filter:
    """Which parcels to show; what cannot be read counts as not chosen."""
    return Filter(
        cohort_id=_number(given.get("cohort", "")),
        states=CHOICES.get(given.get("state", ""), NOT_GONE),
        due_by=_day(given.get("due", "")),
        page=_number(given.get("page", "")) or 1,
    )


def filter_arguments(given: Mapping[str, str]) -> dict[str, str]:
    """The same choice again, for links."""
    return {name: given[name] for name in ("cohort", "state", "due", "page") if given.get(name)}


@dataclass(frozen=True)
class Tick:
    """One parcel, in the state in which somebody saw it."""

    parcel_id: int
    seen: ParcelState


def read_tick(text: str) -> Tick | None:
    """ "12.to_pack" as a row's button sends it; None for anything else."""
    number, _, state = text.partition(".")
    parcel_id = _number(number)
    if parcel_id is None or state not in list(ParcelState):
        return None
    return Tick(parcel_id, ParcelState(state))


def read_seen(text: str) -> ParcelState:
    """The state of the parcels that were selected.

    Raises:
        Refusal: no button was used that says so.
    """
    if text not in (ParcelState.TO_PACK, ParcelState.PACKED):
        raise Refusal("Tick parcels, then choose what happened to them.")
    return ParcelState(text)


def read_state(text: str) -> ParcelState:
    """A state.

    Raises:
        Refusal: there is no such state.
    """
    if text not in list(ParcelState):
        raise Refusal("Choose what happened to the parcel.")
    return ParcelState(text)


def read_start(text: str, count: int) -> int:
    """The first label to use, from 1 to `count`.

    Raises:
        Refusal: there is no such label on the sheet.
    """
    number = _number(text or "1")
    if number is None or not 1 <= number <= count:
        raise Refusal(f"Start at a label from 1 to {count}: the sheet has no other.")
    return number


def read_nudge(text: str) -> float:
    """Millimetres to the right or down.

    Raises:
        Refusal: it is not a number, or more than a centimetre.
    """
    try:
        nudge = float(text or 0)
    except ValueError:
        nudge = NUDGE + 1
    if not abs(nudge) <= NUDGE:
        raise Refusal(f"Move the print by at most {NUDGE:.0f} mm, written like 1.5 or -1.5.")
    return nudge


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
