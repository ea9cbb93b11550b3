"""Builders of parcels, in the state that a test needs."""

from datetime import date, datetime

from sqlalchemy import select

from programme.access.models import Account, Grant, Partner
from programme.access.rules import Role
from programme.access.viewer import COMMAND_LINE, Viewer, staff_viewer
from programme.cohorts.models import Cohort
from programme.foundation.database import db
from programme.parcels.actions import confirm_address, move_parcel
from programme.parcels.making import put_in_parcel
from programme.parcels.models import Parcel
from programme.parcels.rules import ParcelState
from programme.parcels.standings import standing_of
from programme.people.models import Household, KeepApart, Participant
from tests import builders

FIRST = date(2026, 11, 3)
"""A Tuesday; five working days before it is the Tuesday of the week before."""
DUE = date(2026, 10, 27)


def a_cohort(*, name: str = "Tuesday group", partner: Partner | None = None) -> Cohort:
    return builders.cohort(FIRST, partner=partner or builders.partner(f"Of {name}"), name=name)


def enrolled(
    known_as: str, cohort: Cohort, *, household: Household | None = None, **others: object
) -> Participant:
    """Somebody enrolled, spoken to, who agreed to everything."""
    person = builders.participant(
        known_as,
        partner=db.session.get_one(Partner, cohort.partner_id),
        household=household,
        **others,
    )
    builders.spoken_to(person)
    builders.enrol(person, cohort)
    return person


def parcel_for(person: Participant, cohort: Cohort, at: datetime) -> Parcel:
    parcel = put_in_parcel(person, cohort, by=COMMAND_LINE, at=at)
    db.session.flush()
    return parcel


def confirmed(parcel: Parcel, at: datetime) -> Parcel:
    """As if somebody had rung."""
    seen = standing_of(parcel).recorded.fingerprint()
    confirm_address(parcel, seen=seen, by=COMMAND_LINE, at=at)
    db.session.flush()
    return parcel


def packed(parcel: Parcel, at: datetime) -> Parcel:
    move_parcel(
        confirmed(parcel, at),
        seen=ParcelState.TO_PACK,
        to=ParcelState.PACKED,
        by=COMMAND_LINE,
        at=at,
    )
    db.session.flush()
    return parcel


def keep_apart(one: Participant, other: Participant, at: datetime) -> None:
    low, high = sorted((one.id, other.id))
    db.session.add(KeepApart(one_id=low, other_id=high, at=at, by="test"))
    db.session.flush()


def packer(cohort: Cohort | None = None) -> Account:
    return builders.account(Role.PACKER, cohort=cohort, name=f"Pat Packer {cohort and cohort.id}")


def coordinator() -> Account:
    return builders.account(Role.COORDINATOR, name="Cora Coordinator")


def does_both() -> Account:
    account = builders.account(Role.COORDINATOR, name="Bo Both")
    account.grants.append(Grant(role=Role.PACKER))
    db.session.flush()
    return account


def viewer(account: Account) -> Viewer:
    return staff_viewer(account, FIRST)


def parcels_of(cohort: Cohort) -> list[Parcel]:
    asked = select(Parcel).filter_by(cohort_id=cohort.id).order_by(Parcel.id)
    return list(db.session.scalars(asked))
