"""What staff do about a change that somebody made on their own page, after ringing them."""

from datetime import datetime

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.web import Refusal
from programme.people.actions import check_can_edit
from programme.people.models import Household, OwnChange
from programme.people.own_queries import CAN_BE_PUT_BACK, is_alone_at_home
from programme.people.own_writing import put
from programme.people.rules import ChangeKind


def note_checked(change: OwnChange, *, by: Viewer, at: datetime) -> None:
    """Somebody rang: it is right as it stands now. What waited and was not taken up is dropped."""
    check_can_edit(change.participant, by=by)
    _end(change, "checked own change", by, at)


def take_up(change: OwnChange, *, by: Viewer, at: datetime) -> None:
    """Somebody rang, and what the person wished for counts from now on.

    Who shared a home gets one of their own; the others stay where they are, and never see where.

    Raises:
        Refusal: it counts already.
    """
    check_can_edit(change.participant, by=by)
    if change.confirmed_at is not None:
        raise Refusal("This counts already. Say that it is right, or put it back.")
    _write(change, change.value or "", by)
    change.confirmed_at = at
    _end(change, "took up own change", by, at)


def put_back(change: OwnChange, *, by: Viewer, at: datetime) -> None:
    """It was not them, or a mistake: as it was before.

    Raises:
        Refusal: it never counted, or there is nothing to put back.
    """
    check_can_edit(change.participant, by=by)
    if change.confirmed_at is None or change.kind not in CAN_BE_PUT_BACK:
        raise Refusal("There is nothing to put back here. Correct it by hand.")
    _write(change, change.was or "", by)
    _end(change, "put back own change", by, at)


def _write(change: OwnChange, text: str, by: Viewer) -> None:
    person = change.participant
    if change.kind is ChangeKind.ADDRESS and not is_alone_at_home(person):
        person.household = Household(country=person.household.country)
    put(person, change.kind, text)
    if person.conversation and change.kind is not ChangeKind.ADDRESS:
        person.conversation.version += 1
        person.conversation.by = by.actor


def _end(change: OwnChange, action: str, by: Viewer, at: datetime) -> None:
    """Nobody needs to know the old number for longer than this."""
    change.done_at, change.done_by = at, by.actor
    change.was = change.value = None
    audit.record(action, change, by=by, at=at, person=change.participant_id, kind=change.kind)
