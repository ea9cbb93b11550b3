"""Kinds of step. The plan knows them by name; each area above says what its own kinds do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from programme.access.models import Account
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.programmes import load_programme
from programme.messages.models import Message


@dataclass(frozen=True)
class Result:
    """What carrying out a due came to: a message, a deed without one, or a reason not to."""

    message: Message | None = None
    skipped_because: str = ""


DONE = Result()


@dataclass(frozen=True)
class Draft:
    """What would be written: which text, and what fills it. `until`: when the text is of no
    use any more, if that is before its step's end."""

    template: str
    values: Mapping[str, Any]
    until: datetime | None = None


@dataclass(frozen=True)
class StepKind:
    """What one kind of step does.

    `who` selects the participants whose turn it is (one column, their ids), as the facts
    stand now; `carry_out` does it for one of them; `is_still_wanted` is asked again just
    before its message is sent; `preview` says what it will do, in a sentence for staff.
    `still_wanted_by`: the same for many at once, as a selection of participants.
    `repeats`: when its session moves after it was done, it is done again for the new date.
    `is_ad_hoc`: it does not come from a programme's plan, and planning leaves it alone.
    `ends_itself`: a job of its own ends it once it is done.
    `draft`: what it writes to the person who has that place, if it writes; None: nothing now.
    `staff`: whom of the staff it writes to, for kinds that concern no participant; then `draft`
    is asked without a place.
    """

    name: str
    label: str
    who: Callable[[Step], Select[int]]
    carry_out: Callable[[Due, datetime], Result]
    is_still_wanted: Callable[[Due, datetime], bool]
    preview: Callable[[Step], str]
    repeats: bool = False
    still_wanted_by: Callable[[Step], Select[int]] | None = None
    is_ad_hoc: bool = False
    ends_itself: bool = False
    draft: Callable[[Step, Enrolment | None, datetime], Draft | None] | None = None
    staff: Callable[[Step, datetime], Sequence[Account]] | None = None


KINDS: dict[str, StepKind] = {}


def register_kinds(kinds: Iterable[StepKind]) -> None:
    """Make kinds known to the plan. Called once, by `timetable.py`."""
    KINDS.update({kind.name: kind for kind in kinds})


def is_in_plan(step: Step) -> bool:
    """Whether its kind is known, and a line of the programme's plan still asks for it.

    What a newer plan has no more is held until somebody said yes to the new plan.
    """
    kind = KINDS.get(step.kind)
    if kind is None or kind.is_ad_hoc:
        return kind is not None
    return load_programme(step.cohort.programme).find_entry(step.name) is not None
