"""A row as a person: what was read, what stops it, what is worth a look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from programme.people.imports.addresses import Address
from programme.people.imports.children import Child
from programme.people.imports.fields import Field
from programme.people.rules import Relationship


@dataclass(frozen=True, slots=True)
class Problem:
    """Stops the row until it is mended or left out. `field` is a `Field`'s value."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Worth a look; stops nothing."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """`cells` is the text it was read from, to be mended in place.

    `phone` is E.164, `email` lower case; `language` is a code, or the file's own word beside a
    problem; `known_as` is blank when the file gives none; `relationship_word` is as written.
    """

    row: int
    first_name: str
    surname: str
    known_as: str
    relationship: Relationship | None
    relationship_word: str
    phone: str | None
    email: str | None
    may_text: bool
    address: Address
    children: tuple[Child, ...]
    language: str
    large_print: bool
    allergies: str
    do_not_post: bool
    consent_date: date | None
    notes: str
    access_needs: str
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    cells: Mapping[Field, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_ready(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that holds no person, and why we think so."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    candidates: tuple[Candidate, ...]
    skipped: tuple[SkippedRow, ...]
