"""A group on its evening: what the tests of registers, Tonight and My group begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask.testing import FlaskClient

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.foundation.database import db
from programme.people.models import Participant
from programme.registers.marking import save_marks
from programme.registers.rules import Attendance, Wanted
from tests import builders

SignIn = Callable[[Account], FlaskClient]
TODAY = date(2026, 10, 6)
"""The day of session four, and of the tests' clock."""


@dataclass
class Evening:
    """A group of some, its fourth session today at 7.30 pm, and who runs it."""

    cohort: Cohort
    people: list[Participant]
    enrolments: list[Enrolment]
    facilitator: Account
    second: Account
    helper: Account

    @property
    def session(self) -> GroupSession:
        return self.cohort.sessions[3]

    def viewer(self, account: Account | None = None) -> Viewer:
        return staff_viewer(account or self.facilitator, TODAY)

    def mark(self, number: int, attendance: Attendance, *who: Participant) -> None:
        """Mark some, or everybody, at the numbered session, just after it."""
        session = self.cohort.sessions[number - 1]
        wanted = [Wanted(person.id, attendance) for person in who or self.people]
        after = session.ends_at + timedelta(minutes=5)
        save_marks(session, wanted, by=self.viewer(), at=after)
        db.session.commit()


def an_evening(*names: str, group: str = "Tuesday group") -> Evening:
    """A group in which people with these names take part."""
    partner = builders.partner(name=f"Charity of {group}")
    cohort = builders.cohort(date(2026, 9, 15), partner=partner, name=group)
    people = [
        builders.spoken_to(
            builders.participant(
                name, partner=partner, phone=f"+4477009{number:05}", email=f"{name}@example.org"
            )
        )
        for number, name in enumerate(names)
    ]
    enrolments = [builders.enrol(person, cohort) for person in people]
    evening = Evening(
        cohort,
        people,
        enrolments,
        builders.account(Role.FACILITATOR, cohort=cohort, name=f"Priya of {group}"),
        builders.account(Role.FACILITATOR, cohort=cohort, name=f"Bill of {group}"),
        builders.account(Role.HELPER, cohort=cohort, name=f"Hal of {group}"),
    )
    db.session.commit()
    return evening
