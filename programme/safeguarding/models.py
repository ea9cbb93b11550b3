"""Concerns about somebody's safety. Sealed, never exported."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime
from programme.foundation.sealing import Sealed

FACTS = Facts("participant", Kind.REVEALING, "safeguarding lead", "until the child is 25")
SEALED = {"facts": FACTS}


class Concern(Record):
    """What was seen or said, by whom, and what the safeguarding lead did about it."""

    __tablename__ = "concerns"
    __facts__ = FACTS

    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("group_sessions.id"))
    text: Mapped[str] = mapped_column(Sealed("concerns.text"), info=SEALED)
    happened_on: Mapped[date | None]
    """The day on which it was seen or said, where whoever raised it knew."""
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    raised_by: Mapped[str] = mapped_column(String(60))
    is_about_lead: Mapped[bool] = mapped_column(default=False)
    """Then only the deputy may read it."""
    action: Mapped[str | None] = mapped_column(Sealed("concerns.action"), info=SEALED)
    was_acted_on: Mapped[bool | None]
    """Once answered: whether `action` says what was done, or why nothing was."""
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(60))
