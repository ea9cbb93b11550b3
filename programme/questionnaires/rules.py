"""Vocabulary of questionnaires, and where one stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Wave(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    THREE_MONTHS = "three_months"


WAVE_LABELS = {
    Wave.BEFORE: "Before",
    Wave.AFTER: "After",
    Wave.THREE_MONTHS: "Three months later",
}


class Mode(StrEnum):
    """How it was answered."""

    LINK = "link"
    PHONE = "phone"
    PAPER = "paper"


PAUSE = timedelta(minutes=10)
"""After so long without a touch, a screen shows nothing that was answered before."""


class Standing(StrEnum):
    """Where a questionnaire stands for the person who answers it."""

    OPEN = "open"
    FINISHED = "finished"
    OVER = "over"


def standing(finished_at: datetime | None, accepts_until: datetime, at: datetime) -> Standing:
    """Finished stays finished; late answers count until `accepts_until`."""
    if finished_at:
        return Standing.FINISHED
    return Standing.OPEN if at < accepts_until else Standing.OVER


def may_be_asked_after_leaving(
    wave: Wave, *, agrees: bool, came: bool, answered: bool, lets_us_keep_details: bool
) -> bool:
    """Whether somebody who left the group may still be asked in this wave.

    Only what they agreed to, only afterwards, and only where an answer means something: they
    came at least once, and answered before, so that there is something to compare. Whoever no
    longer lets us keep their details hears nothing.
    """
    return wave is not Wave.BEFORE and agrees and came and answered and lets_us_keep_details


def next_unanswered(total: int, answered: Collection[int], *, after: int = 0) -> int | None:
    """The first question beyond `after` without an answer (numbers begin at 1), or None."""
    return next((n for n in range(after + 1, total + 1) if n not in answered), None)


@dataclass(frozen=True)
class Chosen:
    """An answer (None: they would rather not say), or the wish to leave the question out."""

    value: int | None = None
    is_skipped: bool = False
