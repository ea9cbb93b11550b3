"""Somebody with questions to answer, for the tests of this area."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from programme.access.links import link_key
from programme.access.models import Partner
from programme.access.rules import Purpose
from programme.access.viewer import CLOCK
from programme.cohorts.models import Cohort, Enrolment, Step
from programme.foundation.database import db
from programme.people.models import Participant
from programme.questionnaires.actions import open_questionnaire
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave
from tests import builders

OPENED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
LAST_CHANCE = datetime(2027, 4, 1, 19, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 10, 13)
WHO5_THEN_CHECK_IN = ("who5", "check-in")


@dataclass(frozen=True)
class Asked:
    person: Participant
    cohort: Cohort
    enrolment: Enrolment
    questionnaire: Questionnaire

    @property
    def url(self) -> str:
        return f"/q/{link_key(Purpose.QUESTIONNAIRE, self.questionnaire.id)}"


def a_cohort(name: str = "Tuesday group") -> Cohort:
    """A cohort with the last window of its plan."""
    found = builders.cohort(FIRST_DAY, partner=builders.partner(f"Partner of {name}"), name=name)
    step = Step(
        cohort_id=found.id,
        name="three-months.open",
        kind="questionnaires.open",
        due_at=LAST_CHANCE - timedelta(days=28),
        expires_at=LAST_CHANCE,
    )
    db.session.add(step)
    db.session.flush()
    return found


def asked(
    known_as: str = "Nan",
    *,
    cohort: Cohort | None = None,
    wave: Wave = Wave.BEFORE,
    measures: tuple[str, ...] = WHO5_THEN_CHECK_IN,
    closes_at: datetime = CLOSES,
) -> Asked:
    """Somebody enrolled who was given the questions of a wave."""
    group = cohort or a_cohort()
    person = builders.participant(known_as, partner=db.session.get_one(Partner, group.partner_id))
    enrolment = builders.enrol(builders.spoken_to(person), group)
    row = open_questionnaire(
        enrolment, wave=wave, measures=measures, closes_at=closes_at, by=CLOCK, at=OPENED
    )
    db.session.flush()
    return Asked(person, group, enrolment, row)
