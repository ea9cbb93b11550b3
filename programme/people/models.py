"""Participants, households and their children, what they told us first, and consent."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed, SealedBytes
from programme.people.rules import ChangeKind, Channel, ConsentPurpose, Relationship

KEPT = "six years after the last contact"
IDENTITY = {"facts": Facts("participant", Kind.IDENTITY, "coordinator", KEPT)}
CONTACT = {"facts": Facts("participant", Kind.CONTACT, "coordinator", KEPT)}
ADDRESS = {"facts": Facts("participant", Kind.CONTACT, "packer", KEPT)}
HEALTH = {"facts": Facts("participant", Kind.HEALTH, "coordinator, facilitator", KEPT)}
REVEALING = {"facts": Facts("participant", Kind.REVEALING, "coordinator", KEPT)}
CHILD = {"facts": Facts("child", Kind.IDENTITY, "coordinator", KEPT)}
OWN_CHANGE = {
    "facts": Facts("participant", Kind.CONTACT, "coordinator", "until somebody has rung about it")
}
UPLOAD = {"facts": Facts("participant", Kind.REVEALING, "coordinator", "24 hours")}


class Household(Record):
    """Who lives together, and where post may reach them."""

    __tablename__ = "households"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", KEPT)

    address_lines: Mapped[str | None] = mapped_column(
        Sealed("households.address_lines"), info=ADDRESS
    )
    """Lines above the town, one under the other, divided by a line break."""
    town: Mapped[str | None] = mapped_column(Sealed("households.town"), info=ADDRESS)
    postcode: Mapped[str | None] = mapped_column(Sealed("households.postcode"), info=ADDRESS)
    country: Mapped[str] = mapped_column(String(2), default="GB")
    address_is_complete: Mapped[bool] = mapped_column(default=False)
    do_not_post: Mapped[bool] = mapped_column(default=False)
    participants: Mapped[list["Participant"]] = relationship(back_populates="household")
    children: Mapped[list["Child"]] = relationship(
        back_populates="household", cascade="all, delete-orphan", order_by="Child.id"
    )


class Participant(Record):
    """The adult who takes part: parent, grandparent or other carer."""

    __tablename__ = "participants"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator, facilitator", KEPT)

    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    known_as: Mapped[str] = mapped_column(String(60), index=True)
    first_name: Mapped[str | None] = mapped_column(Sealed("participants.first_name"), info=IDENTITY)
    surname: Mapped[str | None] = mapped_column(Sealed("participants.surname"), info=IDENTITY)
    relationship_to_child: Mapped[Relationship] = mapped_column(word(Relationship), info=REVEALING)
    phone: Mapped[str | None] = mapped_column(Sealed("participants.phone"), info=CONTACT)
    phone_index: Mapped[str | None] = mapped_column(String(22), index=True, info=CONTACT)
    email: Mapped[str | None] = mapped_column(Sealed("participants.email"), info=CONTACT)
    email_index: Mapped[str | None] = mapped_column(String(22), index=True, info=CONTACT)
    may_text: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(10), default="en")
    large_print: Mapped[bool] = mapped_column(default=False, info=HEALTH)
    allergies: Mapped[str | None] = mapped_column(Sealed("participants.allergies"), info=HEALTH)
    access_needs: Mapped[str | None] = mapped_column(
        Sealed("participants.access_needs"), info=HEALTH
    )
    notes: Mapped[str | None] = mapped_column(Sealed("participants.notes"), info=REVEALING)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id"))
    """Set when two entries turned out to be one person; undoing the merge empties it."""
    household: Mapped[Household] = relationship(back_populates="participants")
    conversation: Mapped["FirstConversation | None"] = relationship(back_populates="participant")
    name_words: Mapped[list["NameWord"]] = relationship(cascade="all, delete-orphan")


class NameWord(Record):
    """One word of a name, so that a person can be found without opening sealed names."""

    __tablename__ = "name_words"
    __facts__ = Facts("participant", Kind.IDENTITY, "coordinator", KEPT)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    word_index: Mapped[str] = mapped_column(String(22), index=True)


class Child(Record):
    """A child of a household: a first name and a birth year, no more."""

    __tablename__ = "children"
    __facts__ = Facts("child", Kind.OPERATIONAL, "coordinator", KEPT)

    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    first_name: Mapped[str] = mapped_column(Sealed("children.first_name"), info=CHILD)
    birth_year: Mapped[int | None] = mapped_column(info=CHILD)
    household: Mapped[Household] = relationship(back_populates="children")


class FirstConversation(Record):
    """What a worker and the person agreed before anything is sent or posted."""

    __tablename__ = "first_conversations"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", KEPT)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When they spoke, or the consent in the partner's file was given."""
    by: Mapped[str] = mapped_column(String(60))
    """Who wrote it down."""
    spoken_by: Mapped[str] = mapped_column(String(120), default="")
    """Who spoke with them."""
    version: Mapped[int] = mapped_column(default=1)
    """How often it was agreed anew, counted from 1; the audit has when, and by whom."""
    from_partners_file: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    from_hour: Mapped[int] = mapped_column(default=9)
    until_hour: Mapped[int] = mapped_column(default=20)
    may_leave_voicemail: Mapped[bool] = mapped_column(default=False)
    who_must_not_know: Mapped[str | None] = mapped_column(
        Sealed("first_conversations.who_must_not_know"), info=REVEALING
    )
    review_on: Mapped[date | None]
    participant: Mapped[Participant] = relationship(back_populates="conversation")


class Consent(Record):
    """One answer about one purpose, in the wording of one version. The latest counts."""

    __tablename__ = "consents"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", KEPT)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(word(ConsentPurpose))
    wording_version: Mapped[int]
    is_given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class OwnChange(Record):
    """What somebody changed or asked for on their own page, until one of us has rung about it."""

    __tablename__ = "own_changes"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", KEPT)
    __table_args__ = (
        Index(
            "ix_own_changes_open",
            "kind",
            "at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(word(ChangeKind))
    was: Mapped[str | None] = mapped_column(Sealed("own_changes.was"), info=OWN_CHANGE)
    """What it was before, to ring there and to put it back; emptied like `value` when done."""
    value: Mapped[str | None] = mapped_column(Sealed("own_changes.value"), info=OWN_CHANGE)
    advice: Mapped[str] = mapped_column(String(200), default="")
    """What whoever rings should know, in words of ours."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it took effect; empty while it waits for a code or for a person."""
    waits_for_a_person: Mapped[bool] = mapped_column(default=False)
    is_old_shared: Mapped[bool] = mapped_column(default=False)
    """Somebody else may read what goes to the old phone or e-mail: nothing may go there."""
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[str | None] = mapped_column(String(60))
    participant: Mapped[Participant] = relationship()


class Upload(Record):
    """A partner's file on its way in, with the person's corrections. Gone after 24 hours."""

    __tablename__ = "uploads"
    __facts__ = Facts("participant", Kind.OPERATIONAL, "coordinator", "24 hours")

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    filename: Mapped[str] = mapped_column(Sealed("uploads.filename"), info=UPLOAD)
    content: Mapped[bytes] = mapped_column(SealedBytes("uploads.content"), info=UPLOAD)
    choices: Mapped[str] = mapped_column(Sealed("uploads.choices"), default="{}", info=UPLOAD)
    """JSON: which column is what, cells mended, rows left out."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class KeepApart(Record):
    """Two people who must not meet, nor learn the other's address. The lower id comes first."""

    __tablename__ = "keep_apart"
    __facts__ = Facts("participant", Kind.REVEALING, "coordinator", KEPT)
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))


class Acquaintance(Record):
    """A member of staff who knows somebody outside the group, and so does not run it for them."""

    __tablename__ = "acquaintances"
    __facts__ = Facts("participant", Kind.REVEALING, "coordinator", KEPT)
    __table_args__ = (UniqueConstraint("account_id", "participant_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
