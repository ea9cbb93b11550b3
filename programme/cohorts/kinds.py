"""Kinds of step. The plan knows them by name; each area above says what its own kinds do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from programme.cohorts.models import Due, Step
from programme.messages.models import Message


@dataclass(frozen=True)
class Result:
    """What carrying out a due came to: a message, a deed without one, or a reason not to."""

    message: Message | None = None
    skipped_because: str = ""


DONE = Result()


@dataclass(frozen=True)
class StepKind:
    """What one kind of step does.

    `who` selects the participants whose turn it is (one column, their ids), as the facts
    stand now; `carry_out` does it for one of them; `is_still_wanted` is asked again just
    before its message is sent; `preview` says what it will do, in a sentence for staff.
    `still_wanted_by`: the same for many at once, as a selection of participants.
    `repeats`: when its session moves after it was done, it is done again for the new date.
    """

    name: str
    label: str
    who: Callable[[Step], Select[int]]
    carry_out: Callable[[Due, datetime], Result]
    is_still_wanted: Callable[[Due, datetime], bool]
    preview: Callable[[Step], str]
    repeats: bool = False
    still_wanted_by: Callable[[Step], Select[int]] | None = None


KINDS: dict[str, StepKind] = {}


def register_kinds(kinds: Iterable[StepKind]) -> None:
    """Make kinds known to the plan. Called once, by `timetable.py`."""
    KINDS.update({kind.name: kind for kind in kinds})
