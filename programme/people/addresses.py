"""An address as it stands on a label: one value, tidied once, with its problems in sentences."""

import json
import re
from dataclasses import asdict, dataclass

from programme.foundation.sealing import keyring
from programme.people.models import Household, Participant
from programme.people.postcodes import tidy_postcode

LONGEST_LINE, LONGEST_NAME, LONGEST_POSTCODE = 100, 200, 20
"""What the carrier takes, in letters."""


@dataclass(frozen=True)
class Address:
    """To whom, and where. `country` is two letters; `lines` are those above the town."""

    name: str
    lines: tuple[str, ...]
    town: str
    postcode: str
    country: str

    @property
    def is_abroad(self) -> bool:
        return self.country != "GB"

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def fingerprint(self) -> str:
        """Tells whether the address is still the one that was asked about, and nothing else."""
        return keyring.blind("address", self.to_text())

    def is_same_place(self, other: "Address") -> bool:
        """Whether post for both goes through the same door, whoever it is for."""
        return _place(self) == _place(other)

    def for_a_label(self) -> tuple[str, ...]:
        """Name, lines, TOWN, POSTCODE, each alone, without commas or full stops."""
        lines = [part for line in self.lines for part in _apart(line)]
        written = [self.name, *lines, self.town.upper(), self.postcode.upper()]
        if self.is_abroad:
            written.append(self.country)
        return tuple(_without_stops(line) for line in written if line)

    def hint(self) -> str:
        """What may be asked about on the phone: house number and the last three letters."""
        number = re.search(r"\d+\w?", " ".join(self.lines))
        house = f"number {number.group()}" if number else "no house number"
        return f"{house}, postcode ending {self.postcode[-3:]}"


def address_of(person: Participant, household: Household) -> Address:
    """Where post for this person goes, as recorded now."""
    postcode = household.postcode or ""
    return Address(
        name=_tidy(f"{person.first_name or person.known_as} {person.surname or ''}"),
        lines=tuple(filter(None, map(_tidy, (household.address_lines or "").splitlines()))),
        town=_tidy(household.town or ""),
        postcode=tidy_postcode(postcode) or _tidy(postcode),
        country=household.country,
    )


def read_address(text: str) -> Address:
    """A frozen address."""
    fields = json.loads(text)
    return Address(**(fields | {"lines": tuple(fields["lines"])}))


def problem_with(address: Address) -> str | None:
    """What keeps this address off a label, in one sentence; None when nothing does."""
    if not address.lines:
        return "The street is missing. Ask for it."
    if not address.town and not address.is_abroad:
        return "The town is missing. Ask for it."
    if not address.is_abroad and tidy_postcode(address.postcode) is None:
        return "The postcode is not complete. Ask for it."
    return _too_long(address)


def _too_long(address: Address) -> str | None:
    if any(len(line) > LONGEST_LINE for line in (*address.lines, address.town)):
        return f"One line of the address is longer than {LONGEST_LINE} letters. Divide it."
    if len(", ".join(address.lines[2:])) > LONGEST_LINE:
        return "The address has too many lines for the carrier. Leave out what is not needed."
    if len(address.name) > LONGEST_NAME:
        return f"The name is longer than {LONGEST_NAME} letters. Shorten it."
    if len(address.postcode) > LONGEST_POSTCODE:
        return f"The postcode is longer than {LONGEST_POSTCODE} letters. Check it."
    return None


def _tidy(text: str) -> str:
    """One space between words; no sign in front that a spreadsheet would take for a sum."""
    return " ".join(text.split()).strip(" ,;").lstrip("=+-@ ")


def _place(address: Address) -> tuple[str, ...]:
    parts = (*address.lines, address.town, address.postcode, address.country)
    return tuple(re.sub(r"\W+", "", part).casefold() for part in parts)


def _apart(line: str) -> list[str]:
    """A line divided at its commas, but never a number from its street."""
    numbered = re.sub(r"^(\d+\w?),", r"\1", line.strip())
    return [part for part in numbered.split(",") if part.strip()]


def _without_stops(line: str) -> str:
    return " ".join(re.sub(r"[,.](?=\s|$)|,", " ", line).split())
