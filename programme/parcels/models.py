"""Parcels, the booklets in them, and what happened to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.cohorts.models import Cohort
from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.parcels.rules import ParcelState
from programme.people.models import Participant
from programme.people.nations import Nation

KEPT = "six years after the cohort ends"
OF_PARTICIPANT = Facts("participant", Kind.OPERATIONAL, "coordinator, packer", KEPT)
ADDRESS = {"facts": Facts("participant", Kind.CONTACT, "packer", "90 days after posting")}


class Parcel(Record):
    """One parcel for one household and cohort; its address is frozen when it is confirmed."""

    __tablename__ = "parcels"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (
        UniqueConstraint("cohort_id", "household_id", "apart_id"),
        Index("ix_parcels_state_due_on", "state", "due_on"),
        Index("ix_parcels_due_on_id", "due_on", "id"),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    """To whom it is addressed."""
    apart_id: Mapped[int] = mapped_column(default=0)
    """The participant who gets a parcel of their own; 0 when it is the household's."""
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    """Opaque: what the carrier and the packing slip show."""
    state: Mapped[ParcelState] = mapped_column(word(ParcelState), default=ParcelState.TO_CONFIRM)
    made_on: Mapped[date]
    due_on: Mapped[date]
    """The day on which it must go."""
    nation: Mapped[Nation] = mapped_column(word(Nation))
    """Where it goes, as far as bank holidays are concerned."""
    address: Mapped[str | None] = mapped_column(Sealed("parcels.address"), info=ADDRESS)
    """JSON: name, lines, town, postcode, country, as confirmed."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(60))
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(60))
    cohort: Mapped[Cohort] = relationship()
    participant: Mapped[Participant] = relationship()
    booklets: Mapped[list["Booklet"]] = relationship(back_populates="parcel", order_by="Booklet.id")
    events: Mapped[list["ParcelEvent"]] = relationship(order_by="ParcelEvent.id")


class Booklet(Record):
    """One participant's share of a parcel. Unique, so that nobody is sent two."""

    __tablename__ = "booklets"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("cohort_id", "participant_id"),)

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    parcel: Mapped[Parcel] = relationship(back_populates="booklets")


class ParcelEvent(Record):
    """A parcel moved from one state to another, or its address was confirmed again."""

    __tablename__ = "parcel_events"
    __facts__ = OF_PARTICIPANT

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    state: Mapped[ParcelState] = mapped_column(word(ParcelState))
    is_undo: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
