"""Which people of a file live together: one address and surname, or one phone and surname."""

from collections.abc import Iterable

from programme.people.imports.candidates import Candidate
from programme.people.rules import name_words


def together(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    """Homes in the file's order. Two people with one phone and two addresses stay apart."""
    homes: list[list[Candidate]] = []
    by_key: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        keys = _keys(candidate)
        home = next((by_key[key] for key in keys if _fits(candidate, by_key.get(key))), None)
        if home is None:
            home = []
            homes.append(home)
        home.append(candidate)
        by_key.update(dict.fromkeys(keys, home))
    return homes


def _keys(candidate: Candidate) -> list[tuple[str, ...]]:
    surname = " ".join(name_words(candidate.surname))
    address, postcode = candidate.address, candidate.address.postcode or ""
    keys: list[tuple[str, ...]] = []
    if surname and address.lines and (postcode or address.town):
        place = " ".join(name_words_and_numbers(address.lines))
        keys.append(("address", surname, place, postcode or address.town.casefold()))
    if surname and candidate.phone:
        keys.append(("phone", surname, candidate.phone))
    return keys


def name_words_and_numbers(lines: Iterable[str]) -> list[str]:
    """An address as it is compared: `Flat 3, 27 Mill Lane` without signs and capitals."""
    letters = (letter if letter.isalnum() else " " for letter in " ".join(lines).casefold())
    return "".join(letters).split()


def _fits(candidate: Candidate, home: list[Candidate] | None) -> bool:
    """Not when both give a postcode and these differ."""
    if not home:
        return False
    known = {one.address.postcode for one in home if one.address.postcode}
    return not (known and candidate.address.postcode) or candidate.address.postcode in known
