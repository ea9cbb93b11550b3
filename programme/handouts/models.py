"""What was rendered, what was released to whom, and what was read."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.handouts.rules import Form

OURS = Facts("the charity", Kind.OPERATIONAL, "every staff role", "while the programme is used")


class Rendering(Record):
    """A printed form of one week, found by the hash of everything it depends on."""

    __tablename__ = "renderings"
    __facts__ = OURS

    source_hash: Mapped[str] = mapped_column(String(64), unique=True)
    programme: Mapped[str] = mapped_column(String(40))
    week: Mapped[int]
    language: Mapped[str] = mapped_column(String(10))
    form: Mapped[Form] = mapped_column(word(Form))
    file_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file: a phone that has it asks by this."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The file itself: here, every host has it, and every backup."""
    rendered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Release(Record):
    """One week's handout, opened for one cohort."""

    __tablename__ = "releases"
    __facts__ = OURS
    __table_args__ = (UniqueConstraint("cohort_id", "week"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    week: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class Reading(Record):
    """A participant opened a week's page, and perhaps kept the file. The first time counts."""

    __tablename__ = "readings"
    __facts__ = Facts(
        "participant", Kind.OPERATIONAL, "facilitator", "six years after the cohort ends"
    )
    __table_args__ = (UniqueConstraint("participant_id", "cohort_id", "week"),)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    week: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    downloaded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
