"""Whose a name in a meeting report may be: a suggestion, for somebody to confirm."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from programme.people.imports.likeness import is_like
from programme.registers.reports.names import is_device, name_key

_BETWEEN_TWO = re.compile(r"\s*(?:&|\+|/|\band\b)\s*", re.IGNORECASE)
_LIKE = 86
"""Of 100, by rapidfuzz's token sort ratio."""
_NUMBER = re.compile(r"\+?[\d\s()\-.]{9,}")


@dataclass(frozen=True)
class Known:
    """Somebody on the register, as far as names, address and number tell people apart."""

    participant_id: int
    known_as: str
    full_name: str
    email_index: str | None
    phone: str


@dataclass(frozen=True)
class Suggestion:
    """Who it may be, two for a device that two share, and why."""

    people: tuple[int, ...] = ()
    why: str = ""


NOBODY = Suggestion()


def suggest(
    name: str,
    email_index: str | None,
    known: Sequence[Known],
    remembered: Collection[int],
) -> Suggestion:
    """By what was confirmed before, then address, number, name, and a name that is like it.

    `remembered`: the people for whom this very name was confirmed before.
    """
    before = tuple(each.participant_id for each in known if each.participant_id in remembered)
    if before:
        return Suggestion(before, "Used this name before")
    if email_index and (found := _only(known, lambda each: each.email_index == email_index)):
        return Suggestion((found,), "The same e-mail address")
    if _NUMBER.fullmatch(name):
        found = _only(known, lambda each: bool(each.phone) and _digits(each.phone) == _digits(name))
        return Suggestion((found,), "The same telephone number") if found else NOBODY
    return NOBODY if is_device(name) else _by_name(name, known)


def _by_name(name: str, known: Sequence[Known]) -> Suggestion:
    if found := _named(name, known):
        return Suggestion((found,), "The same name")
    parts = [part for part in _BETWEEN_TWO.split(name) if part]
    both = {found for part in parts if (found := _named(part, known) or _near(part, known))}
    if len(both) == len(parts) == 2:
        return Suggestion(tuple(sorted(both)), "Two names")
    found = _near(name, known)
    return Suggestion((found,), "A name like it") if found else NOBODY


def _named(name: str, known: Sequence[Known]) -> int | None:
    key = name_key(name)
    return _only(known, lambda each: key in (name_key(each.known_as), name_key(each.full_name)))


def _near(name: str, known: Sequence[Known]) -> int | None:
    return _only(known, lambda each: _is_near(name, each))


def _is_near(name: str, known: Known) -> bool:
    if is_like(name, known.full_name):
        return True
    words = name_key(name).split()
    is_first_name = len(words) == 1 and words[0] in name_key(known.full_name).split()
    begins_alike = bool(words) and words[0] == name_key(known.known_as)
    return is_first_name or begins_alike or fuzz.token_sort_ratio(name, known.full_name) >= _LIKE


def _only(known: Sequence[Known], is_so: Callable[[Known], bool]) -> int | None:
    """The one for whom it is so; nobody when it is so for two."""
    found = [each.participant_id for each in known if is_so(each)]
    return found[0] if len(found) == 1 else None


def _digits(number: str) -> str:
    """Of a British number without the country's, so that 07700 is +44 7700."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("0044").removeprefix("44").removeprefix("0")
