"""Writing what was read of a person, from a file or typed by hand, into their rows."""

from collections.abc import Iterable
from datetime import datetime

from programme.access.queries import email_index
from programme.foundation.sealing import blind
from programme.people import rules
from programme.people.imports.addresses import Address
from programme.people.imports.candidates import Candidate
from programme.people.imports.children import Child as ChildRead
from programme.people.models import Child, Household, NameWord, Participant

LONGEST_KNOWN_AS = 60


def new_participant(
    candidate: Candidate, *, household: Household, partner_id: int, at: datetime
) -> Participant:
    """Somebody not yet spoken to."""
    person = Participant(household=household, partner_id=partner_id, added_at=at)
    write_person(person, candidate)
    return person


def new_household(candidates: list[Candidate]) -> Household:
    """The home of people who live together: the fullest address, and each child once."""
    household = Household(do_not_post=any(candidate.do_not_post for candidate in candidates))
    write_address(household, max((one.address for one in candidates), key=how_full))
    write_children(household, (child for one in candidates for child in one.children))
    return household


def write_person(person: Participant, candidate: Candidate) -> None:
    """Everything about one person that is not their household's."""
    person.first_name = candidate.first_name or None
    person.surname = candidate.surname or None
    person.known_as = (candidate.known_as or candidate.first_name)[:LONGEST_KNOWN_AS]
    person.relationship_to_child = candidate.relationship or rules.Relationship.OTHER_CARER
    person.phone, person.phone_index = candidate.phone, blind("phone", candidate.phone)
    person.email = candidate.email
    person.email_index = email_index(candidate.email) if candidate.email else None
    person.may_text = candidate.may_text
    person.language = candidate.language
    person.large_print = candidate.large_print
    person.allergies = candidate.allergies or None
    person.access_needs = candidate.access_needs or None
    person.notes = candidate.notes or None
    write_name_words(person)


def write_name_words(person: Participant) -> None:
    """Let the person be found by any word of their names."""
    names = " ".join(filter(None, (person.first_name, person.surname, person.known_as)))
    wanted = {index for word in rules.name_words(names) if (index := name_index(word))}
    kept = [row for row in person.name_words if row.word_index in wanted]
    known = {row.word_index for row in kept}
    person.name_words[:] = kept + [
        NameWord(word_index=index) for index in sorted(wanted) if index not in known
    ]


def name_index(word: str) -> str | None:
    """The blind index of one word of a name."""
    return blind("name", word)


def write_address(household: Household, address: Address) -> None:
    """Put a new address in place of the old one. The county is not kept: post needs none."""
    household.address_lines = "\n".join(address.lines) or None
    household.town = address.town or None
    household.postcode = address.postcode
    household.address_is_complete = not lacks_of(household)


def lacks_of(household: Household) -> list[str]:
    """What the household's address still needs before a parcel can go there."""
    return rules.what_an_address_lacks(household.address_lines, household.town, household.postcode)


def how_full(address: Address) -> int:
    """How many of its parts an address has."""
    return len(address.lines) + bool(address.town) + 2 * bool(address.postcode)


def write_children(household: Household, children: Iterable[ChildRead]) -> None:
    """Each child once by first name, with the first birth year that anybody gave."""
    years: dict[str, int | None] = {}
    names: dict[str, str] = {}
    for child in children:
        key = child.first_name.casefold()
        names.setdefault(key, child.first_name)
        years[key] = years.get(key) or child.birth_year
    known = {row.first_name.casefold(): row for row in household.children}
    household.children[:] = [known.get(key) or Child(first_name=names[key]) for key in names]
    for row in household.children:
        row.birth_year = years[row.first_name.casefold()]
