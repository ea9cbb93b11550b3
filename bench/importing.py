"""A partner's file of 500 families: looked at and brought in, beside bare inserts of its rows."""

import csv
import io
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.floor import Base, Row
from bench.instance import Instance
from bench.rounds import timed
from programme.access.queries import every_account, every_partner
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.foundation.clock import now
from programme.foundation.database import db
from programme.people.bringing_in import begin_upload, bring_in_upload
from programme.people.models import Upload
from programme.people.previewing import preview
from programme.people.queries import day_of

FAMILIES = 500
SECONDS = 5
HEADINGS = (
    "Carer first name", "Surname", "Likes to be called", "Relationship to child", "Mobile",
    "E-mail", "OK to text? (Y/N)", "Address 1", "Address 2", "Town", "Post code",
    "Children (first name & age)", "Language", "Large print?", "Allergies for treat",
    "Do not post?", "Consent date", "Notes",
)  # fmt: skip
FIRST = ("Tracy", "Marek", "Donna", "Aisha", "Sean", "Joy", "Pauline", "Kofi", "Ewa", "Liam")
LAST = ("Hargreaves", "Nowak", "Okafor", "Bell", "Ahmed", "Price", "Sutton", "Doyle", "Rees")
KIN = ("Mum", "Dad", "Grandmother", "Aunt", "Grandad", "Uncle")
TOWNS = (("Liverpool", "L8"), ("Banbury", "OX16"), ("Peterborough", "PE1"), ("Plymouth", "PL4"))
SPOKEN_TO = "02/11/2026"


def measure(instance: Instance) -> list[Figure]:
    """Preview and bringing in apart, by the actions that page and command line use."""
    content = families()
    with instance.opened():
        floor = timed(lambda: _bare(content, instance.folder)) / 1000
        kept: list[Upload] = []
        sending = timed(lambda: kept.append(send(content, now()))) / 1000
        upload = kept[0]
        looking = timed(lambda: _look(upload)) / 1000
        entering = timed(lambda: enter(upload, now())) / 1000
    name = f"import of {FAMILIES} families"
    whole = sending + looking + entering
    return [
        Figure(name=f"{name}: upload", ours=sending, unit="s"),
        Figure(name=f"{name}: preview", ours=looking, unit="s"),
        Figure(name=f"{name}: bringing in", ours=entering, unit="s"),
        Figure(name=name, ours=whole, floor=floor, unit="s", goal=SECONDS),
    ]


def families(count: int = FAMILIES) -> bytes:
    """A file as a partner would send it, the same every time."""
    chance = Random(500)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(HEADINGS)
    for number in range(count):
        table.writerow(_family(number, chance))
    return written.getvalue().encode("cp1252")


def _family(number: int, chance: Random) -> list[str]:
    first, last, kin = chance.choice(FIRST), chance.choice(LAST), chance.choice(KIN)
    town, district = chance.choice(TOWNS)
    postcode = f"{district} {number % 9 + 1}{'ABDEFG'[number % 6]}{'HJLNPQ'[number // 6 % 6]}"
    phone = chance.choice(("07700 900{:03}", "7700900{:03}", "+44 7700 900{:03}")).format(number)
    children = f"{chance.choice(FIRST)} {number % 15 + 1}; {chance.choice(FIRST)} {number % 11 + 1}"
    return [
        first, last, "", kin, phone, f"{first}.{last}.{number}@example.org".lower(), "Y",
        f"{number + 1} Alder Close", "", town, postcode, children, "", "", "", "", SPOKEN_TO, "",
    ]  # fmt: skip


def send(content: bytes, at: datetime) -> Upload:
    """Upload the file for the lead charity."""
    lead = every_partner()[0].id
    upload = begin_upload(content, "autumn.csv", partner_id=lead, by=coordinator(at), at=at)
    db.session.commit()
    return upload


def coordinator(at: datetime) -> Viewer:
    """Whoever uploads."""
    found = (each for each in every_account()
             if any(grant.role is Role.COORDINATOR for grant in each.grants))  # fmt: skip
    return staff_viewer(next(found), at.date())


def enter(upload: Upload, at: datetime) -> int:
    """Bring in everybody whom the preview found ready; all of them count as spoken to."""
    count = bring_in_upload(
        upload, expected=FAMILIES, is_consent_recorded=True, by=coordinator(at), at=at
    )
    db.session.commit()
    return count


def _look(upload: Upload) -> int:
    found = preview(upload, viewer=coordinator(now()), on=day_of(now()))
    assert len(found.ready) == FAMILIES, found.words
    db.session.rollback()
    return len(found.ready)


def _bare(content: bytes, folder: Path) -> None:
    """Read the rows and insert them, with neither question nor check."""
    rows = list(csv.reader(io.StringIO(content.decode("cp1252"))))[1:]
    engine = create_engine(f"sqlite:///{folder / 'bare.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(insert(Row), [{"name": " ".join(row)} for row in rows])
        session.commit()
    engine.dispose()
