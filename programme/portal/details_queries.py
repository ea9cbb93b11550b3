"""What a person sees of their own details: little, until they ask for it to be shown."""

from dataclasses import dataclass

from programme.access.codes import newest_code, typed_code
from programme.access.rules import Purpose
from programme.messages.reaching import settings
from programme.parcels.queries import states_for
from programme.parcels.rules import IN_HAND, ParcelState
from programme.people.models import Participant
from programme.people.nations import Nation, nation_of
from programme.people.own_queries import may_see_own_address
from programme.people.queries import consents_of
from programme.people.rules import CONSENT_WORDING, Channel, ConsentPurpose

WAYS = {
    Channel.SMS: "By text",
    Channel.BY_HAND: "By text",
    Channel.EMAIL: "By e-mail",
    Channel.PHONE: "By a call",
    Channel.POST: "By letter",
}
HOW_A_CODE_COMES = {
    Channel.SMS: "We send it by text.",
    Channel.EMAIL: "We send it by e-mail.",
    Channel.BY_HAND: "One of us sends it by text while we are at work.",
    Channel.PHONE: "One of us rings and reads it out while we are at work.",
}
IF_WITHDRAWN = {
    ConsentPurpose.TAKING_PART: "If you say no, we ring you about what to do with your details.",
    ConsentPurpose.MESSAGES: "If you say no, we send you nothing, not even the way to join.",
    ConsentPurpose.POST: "If you say no, no parcel comes.",
}
NATIONS = {
    Nation.ENGLAND: "England",
    Nation.WALES: "Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}


@dataclass(frozen=True)
class Agreed:
    """What somebody says about one purpose, in today's wording."""

    purpose: ConsentPurpose
    wording: str
    is_given: bool


@dataclass(frozen=True)
class ParcelWord:
    """What a new address means for a parcel: for the person, and for whoever rings."""

    to_them: str
    to_us: str


def agreements(person: Participant) -> list[Agreed]:
    """Every purpose, whether they were asked or not."""
    known = consents_of(person.id)
    return [
        Agreed(purpose, wording, purpose in known and known[purpose].is_given)
        for purpose, wording in CONSENT_WORDING.items()
    ]


def masked_phone(person: Participant) -> str:
    """ "ends 123" """
    return f"ends {person.phone[-3:]}" if person.phone else "none yet"


def masked_email(person: Participant) -> str:
    """ "s…@example.org" """
    name, at, host = (person.email or "").partition("@")
    return f"{name[:1]}…{at}{host}" if at else "none yet"


def masked_address(person: Participant) -> str:
    """ "postcode ends 1TJ" """
    postcode = person.household.postcode
    return f"postcode ends {postcode[-3:]}" if postcode else "not complete"


def whole_address(person: Participant) -> list[str]:
    """Line by line; nothing where it must stay hidden even from them."""
    home = person.household
    if not may_see_own_address(person):
        return []
    lines = [*(home.address_lines or "").splitlines(), home.town or "", home.postcode or ""]
    return [line for line in lines if line]


def way_now(person: Participant) -> str:
    """How we reach them, in their words."""
    return WAYS[person.conversation.channel] if person.conversation else "not agreed yet"


def how_a_code_comes(person: Participant) -> str:
    """By which way, without the number or address; empty where there is none that is quick."""
    agreed = person.conversation
    return HOW_A_CODE_COMES.get(agreed.channel, "") if agreed else ""


def code_to_try_out(purpose: Purpose, row_id: int) -> str:
    """In the demonstration nothing leaves, so the code stands on the page. Nowhere else."""
    newest = newest_code(purpose, row_id) if settings().demonstration else None
    return typed_code(newest) if newest else ""


def parcel_word(person: Participant) -> ParcelWord:
    """What becomes of a parcel when the address changes, the furthest one first."""
    states = states_for(person.id)
    if ParcelState.POSTED in states:
        return ParcelWord(
            "A parcel is on its way to the old address. We will ring you about it.",
            "A parcel is in the post to the address before.",
        )
    if states.intersection(IN_HAND):
        return ParcelWord(
            "Your parcel has the old address on it. We will ring you before it goes.",
            "A parcel is made ready for the address before: ring before it goes.",
        )
    if ParcelState.TO_CONFIRM in states:
        return ParcelWord("Your parcel is not packed yet. We will ring you before it goes.", "")
    return ParcelWord("", "")


def nation_name(person: Participant) -> str:
    """Where they live, as the list of helplines calls it."""
    return NATIONS[nation_of(person.household.postcode)]
