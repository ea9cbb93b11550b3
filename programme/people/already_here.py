"""People in a file who may be here already: reached in the same way, and named alike."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select

from programme.access.models import Partner
from programme.access.queries import email_index
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.people.imports.candidates import Candidate
from programme.people.imports.likeness import is_like
from programme.people.models import Participant
from programme.people.queries import EDIT


@dataclass(frozen=True)
class Likeness:
    """Somebody here who is like a row. Beyond the viewer's reach: no number and no name."""

    row: int
    person_id: int | None
    message: str


def find_already_here(
    candidates: Sequence[Candidate], *, viewer: Viewer, but: int | None = None
) -> dict[int, Likeness]:
    """The first likeness of each row, by row, in one question. `but`: a person being corrected."""
    by_reach = _by_reach(candidates, but)
    found = {}
    for candidate in candidates:
        reaches = filter(None, (_phone_index(candidate), _email_index(candidate)))
        entries = [entry for reach in reaches for entry in by_reach.get(reach, [])]
        if alike := next((entry for entry in entries if _is_alike(candidate, entry)), None):
            found[candidate.row] = _likeness(candidate, alike, viewer)
    return found


def _by_reach(
    candidates: Sequence[Candidate], but: int | None
) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    """Entries here by the blind index of phone or e-mail that they share with the file."""
    phones = set(filter(None, map(_phone_index, candidates)))
    emails = set(filter(None, map(_email_index, candidates)))
    if not phones | emails:
        return {}
    asked = (
        select(*_COLUMNS)
        .join(Partner, Partner.id == Participant.partner_id)
        .where(or_(Participant.phone_index.in_(phones), Participant.email_index.in_(emails)))
        .order_by(Participant.id)
    )
    found: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for entry in db.session.execute(asked):
        if entry.number != but:
            for index in filter(None, (entry.phone_index, entry.email_index)):
                found.setdefault(index, []).append(entry)
    return found


_COLUMNS = (
    func.coalesce(Participant.merged_into_id, Participant.id).label("number"),
    Participant.partner_id,
    Partner.name.label("partner"),
    Participant.known_as,
    Participant.first_name,
    Participant.surname,
    Participant.phone_index,
    Participant.email_index,
)


def _is_alike(candidate: Candidate, entry: Row[*tuple[Any, ...]]) -> bool:
    mine = _names({candidate.first_name, candidate.known_as}, candidate.surname)
    theirs = list(_names({entry.first_name or "", entry.known_as}, entry.surname or ""))
    return any(is_like(one, other) for one in mine for other in theirs)


def _names(firsts: Iterable[str], surname: str) -> Iterator[str]:
    return (f"{first} {surname}".strip() for first in firsts if first)


def _likeness(candidate: Candidate, entry: Row[*tuple[Any, ...]], viewer: Viewer) -> Likeness:
    if not viewer.can(EDIT, partner=entry.partner_id):
        asks = f"Ask us about row {candidate.row} before this person comes in."
        return Likeness(candidate.row, None, asks)
    ways = [
        way
        for way, mine, theirs in (
            ("phone", _phone_index(candidate), entry.phone_index),
            ("e-mail", _email_index(candidate), entry.email_index),
        )
        if mine and mine == theirs
    ]
    message = (
        f"Row {candidate.row}: {entry.known_as}, from {entry.partner}, is here already, with the"
        f" same {' and '.join(ways)}. Is it one person?"
    )
    return Likeness(candidate.row, entry.number, message)


def _phone_index(candidate: Candidate) -> str | None:
    return blind("phone", candidate.phone)


def _email_index(candidate: Candidate) -> str | None:
    return email_index(candidate.email) if candidate.email else None
