"""Vocabulary of questionnaires."""

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
