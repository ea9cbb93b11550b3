"""Scores to work figures out from, and figures to show."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, Term
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.outcomes.models import Figures
from programme.questionnaires.models import Questionnaire, Score
from programme.questionnaires.rules import Wave

Measure = tuple[str, str]
"""An instrument's reference and the name of one of its scores."""
ByPerson = dict[int, dict[Wave, float]]
"""Enrolment to wave to score."""


@dataclass(frozen=True)
class Finished:
    """What there is to work out in one cohort: how many finished, and when the last did."""

    cohort_id: int
    count: int
    until: datetime


def finished_in(cohort_id: int | None = None) -> list[Finished]:
    """Every cohort (or one) in which somebody finished a questionnaire."""
    asked = (
        select(Enrolment.cohort_id, func.count(), func.max(Questionnaire.finished_at))
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .filter(Questionnaire.finished_at.is_not(None))
        .group_by(Enrolment.cohort_id)
        .order_by(Enrolment.cohort_id)
    )
    if cohort_id is not None:
        asked = asked.filter(Enrolment.cohort_id == cohort_id)
    rows = db.session.execute(asked)
    return [Finished(cohort, count, until) for cohort, count, until in rows if until]


def counted_so_far() -> dict[int, tuple[int, datetime]]:
    """What the figures there are were worked out from, by cohort."""
    asked = select(
        Figures.cohort_id, func.min(Figures.finished), func.min(Figures.answers_until)
    ).group_by(Figures.cohort_id)
    return {cohort: (count, until) for cohort, count, until in db.session.execute(asked)}


def scores_by_person(cohort_id: int) -> dict[Measure, ByPerson]:
    """Every score of a cohort's finished questionnaires; those without a value are left out."""
    asked = (
        select(
            *(Score.instrument, Score.score, Score.value),
            *(Questionnaire.wave, Questionnaire.enrolment_id),
        )
        .join(Questionnaire, Questionnaire.id == Score.questionnaire_id)
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .filter(Enrolment.cohort_id == cohort_id)
        .order_by(Score.id)
    )
    found: dict[Measure, ByPerson] = defaultdict(lambda: defaultdict(dict))
    for instrument, score, value, wave, enrolment in db.session.execute(asked):
        people = found[instrument, score]
        if value is not None:
            people[enrolment][wave] = value
    return found


def figures_of(cohort_id: int) -> Sequence[Figures]:
    """What was worked out for a cohort, in the order in which it is asked."""
    asked = select(Figures).filter_by(cohort_id=cohort_id).order_by(Figures.id)
    return db.session.scalars(asked).all()


@dataclass(frozen=True)
class WaveCount:
    """How many answered of how many were asked."""

    asked: int
    answered: int
    late: int


@dataclass(frozen=True)
class CohortCounts:
    """A cohort, and how many answered in each wave."""

    id: int
    name: str
    term: str
    enrolled: int
    withdrew: int
    waves: dict[Wave, WaveCount]


def cohorts_with_answers(viewer: Viewer) -> list[CohortCounts]:
    """The viewer's cohorts in which anybody was asked, the latest first. Two queries."""
    cohorts = _cohorts(viewer).filter(
        Cohort.id.in_(select(Enrolment.cohort_id).join(Questionnaire, _of_enrolment()))
    )
    return _with_counts(cohorts)


def cohort_counts(viewer: Viewer, cohort_id: int) -> CohortCounts | None:
    """One cohort; None when it is not the viewer's."""
    return next(iter(_with_counts(_cohorts(viewer).filter(Cohort.id == cohort_id))), None)


def cohorts_called(viewer: Viewer, name: str) -> list[CohortCounts]:
    """The viewer's cohorts with this public name, however it is written."""
    return _with_counts(_cohorts(viewer).filter(func.lower(Cohort.public_name) == name.lower()))


def _cohorts(viewer: Viewer) -> Select[int, str, str, int, int]:
    scope = viewer.scope(Permission.SEE_OUTCOMES)
    started = Enrolment.stage.in_((*TAKES_PART, Stage.WITHDREW))
    return (
        select(
            *(Cohort.id, Cohort.public_name, Term.name),
            func.count(Enrolment.id).filter(started),
            func.count(Enrolment.id).filter(Enrolment.stage == Stage.WITHDREW),
        )
        .join(Term, Term.id == Cohort.term_id)
        .outerjoin(Enrolment, Enrolment.cohort_id == Cohort.id)
        .filter(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .group_by(Cohort.id, Cohort.public_name, Term.name, Cohort.first_day)
        .order_by(Cohort.first_day.desc(), Cohort.id)
    )


def _with_counts(cohorts: Select[int, str, str, int, int]) -> list[CohortCounts]:
    rows = db.session.execute(cohorts).all()
    counts = _wave_counts([row[0] for row in rows])
    return [CohortCounts(*row, waves=counts.get(row[0], {})) for row in rows]


def _wave_counts(cohort_ids: list[int]) -> dict[int, dict[Wave, WaveCount]]:
    late = func.count().filter(Questionnaire.is_late)
    asked = (
        select(
            *(Enrolment.cohort_id, Questionnaire.wave),
            *(func.count(), func.count(Questionnaire.finished_at), late),
        )
        .join(Enrolment, _of_enrolment())
        .filter(Enrolment.cohort_id.in_(cohort_ids))
        .group_by(Enrolment.cohort_id, Questionnaire.wave)
    )
    found: dict[int, dict[Wave, WaveCount]] = defaultdict(dict)
    for cohort, wave, *numbers in db.session.execute(asked):
        found[cohort][wave] = WaveCount(*numbers)
    return found


def _of_enrolment() -> ColumnElement[bool]:
    return Enrolment.id == Questionnaire.enrolment_id
