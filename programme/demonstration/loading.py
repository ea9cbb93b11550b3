"""Fill an empty instance with the demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from programme.access.models import Account, Partner
from programme.access.queries import every_account
from programme.access.rules import Role
from programme.access.viewer import COMMAND_LINE, staff_viewer
from programme.cohorts.actions import enrol
from programme.cohorts.dial_ins import DialIn, change_dial_in
from programme.cohorts.models import Cohort
from programme.cohorts.opening import NewCohort, open_cohort
from programme.cohorts.terms import add_break, open_term
from programme.demonstration.days import GroupDates, group_dates
from programme.demonstration.people import Row, add_people, read_rows, speak_to
from programme.demonstration.staff import OF_GROUPS, add_partners, add_staff, join_group
from programme.demonstration.story import Cast, cast, tell
from programme.foundation import clock
from programme.foundation.database import db
from programme.people.models import Participant

JOIN_URL = "https://zoom.us/j/5550100"
DIAL_IN = DialIn("01632 960155", "555 0100#")
NEW = "none"
"""The group of people whom nobody has spoken to yet."""


@dataclass
class Stage:
    """What the demonstration is made with."""

    today: datetime
    zone: str
    rows: list[Row]
    partners: list[Partner]
    staff: dict[Role, Account]


def is_wanted(app: Flask) -> bool:
    """Whether nobody is here yet."""
    with app.app_context():
        return not every_account()


def load(app: Flask, *, progress: Callable[[str], None]) -> dict[str, int]:
    """Make the demonstration; the same for a given day. Says how many of what it made."""
    with app.app_context():
        at = clock.now()
        stage = set_stage(at, app.config["SETTINGS"].zone)
        db.session.commit()
        dates = group_dates(clock.local(at, stage.zone).date())
        cohorts = [_begin_group(stage, group, progress) for group in dates]
        _add(stage, NEW, at - timedelta(days=2))
        db.session.commit()
        who = cast(stage.staff, at)
        _live_through(cohorts, who, at, progress)
        return {
            "people": db.session.scalar(select(func.count(Participant.id))) or 0,
            "groups": len(cohorts),
            "partners": len(stage.partners),
        }


def set_stage(at: datetime, zone: str) -> Stage:
    """The charity, its partners and staff, as they were a year ago."""
    partners = add_partners()
    staff = add_staff(partners, at - timedelta(days=365))
    return Stage(today=at, zone=zone, rows=read_rows(), partners=partners, staff=staff)


def _begin_group(stage: Stage, group: GroupDates, progress: Callable[[str], None]) -> Cohort:
    """Open a group some weeks ahead, with people who were brought in and spoken to."""
    progress(f"{group.name}, from {group.first_day:%d %B %Y} …")
    opened = min(_noon(group, stage) - timedelta(days=44), stage.today - timedelta(days=3))
    cohort = _open(stage, group, opened)
    for role in OF_GROUPS:
        join_group(stage.staff[role], role, cohort)
    people = _add(stage, group.group, opened + timedelta(hours=1))
    if group.group == "next":
        people |= _add(stage, "waiting", opened + timedelta(hours=2))
    coordinator = staff_viewer(stage.staff[Role.COORDINATOR], stage.today.date())
    for row in stage.rows:
        if person := people.get(row["known_as"]):
            speak_to(person, row, by=coordinator, at=opened + timedelta(hours=5))
            db.session.flush()
            enrol(person, into=cohort, by=coordinator, at=opened + timedelta(hours=6))
    db.session.commit()
    return cohort


def _open(stage: Stage, group: GroupDates, at: datetime) -> Cohort:
    first, last = group.break_days
    term = open_term(
        name=group.term, first_day=group.first_day, last_day=group.last_day, by=COMMAND_LINE, at=at
    )
    add_break(term, name="Half-term", first_day=first, last_day=last, by=COMMAND_LINE, at=at)
    db.session.flush()
    new = NewCohort(
        programme="together",
        partner_id=stage.partners[0].id,
        term_id=term.id,
        public_name=group.name,
        first_day=group.first_day,
        local_time=group.local_time,
        minutes=90,
        capacity=sum(row["group"] == group.group for row in stage.rows),
        join_url=JOIN_URL,
    )
    cohort = open_cohort(new, by=COMMAND_LINE, at=at)
    change_dial_in(cohort, DIAL_IN, by=COMMAND_LINE, at=at)
    return cohort


def _add(stage: Stage, group: str, at: datetime) -> dict[str, Participant]:
    """Bring in the people of a group, each partner's by itself."""
    coordinator = staff_viewer(stage.staff[Role.COORDINATOR], stage.today.date())
    people: dict[str, Participant] = {}
    for number, partner in enumerate(stage.partners, start=1):
        rows = [r for r in stage.rows if r["group"] == group and r["partner"] == str(number)]
        if rows:
            people |= add_people(rows, partner_id=partner.id, by=coordinator, at=at, on=at.date())
    return people


def _live_through(
    cohorts: list[Cohort], who: Cast, at: datetime, progress: Callable[[str], None]
) -> None:
    progress("Letting what has happened since then happen …")
    for _ in tell(cohorts, who, at):
        pass


def _noon(group: GroupDates, stage: Stage) -> datetime:
    return clock.instant(datetime.combine(group.first_day, group.local_time), stage.zone)
