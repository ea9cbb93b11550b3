"""Who may be asked, who has still to answer, and who has answered, by wave."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
)

from programme.cohorts.models import Enrolment, Step
from programme.cohorts.queries import spoken_to_in
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.people.models import Consent
from programme.people.rules import ConsentPurpose
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave


def may_be_asked(step: Step, wave: Wave) -> Select[int]:
    """Participants of a cohort who agreed to be asked in this wave (their ids): those who take
    part, and those who left and may be asked all the same."""
    takes_part = Enrolment.stage.in_(TAKES_PART)
    asked = spoken_to_in(step.cohort_id).where(agrees_to(_purpose(wave)))
    return asked.where(or_(takes_part, _left_and_may_be_asked(wave)))


def _left_and_may_be_asked(wave: Wave) -> ColumnElement[bool]:
    """`may_be_asked_after_leaving` as a condition on enrolments that agree to the wave."""
    if wave is Wave.BEFORE:
        return false()
    has_answered_before = exists().where(
        Questionnaire.enrolment_id == Enrolment.id,
        Questionnaire.wave != wave,
        Questionnaire.finished_at.is_not(None),
    )
    return and_(
        Enrolment.stage == Stage.WITHDREW,
        Enrolment.started_at.is_not(None),
        has_answered_before,
        latest_answer(ConsentPurpose.TAKING_PART).is_not(False),
    )


def has_answered(step: Step, wave: Wave) -> Select[int]:
    """Those of them who have finished."""
    return may_be_asked(step, wave).where(_has(wave, Questionnaire.finished_at.is_not(None)))


def not_finished(step: Step, wave: Wave) -> Select[int]:
    """Those of them who have not finished, whether or not they have their questions yet."""
    return may_be_asked(step, wave).where(~_has(wave, Questionnaire.finished_at.is_not(None)))


def still_to_answer(step: Step, wave: Wave) -> Select[int]:
    """Those of them who have their questions and have not finished."""
    return may_be_asked(step, wave).where(_has(wave, Questionnaire.finished_at.is_(None)))


def _has(wave: Wave, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Questionnaire.enrolment_id == Enrolment.id, Questionnaire.wave == wave, condition
    )


def agrees_to(purpose: ConsentPurpose) -> ColumnElement[bool]:
    """Whether an enrolment's participant last said yes to a purpose."""
    return latest_answer(purpose).is_(True)


def latest_answer(purpose: ConsentPurpose) -> ScalarSelect[bool]:
    """What an enrolment's participant last said to a purpose; nothing when not asked."""
    latest = (
        select(Consent.is_given)
        .filter(Consent.participant_id == Enrolment.participant_id, Consent.purpose == purpose)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )
    return latest.correlate(Enrolment).scalar_subquery()


def _purpose(wave: Wave) -> ConsentPurpose:
    later = wave is Wave.THREE_MONTHS
    return ConsentPurpose.FOLLOW_UP if later else ConsentPurpose.QUESTIONNAIRES


def is_among(participants: Select[Any], participant_id: int) -> bool:
    """Whether one participant is in a selection of them."""
    one = participants.filter(Enrolment.participant_id == participant_id)
    return db.session.scalar(one) is not None
