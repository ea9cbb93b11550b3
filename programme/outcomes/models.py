"""Figures, worked out by the worker, so that no page needs a scientific library."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime


class Figures(Record):
    """What one measure showed in one cohort: aggregates only, never a person."""

    __tablename__ = "figures"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "coordinator, evaluator", "for good")
    __table_args__ = (UniqueConstraint("cohort_id", "instrument", "score"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    score: Mapped[str] = mapped_column(String(40))
    aggregates: Mapped[dict[str, Any]] = mapped_column(JSON)
    worked_out_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answers_until: Mapped[datetime] = mapped_column(UTCDateTime)
    """The latest finished questionnaire that counted."""
    finished: Mapped[int]
    """How many finished questionnaires there were; fewer than before after an erasure."""
