"""What somebody who marks is asked when a mark was left as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from programme.access.queries import names_by_actor
from programme.cohorts.models import GroupSession
from programme.foundation.web import Refusal, say_moment, say_time
from programme.registers.models import Closing, Mark
from programme.registers.rules import Attendance, How, Wanted, say_mark


@dataclass(frozen=True)
class Conflict:
    """A mark that was left as it is, and what is asked about it.

    Somebody else set it meanwhile, or (`asks_why`) the register is closed and there is no reason.
    """

    participant_id: int
    attendance: Attendance
    how: How | None
    at: datetime
    wanted: Wanted
    asks_why: bool
    sentence: str


class MarkedMeanwhile(Refusal):
    """One mark was left as it is, and somebody must decide."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.sentence)
        self.conflict = conflict


def tell(
    left: Sequence[tuple[Mark, Wanted]],
    names: Mapping[int, str],
    session: GroupSession,
    closing: Closing | None,
) -> tuple[Conflict, ...]:
    """Say, for each mark that was left as it is, why. One query, none for no marks."""
    actors = [current.by for current, _ in left] + ([closing.by] if closing and left else [])
    who, zone = names_by_actor(actors), session.cohort.zone
    closed = _say_closed(closing, who, zone) if closing and left else ""
    return tuple(
        Conflict(
            participant_id=current.participant_id,
            attendance=current.attendance,
            how=current.how,
            at=current.at,
            wanted=wanted,
            asks_why=bool(closed) and not wanted.reason,
            sentence=_sentence(
                current, wanted, names[current.participant_id], who[current.by], closed, zone
            ),
        )
        for current, wanted in left
    )


def _say_closed(closing: Closing, who: Mapping[str, str], zone: str) -> str:
    return f"{who[closing.by]} closed the register on {say_moment(closing.at, zone)}."


def _sentence(
    current: Mark, wanted: Wanted, name: str, marked_by: str, closed: str, zone: str
) -> str:
    stands = say_mark(current.attendance, current.how)
    chosen = say_mark(wanted.attendance, wanted.how)
    if closed and not wanted.reason:
        return f"{closed} {name} is marked “{stands}”. Say why it becomes “{chosen}”."
    when = say_time(current.at, zone)
    return f"{marked_by} marked {name} “{stands}” at {when}. You chose “{chosen}”."
