"""Two taps after a session."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime


class Pulse(Record):
    """How one session was for one participant, in one of the programme's three answers."""

    __tablename__ = "pulses"
    __facts__ = Facts("participant", Kind.ANSWER, "facilitator", "six years after the cohort ends")
    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    answer: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
