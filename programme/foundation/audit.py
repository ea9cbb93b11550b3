"""The audit: who did what to what, and when; written in the transaction that did it."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, db


class HasName(Protocol):
    """Whoever acts: an account, somebody holding a personal link, or the clock."""

    @property
    def actor(self) -> str: ...


class AuditEntry(Record):
    """One thing that somebody did or saw. Details hold numbers and words of ours, never text
    that a person typed."""

    __tablename__ = "audit_entries"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "coordinator", "seven years")

    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(60), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    action: str, subject: Record | type[Record], *, by: HasName, at: datetime, **details: Any
) -> None:
    """Write down that `by` did `action` to `subject`. A whole table stands for "a list of them"."""
    table = subject.__tablename__
    if isinstance(subject, Record) and subject.id is None:
        db.session.flush()
    number = subject.id if isinstance(subject, Record) else None
    db.session.add(
        AuditEntry(
            at=at,
            actor=by.actor,
            action=action,
            subject=table,
            subject_id=number,
            details=details,
        )
    )
