"""Vocabulary of parcels, which moves are allowed, what stops a parcel, and when it must go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from programme.foundation.web import Refusal
from programme.people.nations import working_day


class ParcelState(StrEnum):
    TO_CONFIRM = "to_confirm"
    TO_PACK = "to_pack"
    PACKED = "packed"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


S = ParcelState
MOVES: dict[ParcelState, frozenset[ParcelState]] = {
    S.TO_CONFIRM: frozenset({S.TO_PACK, S.CANCELLED}),
    S.TO_PACK: frozenset({S.PACKED, S.TO_CONFIRM, S.CANCELLED}),
    S.PACKED: frozenset({S.POSTED, S.TO_PACK, S.CANCELLED}),
    S.POSTED: frozenset({S.DELIVERED, S.RETURNED, S.LOST, S.PACKED}),
    S.DELIVERED: frozenset({S.POSTED}),
    S.RETURNED: frozenset({S.POSTED}),
    S.LOST: frozenset({S.POSTED}),
    S.CANCELLED: frozenset({S.TO_CONFIRM}),
}
IN_HAND = (S.TO_PACK, S.PACKED)
NOT_GONE = (S.TO_CONFIRM, S.TO_PACK, S.PACKED)
GONE = (S.POSTED, S.DELIVERED, S.RETURNED, S.LOST)
READY = (S.PACKED, *GONE)
MOVES_BY_HAND: dict[ParcelState, tuple[ParcelState, ...]] = {
    S.TO_CONFIRM: (S.CANCELLED,),
    S.TO_PACK: (S.PACKED, S.CANCELLED),
    S.PACKED: (S.POSTED, S.CANCELLED),
    S.POSTED: (S.DELIVERED, S.RETURNED, S.LOST),
}
"""The moves that have a button. Going back is an undo; confirming has a form of its own."""

STATE_LABELS = {
    S.TO_CONFIRM: "To confirm",
    S.TO_PACK: "To pack",
    S.PACKED: "Packed",
    S.POSTED: "Posted",
    S.DELIVERED: "Delivered",
    S.RETURNED: "Returned",
    S.LOST: "Lost",
    S.CANCELLED: "Cancelled",
}
MOVE_LABELS = {
    S.PACKED: "Mark as packed",
    S.POSTED: "Mark as posted",
    S.DELIVERED: "It arrived",
    S.RETURNED: "It came back",
    S.LOST: "It is lost",
    S.CANCELLED: "Cancel this parcel",
}

UNDO_FOR = timedelta(days=1)
DAYS_IN_THE_POST = 3
DAYS_TO_SPARE = 2


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What can stop a parcel, as the facts stand now. `address_problem` is a sentence, or empty."""

    somebody_takes_part: bool = True
    do_not_post: bool = False
    was_spoken_to: bool = True
    agreed_to_post: bool = True
    is_kept_apart: bool = False
    somebody_moved_out: bool = False
    address_problem: str = ""
    address_changed: bool = False


STOPPED_FOR_PACKERS = "A coordinator must look at this one first."


def what_stops(facts: Circumstances) -> str | None:
    """Why this parcel may not go, in one sentence, the gravest reason first; None if it may."""
    reasons = (
        (not facts.somebody_takes_part, "Nobody it was for takes part any more. Cancel it."),
        (facts.is_kept_apart, KEPT_APART),
        (facts.do_not_post, "Nothing may be posted to this home."),
        (not facts.was_spoken_to, "The first conversation is not recorded yet."),
        (not facts.agreed_to_post, "They have not agreed to post, or no longer do."),
        (facts.somebody_moved_out, "Somebody it is for lives elsewhere now. Split the parcel."),
        (bool(facts.address_problem), facts.address_problem),
        (facts.address_changed, "The address has changed since. Ring, and confirm it again."),
    )
    return next((sentence for is_so, sentence in reasons if is_so), None)


KEPT_APART = "Two people recorded at this address must be kept apart. Ask each where they live."


def check_can_move(current: ParcelState, to: ParcelState, stopped_because: str | None) -> None:
    """Whether somebody may move a parcel forward by hand.

    Raises:
        Refusal: the move is not a legal one, or something stops the parcel.
    """
    if to not in MOVES_BY_HAND.get(current, ()) or to not in MOVES[current]:
        raise Refusal(f"A parcel that is {_said(current)} cannot be marked as {_said(to)}.")
    if to in (S.PACKED, S.POSTED) and stopped_because:
        raise Refusal(stopped_because)


def can_move(current: ParcelState, to: ParcelState, stopped_because: str | None) -> bool:
    """Whether somebody may move a parcel forward by hand."""
    try:
        check_can_move(current, to, stopped_because)
    except Refusal:
        return False
    return True


def check_can_confirm(current: ParcelState, facts: Circumstances) -> None:
    """Whether the address may be confirmed, for the first time or again.

    Raises:
        Refusal: it is too late, or confirming would not help.
    """
    if current not in NOT_GONE:
        raise Refusal(f"A parcel that is {_said(current)} needs no address any more.")
    others = Circumstances(**(vars(facts) | {"address_changed": False}))
    if reason := what_stops(others):
        raise Refusal(reason)


def can_confirm(current: ParcelState, facts: Circumstances) -> bool:
    """Whether the address may be confirmed, for the first time or again."""
    try:
        check_can_confirm(current, facts)
    except Refusal:
        return False
    return True


def undone_state(was: ParcelState | None, current: ParcelState) -> ParcelState | None:
    """Where a parcel goes when its last move is undone; None when it cannot be.

    A cancelled parcel begins again: its address is confirmed anew.
    """
    if was is None or was is current:
        return None
    if current is S.CANCELLED:
        return S.TO_CONFIRM
    return was if was in MOVES[current] else None


def check_can_undo(
    was: ParcelState | None, current: ParcelState, happened_at: datetime, at: datetime
) -> ParcelState:
    """Where a parcel goes when its last move, made at `happened_at`, is undone.

    Raises:
        Refusal: there is nothing to undo, or it was too long ago.
    """
    back_to = undone_state(was, current)
    if back_to is None:
        raise Refusal("There is nothing to undo here.")
    if at - happened_at > UNDO_FOR:
        raise Refusal("That was more than a day ago, and is no longer undone here.")
    return back_to


def can_undo(
    was: ParcelState | None, current: ParcelState, happened_at: datetime, at: datetime
) -> bool:
    """Whether the last move can be undone."""
    try:
        check_can_undo(was, current, happened_at, at)
    except Refusal:
        return False
    return True


def dispatch_day(first_session: date, made_on: date, is_closed: Callable[[date], bool]) -> date:
    """The last day on which a parcel can go and still arrive in good time.

    Counted back from the first session in working days: days in the post, and days
    to spare. A parcel made later than that goes on the next working day.
    """
    day = first_session
    for _ in range(DAYS_IN_THE_POST + DAYS_TO_SPARE):
        day = working_day(day - timedelta(days=1), is_closed, step=-1)
    return max(day, working_day(made_on, is_closed, step=1))


def _said(state: ParcelState) -> str:
    return STATE_LABELS[state].lower()
