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


def next_unanswered(total: int, answered: Collection[int], *, after: int = 0) -> int | None:
    """The first question beyond `after` without an answer (numbers begin at 1), or None."""
    return next((n for n in range(after + 1, total + 1) if n not in answered), None)


@dataclass(frozen=True)
class Chosen:
    """An answer (None: they would rather not say), or the wish to leave the question out."""

    value: int | None = None
    is_skipped: bool = False
