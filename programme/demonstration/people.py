"""The made-up people: brought in like a partner's file, then spoken to."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.people.bringing_in import bring_in
from programme.people.conversations import record_conversation
from programme.people.imports.fields import Field
from programme.people.imports.rows import read_one
from programme.people.models import Participant
from programme.people.rules import Agreement, Channel, ConsentPurpose

SHEET = Path(__file__).parent / "people.csv"
Row = dict[str, str]
FIELDS = {
    "known_as", "first_name", "surname", "relationship", "phone", "email", "address1", "address2",
    "town", "postcode", "children", "language", "large_print", "allergies", "do_not_post",
    "access_needs",
}  # fmt: skip


def read_rows() -> list[Row]:
    """The rows of the made-up file."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_people(
    rows: Iterable[Row], *, partner_id: int, by: Viewer, at: datetime, on: date
) -> dict[str, Participant]:
    """Bring people in; gives them by the name they are known as."""
    candidates = [
        read_one({Field(name): row[name] for name in FIELDS if row[name]}, row=number, on=on)
        for number, row in enumerate(rows, start=2)
    ]
    added = bring_in(candidates, partner_id=partner_id, is_consent_recorded=False, by=by, at=at)
    db.session.flush()
    return {person.known_as: person for person in added}


def speak_to(person: Participant, row: Row, *, by: Viewer, at: datetime) -> None:
    """Record the first conversation; everybody says yes to everything but what the row says."""
    agreement = Agreement(
        spoken_at=at,
        spoken_by=by.name,
        known_as=person.known_as,
        channel=Channel(row["channel"]),
        from_hour=9,
        until_hour=20,
        may_text=bool(row["phone"]),
        may_leave_voicemail=False,
        who_must_not_know="",
        review_on=None,
        consents=dict.fromkeys(ConsentPurpose, True),
    )
    record_conversation(person, agreement, by=by, at=at)
