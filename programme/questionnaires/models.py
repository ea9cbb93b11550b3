"""Questionnaires, answers as they were given, and scores as they were published."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.questionnaires.rules import Mode, Wave

KEPT = "six years after the cohort ends"
OF_PARTICIPANT = Facts("participant", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)
ANSWERS = Facts("participant", Kind.ANSWER, "evaluator", KEPT)


class Questionnaire(Record):
    """One participant's one wave. Without a link to the person but through the enrolment."""

    __tablename__ = "questionnaires"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("enrolment_id", "wave"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    wave: Mapped[Wave] = mapped_column(word(Wave))
    instruments: Mapped[str] = mapped_column(String(200))
    """What is asked, in order: "who5@1 check-in@1"."""
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mode: Mapped[Mode] = mapped_column(word(Mode), default=Mode.LINK)
    is_late: Mapped[bool] = mapped_column(default=False)


class Answer(Record):
    """The answer to one item. No value means that the person preferred not to say."""

    __tablename__ = "answers"
    __facts__ = ANSWERS
    __table_args__ = (UniqueConstraint("questionnaire_id", "instrument", "item"),)

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    value: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Score(Record):
    """A score by an instrument's own rule. No value where that rule gives none."""

    __tablename__ = "scores"
    __facts__ = ANSWERS
    __table_args__ = (UniqueConstraint("questionnaire_id", "instrument", "score"),)

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    score: Mapped[str] = mapped_column(String(40))
    value: Mapped[float | None]
