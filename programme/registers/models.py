"""Marks and what they were before, arrivals, closings, hours and facilitators' notes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.registers.rules import Attendance, CallOutcome, How, Kept, Whose

KEPT = "six years after the cohort ends"
OF_PARTICIPANT = Facts("participant", Kind.OPERATIONAL, "coordinator, facilitator, helper", KEPT)
NAMED = {"facts": Facts("participant", Kind.IDENTITY, "coordinator, facilitator", KEPT)}
NOTES = {"facts": Facts("participant", Kind.REVEALING, "facilitator", KEPT)}


class Mark(Record):
    """Who came, as it now stands."""

    __tablename__ = "marks"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    attendance: Mapped[Attendance] = mapped_column(word(Attendance))
    how: Mapped[How | None] = mapped_column(word(How))
    """How somebody caught up."""
    minutes: Mapped[int | None]
    """How long they were in the meeting while the session was on, by its reports."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class EarlierMark(Record):
    """What a mark was before it was changed."""

    __tablename__ = "earlier_marks"
    __facts__ = OF_PARTICIPANT

    mark_id: Mapped[int] = mapped_column(ForeignKey("marks.id"), index=True)
    attendance: Mapped[Attendance] = mapped_column(word(Attendance))
    how: Mapped[How | None] = mapped_column(word(How))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Sealed("earlier_marks.reason"), info=NOTES)


class Tap(Record):
    """A mark that came from a device, by the key that the device gave it: it counts once,
    however often it is sent."""

    __tablename__ = "taps"
    __facts__ = OF_PARTICIPANT

    key: Mapped[str] = mapped_column(String(36), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


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


class CannotGetIn(Record):
    """A participant said that they cannot get into the meeting."""

    __tablename__ = "cannot_get_in"
    __facts__ = OF_PARTICIPANT

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    helped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    helped_by: Mapped[str | None] = mapped_column(String(60))


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


class FidelityAnswer(Record):
    """Whether one thing of the checklist was done, as one who ran the evening saw it."""

    __tablename__ = "fidelity_answers"
    __facts__ = Facts("staff", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)
    __table_args__ = (UniqueConstraint("session_id", "account_id", "item"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    item: Mapped[str] = mapped_column(String(40))
    """Its id in `programme.yaml`."""
    kept: Mapped[Kept] = mapped_column(word(Kept))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CallDuty(Record):
    """Who is to ring somebody who missed."""

    __tablename__ = "call_duties"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class MissedCall(Record):
    """Somebody who missed was rung, or it was decided not to. Several tries are several rows."""

    __tablename__ = "missed_calls"
    __facts__ = OF_PARTICIPANT

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[CallOutcome | None] = mapped_column(word(CallOutcome))
    """Empty where it was written down before outcomes were asked for."""
    note: Mapped[str | None] = mapped_column(Sealed("missed_calls.note"), info=NOTES)


class MeetingReport(Record):
    """What the meeting service says of one evening, as it was brought in. Several add up."""

    __tablename__ = "meeting_reports"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("session_id", "digest"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file: the same report, brought in twice, counts once."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
    names: Mapped[list["ReportedName"]] = relationship(
        back_populates="report", cascade="all, delete-orphan"
    )


class ReportedName(Record):
    """A name in a meeting report, until a person said whose it is, and after."""

    __tablename__ = "reported_names"
    __facts__ = OF_PARTICIPANT

    report_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_reports.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Sealed("reported_names.name"), info=NAMED)
    email: Mapped[str | None] = mapped_column(Sealed("reported_names.email"), info=NAMED)
    intervals: Mapped[str] = mapped_column(Text)
    """JSON: pairs of instants, UTC, within the session; empty where the report has no times."""
    minutes: Mapped[float]
    """In the session, to a tenth."""
    whose: Mapped[Whose] = mapped_column(word(Whose), default=Whose.UNKNOWN)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    report: Mapped[MeetingReport] = relationship(back_populates="names")
    people: Mapped[list["ReportedPerson"]] = relationship(cascade="all, delete-orphan")


class ReportedPerson(Record):
    """Somebody who was behind a reported name. Two may share one device."""

    __tablename__ = "reported_people"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("name_id", "participant_id"),)

    name_id: Mapped[int] = mapped_column(ForeignKey("reported_names.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)


class Alias(Record):
    """A name that somebody uses in meetings, remembered once a person confirmed it."""

    __tablename__ = "aliases"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("name_index", "participant_id"),)

    name_index: Mapped[str] = mapped_column(String(22), info=NAMED)
    """The blind index of the name as reports write it, in small letters."""
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
