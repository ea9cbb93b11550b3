"""Vocabulary of the register, and what marks and arrivals mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Attendance(StrEnum):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    CAUGHT_UP = "caught_up"


ATTENDANCE_LABELS = {
    Attendance.PRESENT: "Present",
    Attendance.LATE: "Late",
    Attendance.LEFT_EARLY: "Left early",
    Attendance.APOLOGIES: "Sent apologies",
    Attendance.ABSENT: "Absent",
    Attendance.CAUGHT_UP: "Caught up",
}


class How(StrEnum):
    """How somebody caught up with a session they missed."""

    CALL = "call"
    RECORDING = "recording"
    ONE_TO_ONE = "one_to_one"


HOW_LABELS = {How.CALL: "Call", How.RECORDING: "Recording", How.ONE_TO_ONE: "One-to-one"}


class Kept(StrEnum):
    """Whether something on the checklist was done."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Whose(StrEnum):
    """Whose a name in a meeting report is."""

    UNKNOWN = "unknown"
    PARTICIPANT = "participant"
    STAFF = "staff"
    NOBODY = "nobody"


class CallOutcome(StrEnum):
    """What became of ringing somebody who missed."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    THEY_WROTE = "they_wrote"
    NOT_RUNG = "not_rung"


CALL_OUTCOMES = {
    CallOutcome.REACHED: "Reached them",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.LEFT_MESSAGE: "Left a message",
    CallOutcome.THEY_WROTE: "They wrote themselves",
    CallOutcome.NOT_RUNG: "Decided not to ring",
}
NEEDS_WORDS = (CallOutcome.REACHED, CallOutcome.NOT_RUNG)
"""Of these the outcome alone says too little."""

CAME = (Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY)
MISSED = (Attendance.APOLOGIES, Attendance.ABSENT)


@dataclass(frozen=True)
class Wanted:
    """A mark somebody wants to set, and when the mark was set that they saw (None: no mark)."""

    participant_id: int
    attendance: Attendance
    seen_at: datetime | None = None


JOIN_OPENS = timedelta(minutes=15)
"""How long before the start the Join button opens."""
ON_TIME = timedelta(minutes=10)
"""Whoever pressed Join no later than this after the start came in time."""


def can_join(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether the meeting may be joined: from a quarter of an hour before, until the end."""
    return starts_at - JOIN_OPENS <= at < ends_at


def suggested_by(arrived_at: datetime | None, starts_at: datetime) -> Attendance | None:
    """What an arrival suggests. Only a suggestion: the facilitator decides."""
    if arrived_at is None:
        return None
    return Attendance.PRESENT if arrived_at <= starts_at + ON_TIME else Attendance.LATE


ENOUGH = 0.5
"""The part of a session from which somebody in the meeting counts as having come."""


def suggested_by_stay(
    minutes: float,
    joined_at: datetime | None,
    left_at: datetime | None,
    starts_at: datetime,
    ends_at: datetime,
) -> Attendance | None:
    """What a meeting report suggests, of somebody there for `minutes` of the session.

    None for a short stay: whether that counts is for the facilitator to say. Nobody is called
    absent by a report.
    """
    if minutes * 60 < ENOUGH * (ends_at - starts_at).total_seconds():
        return None
    if joined_at and joined_at > starts_at + ON_TIME:
        return Attendance.LATE
    return Attendance.LEFT_EARLY if left_at and left_at < ends_at - ON_TIME else Attendance.PRESENT


def has_missed_two(latest_first: Sequence[Attendance]) -> bool:
    """Whether the two latest marks both say missed. A session without a mark says nothing."""
    return len(latest_first) >= 2 and all(mark in MISSED for mark in latest_first[:2])
