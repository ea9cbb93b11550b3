"""One row for each message, to one person, by one channel; and when the clock last ticked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.access.models import Account
from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.messages.rules import State, Wants
from programme.people.models import Participant
from programme.people.rules import Channel

TEXT = {"facts": Facts("participant", Kind.REVEALING, "coordinator", "90 days")}
ADDRESS = {"facts": Facts("participant", Kind.CONTACT, "nobody", "two years")}
SENDER = {"facts": Facts("participant", Kind.CONTACT, "coordinator", "90 days")}


class Message(Record):
    """A message to a participant or to staff. The text is rendered when it is sent."""

    __tablename__ = "messages"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", "two years")
    __table_args__ = (
        Index("ix_messages_state_next_try_at", "state", "next_try_at"),
        Index(
            "ix_messages_remembered",
            "due_at",
            sqlite_where=text("forgotten_at IS NULL"),
            postgresql_where=text("forgotten_at IS NULL"),
        ),
        Index(
            "ix_messages_came_back",
            "address_index",
            sqlite_where=text("came_back_at IS NOT NULL"),
            postgresql_where=text("came_back_at IS NOT NULL"),
        ),
        CheckConstraint("(participant_id IS NULL) <> (account_id IS NULL)", name="one_recipient"),
    )

    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Opaque; the e-mail's Message-ID is made from it, so that a second copy is recognised."""
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    channel: Mapped[Channel] = mapped_column(word(Channel))
    language: Mapped[str] = mapped_column(String(10))
    template: Mapped[str] = mapped_column(String(60))
    values: Mapped[str] = mapped_column(Sealed("messages.values"), info=TEXT)
    """JSON: what fills the template; links as purpose and row, never as keys."""
    more: Mapped[str | None] = mapped_column(Sealed("messages.more"), info=TEXT)
    """JSON: what else it carries, as pairs of template and values, in the order they joined."""
    address: Mapped[str | None] = mapped_column(Sealed("messages.address"), info=SENDER)
    """Where it goes when that is not what is recorded: a phone or e-mail that is new, or was
    replaced just now."""
    carries: Mapped[int] = mapped_column(default=1)
    """How many texts it carries, the first among them."""
    left_out: Mapped[int] = mapped_column(default=0)
    """Which of them are left out for good: bit n for the text n, counted from 0."""
    wording: Mapped[str] = mapped_column(String(40), default="")
    """The programme whose own wording of the texts counts; empty for messages of no programme."""
    sender_name: Mapped[str] = mapped_column(String(60), default="")
    subject: Mapped[str | None] = mapped_column(Sealed("messages.subject"), info=TEXT)
    text: Mapped[str | None] = mapped_column(Sealed("messages.text"), info=TEXT)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """From when on a sender may take it; while one has it, the end of that sender's lease."""
    state: Mapped[State] = mapped_column(word(State), default=State.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    """Counted when it is taken, so that a sender can tell whether the row is still its own."""
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a text message was handed to the provider. From then on it is never sent again."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by: Mapped[str | None] = mapped_column(String(60))
    provider_id: Mapped[str | None] = mapped_column(String(200), index=True)
    address_index: Mapped[str | None] = mapped_column(String(22), info=ADDRESS)
    """The blind index of the very address or number it was handed over for."""
    came_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When we learned that this address or number takes nothing of ours."""
    reason: Mapped[str | None] = mapped_column(String(200))
    """Why it was skipped, stopped or failed, in a sentence without personal data."""
    forgotten_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When subject, text and values were emptied."""
    participant: Mapped[Participant | None] = relationship()
    account: Mapped[Account | None] = relationship()


class Wording(Record):
    """What a coordinator made of one text, for one programme and language. The latest counts;
    an empty body gives the text that ships back."""

    __tablename__ = "wordings"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "coordinator", "for good")
    __table_args__ = (Index("ix_wordings_which", "programme", "template", "language"),)

    programme: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    together: Mapped[str] = mapped_column(Text, default="")
    """What it says when it goes in one message with others; empty when it goes alone."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class Reply(Record):
    """What somebody wrote back, by text or e-mail, until a person has read it."""

    __tablename__ = "replies"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", "two years")
    __table_args__ = (UniqueConstraint("channel", "provider_id"),)

    channel: Mapped[Channel] = mapped_column(word(Channel))
    provider_id: Mapped[str] = mapped_column(String(200))
    """The provider's id or the e-mail's Message-ID: the same reply, told twice, is one."""
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"), index=True)
    """Empty when the number or address is nobody's, or that of two people."""
    sender: Mapped[str] = mapped_column(Sealed("replies.sender"), info=SENDER)
    text: Mapped[str | None] = mapped_column(Sealed("replies.text"), info=TEXT)
    wants: Mapped[Wants] = mapped_column(word(Wants))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by: Mapped[str | None] = mapped_column(String(60))
    participant: Mapped[Participant | None] = relationship()


class ClockTick(Record):
    """When one recurring job last ran, in real time, whatever a demonstration pretends."""

    __tablename__ = "clock_ticks"
    __facts__ = Facts("the charity", Kind.OPERATIONAL, "coordinator", "replaced at every tick")

    job: Mapped[str] = mapped_column(String(60), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
