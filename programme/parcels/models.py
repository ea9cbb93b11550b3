"""Parcels and what happened to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.foundation.database import Facts, Kind, Record, UTCDateTime, word
from programme.foundation.sealing import Sealed
from programme.parcels.rules import ParcelState

KEPT = "six years after the cohort ends"
OF_PARTICIPANT = Facts("participant", Kind.OPERATIONAL, "coordinator, packer", KEPT)
ADDRESS = {"facts": Facts("participant", Kind.CONTACT, "packer", "90 days after posting")}


class Parcel(Record):
    """One parcel for one household and cohort; its address is frozen when it is confirmed."""

    __tablename__ = "parcels"
    __facts__ = OF_PARTICIPANT
    __table_args__ = (UniqueConstraint("cohort_id", "household_id"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    """To whom it is addressed."""
    booklets: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    """Opaque: what the carrier and the packing slip show."""
    state: Mapped[ParcelState] = mapped_column(word(ParcelState))
    due_on: Mapped[date] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(Sealed("parcels.address"), info=ADDRESS)
    """JSON: name, lines, town, postcode, country, as confirmed."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(60))
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(60))
    events: Mapped[list["ParcelEvent"]] = relationship(order_by="ParcelEvent.at")


class ParcelEvent(Record):
    """A parcel moved from one state to another."""

    __tablename__ = "parcel_events"
    __facts__ = OF_PARTICIPANT

    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    state: Mapped[ParcelState] = mapped_column(word(ParcelState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(String(60))
