"""How parcels stand: whom each is for, where it goes, what must not go in, what stops it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from programme.cohorts.models import Enrolment
from programme.cohorts.rules import TAKES_PART
from programme.foundation.database import db
from programme.parcels.contents import contents_note
from programme.parcels.models import Booklet, Parcel
from programme.parcels.rules import Circumstances, what_stops
from programme.people.addresses import Address, address_of, problem_with, read_address
from programme.people.models import Consent, FirstConversation, KeepApart, Participant
from programme.people.queries import is_kept_apart_at_home
from programme.people.rules import ConsentPurpose


@dataclass(frozen=True)
class Standing:
    """How one parcel stands now. `people` still take part and agreed to post; the first of
    them is who it is addressed to. `address` is the frozen one, or else `recorded`."""

    people: tuple[Participant, ...]
    address: Address
    recorded: Address
    note: str
    facts: Circumstances

    @property
    def stopped_because(self) -> str | None:
        return what_stops(self.facts)

    @property
    def booklets(self) -> int:
        return len(self.people)

    @property
    def names(self) -> str:
        return " and ".join(person.known_as for person in self.people)


@dataclass(frozen=True)
class _Sharer:
    person: Participant
    was_spoken_to: bool
    agreed: bool


def agreed_to_post() -> ColumnElement[bool]:
    """Whether the participant's latest answer about post was yes."""
    latest = (
        select(Consent.is_given)
        .filter(Consent.participant_id == Participant.id, Consent.purpose == ConsentPurpose.POST)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(latest, False)


def was_spoken_to() -> ColumnElement[bool]:
    """Whether the participant's first conversation is recorded."""
    return exists().where(FirstConversation.participant_id == Participant.id)


def standings(parcels: Sequence[Parcel]) -> dict[int, Standing]:
    """How these parcels stand, by parcel id, in three selects however many there are."""
    sharers = _sharers(parcels)
    members = _members(parcel.household_id for parcel in parcels)
    pairs = _kept_apart(members, sharers)
    return {
        parcel.id: _standing(parcel, sharers[parcel.id], members[parcel.household_id], pairs)
        for parcel in parcels
    }


def standing_of(parcel: Parcel) -> Standing:
    """How one parcel stands."""
    return standings([parcel])[parcel.id]


def lives_with_somebody_kept_apart(person: Participant) -> bool:
    """Whether somebody recorded at the same address must be kept apart from this person."""
    asked = select(is_kept_apart_at_home()).select_from(Participant)
    return bool(db.session.scalar(asked.filter(Participant.id == person.id)))


def _sharers(parcels: Sequence[Parcel]) -> defaultdict[int, list[_Sharer]]:
    """Who shares each parcel and still takes part, in the order in which they joined it."""
    asked = (
        select(Booklet.parcel_id, Participant, was_spoken_to(), agreed_to_post())
        .join(Participant, Participant.id == Booklet.participant_id)
        .join(
            Enrolment,
            (Enrolment.participant_id == Participant.id)
            & (Enrolment.cohort_id == Booklet.cohort_id),
        )
        .filter(Booklet.parcel_id.in_([parcel.id for parcel in parcels]))
        .filter(Enrolment.stage.in_(TAKES_PART), Participant.merged_into_id.is_(None))
        .options(joinedload(Participant.household))
        .order_by(Booklet.id)
        .execution_options(populate_existing=True)
    )
    found: defaultdict[int, list[_Sharer]] = defaultdict(list)
    for parcel_id, person, spoken, agreed in db.session.execute(asked):
        found[parcel_id].append(_Sharer(person, bool(spoken), bool(agreed)))
    return found


def _members(household_ids: Iterable[int]) -> defaultdict[int, list[Participant]]:
    """Everybody recorded at each home, taking part or not."""
    asked = (
        select(Participant)
        .filter(Participant.household_id.in_(set(household_ids)))
        .filter(Participant.merged_into_id.is_(None))
        .options(joinedload(Participant.household))
    )
    found: defaultdict[int, list[Participant]] = defaultdict(list)
    for person in db.session.scalars(asked):
        found[person.household_id].append(person)
    return found


def _kept_apart(
    members: dict[int, list[Participant]], sharers: dict[int, list[_Sharer]]
) -> set[frozenset[int]]:
    people = {person.id for home in members.values() for person in home}
    people |= {sharer.person.id for group in sharers.values() for sharer in group}
    asked = select(KeepApart.one_id, KeepApart.other_id).filter(
        or_(KeepApart.one_id.in_(people), KeepApart.other_id.in_(people))
    )
    return {frozenset(pair) for pair in db.session.execute(asked)}


def _standing(
    parcel: Parcel,
    sharers: list[_Sharer],
    members: list[Participant],
    pairs: set[frozenset[int]],
) -> Standing:
    people = _in_order(parcel, [s.person for s in sharers if s.agreed and s.was_spoken_to])
    everybody = {person.id: person for person in (*members, *people)}
    addressee = people[0] if people else parcel.participant
    home = members[0].household if members else addressee.household
    recorded = address_of(addressee, home)
    frozen = read_address(parcel.address) if parcel.address else None
    return Standing(
        people=people,
        address=frozen or recorded,
        recorded=recorded,
        note=contents_note(everybody[number].allergies for number in sorted(everybody)),
        facts=Circumstances(
            somebody_takes_part=bool(sharers),
            do_not_post=home.do_not_post or any(p.household.do_not_post for p in people),
            was_spoken_to=bool(people) or any(s.was_spoken_to for s in sharers),
            agreed_to_post=bool(people),
            is_kept_apart=any(pair <= everybody.keys() for pair in pairs),
            somebody_moved_out=any(p.household_id != parcel.household_id for p in people),
            address_problem=_address_problem(home.address_is_complete, recorded),
            address_changed=frozen is not None
            and not (frozen.is_same_place(recorded) and parcel.participant_id == addressee.id),
        ),
    )


def _in_order(parcel: Parcel, people: list[Participant]) -> tuple[Participant, ...]:
    """Whom it is addressed to first, while that person is among them."""
    return tuple(sorted(people, key=lambda person: person.id != parcel.participant_id))


def _address_problem(is_complete: bool, address: Address) -> str:
    if not is_complete:
        return "The address is not complete. Ask for it."
    return problem_with(address) or ""
