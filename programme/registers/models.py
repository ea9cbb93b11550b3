"""Marks and what they were before, arrivals, closings, hours and facilitators' notes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.registers.rules import Attendance

KEPT = "six years after the cohort ends"
OF_PARTICIPANT = Facts("participant", Kind.OPERATIONAL, "coordinator, facilitator, helper", KEPT)
NOTES = {"facts": Facts("participant", Kind.REVEALING, "facilitator", KEPT)}


class Mark(Record):
    """Who came, as it now stands."""

    __tablename__ = "marks"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    attendance: Mapped[Attendance] = mapped_column(word(Attendance))
    how: Mapped[str | None] = mapped_column(String(20))
    """How somebody caught up: call, recording or one-to-one."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class EarlierMark(Record):
    """What a mark was before it was changed."""

    __tablename__ = "earlier_marks"
    __facts__ = OF_PARTICIPANT

    mark_id: Mapped[int] = mapped_column(ForeignKey("marks.id"), index=True)
    attendance: Mapped[Attendance] = mapped_column(word(Attendance))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Sealed("earlier_marks.reason"), info=NOTES)


class Closing(Record):
    """A register that somebody declared complete."""

    __tablename__ = "register_closings"
    __facts__ = OF_PARTICIPANT

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class Arrival(Record):
    """A participant pressed Join."""

    __tablename__ = "arrivals"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SessionNote(Record):
    """What a facilitator wrote down about an evening."""

    __tablename__ = "session_notes"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "facilitator", KEPT)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), unique=True)
    text: Mapped[str] = mapped_column(Sealed("session_notes.text"), info=NOTES)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class Hours(Record):
    """How long an evening took somebody who ran it, with preparing and clearing up."""

    __tablename__ = "session_hours"
    __facts__ = Facts("staff", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)
    __table_args__ = (UniqueConstraint("session_id", "account_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    minutes: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class MissedCall(Record):
    """Somebody who missed was rung, or it was decided not to."""

    __tablename__ = "missed_calls"
    __facts__ = OF_PARTICIPANT

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Sealed("missed_calls.note"), info=NOTES)
