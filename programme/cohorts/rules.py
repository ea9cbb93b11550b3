"""Vocabulary of cohorts, and pure decisions about dates."""

from enum import StrEnum


class Stage(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    STARTED = "started"
    COMPLETED = "completed"
    WITHDREW = "withdrew"


HAS_A_PLACE = (Stage.OFFERED, Stage.ENROLLED, Stage.STARTED, Stage.COMPLETED)
TAKES_PART = (Stage.ENROLLED, Stage.STARTED, Stage.COMPLETED)


class DueState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
