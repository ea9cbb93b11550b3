"""What the plan does with questionnaires: opens them, and reminds while they are unanswered."""

from datetime import datetime

from sqlalchemy import Select

from programme.access.rules import Purpose
from programme.access.viewer import CLOCK
from programme.cohorts.kinds import Result, StepKind
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.programmes import Programme, load_programme
from programme.cohorts.queries import enrolment_of
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.actions import send_to_participant
from programme.people.models import Participant
from programme.questionnaires.actions import open_questionnaire
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.queries import (
    OPEN_KIND,
    find_questionnaire,
    how_many,
    is_among,
    may_be_asked,
    not_finished,
    still_to_answer,
)
from programme.questionnaires.rules import WAVE_LABELS, Wave


def open_for_one(due: Due, at: datetime) -> Result:
    """Make somebody's questionnaire and send its link.

    Raises:
        NotSafe: there is no safe way to send it; the questionnaire is there all the same.
    """
    step = due.step
    wave = wave_of(step)
    try:
        row = open_questionnaire(
            _enrolment(due),
            wave=wave,
            measures=_programme(step).measures.get(wave, ()),
            closes_at=step.expires_at,
            by=CLOCK,
            at=at,
        )
    except Refusal as refusal:
        return Result(skipped_because=str(refusal))
    return _send(due, row, "questionnaire-open", at)


def remind_one(due: Due, at: datetime) -> Result:
    """Send the link again."""
    row = find_questionnaire(_enrolment(due).id, wave_of(due.step))
    if row is None or row.finished_at:
        return Result(skipped_because="There is nothing left to answer.")
    return _send(due, row, "questionnaire-remind", at)


def _enrolment(due: Due) -> Enrolment:
    found = enrolment_of(due.step.cohort_id, due.participant_id)
    assert found is not None
    return found


def _send(due: Due, row: Questionnaire, template: str, at: datetime) -> Result:
    step, cohort = due.step, due.step.cohort
    db.session.flush()
    message = send_to_participant(
        db.session.get_one(Participant, due.participant_id),
        template=template,
        values={
            "group": cohort.public_name,
            "link": {"link": Purpose.QUESTIONNAIRE, "row": row.id},
        },
        due_at=step.due_at,
        expires_at=min(step.expires_at, row.closes_at),
        at=at,
        sender_name=cohort.public_name,
        wording=cohort.programme,
    )
    return Result(message)


def wave_of(step: Step) -> Wave:
    """Which wave a step of the plan is about."""
    return Wave(_programme(step).entry(step.name).wave)


def _programme(step: Step) -> Programme:
    return load_programme(step.cohort.programme)


def who_may_be_asked(step: Step) -> Select[int]:
    return may_be_asked(step, wave_of(step))


def who_has_still_to_answer(step: Step) -> Select[int]:
    return still_to_answer(step, wave_of(step))


def is_still_unanswered(due: Due, at: datetime) -> bool:
    """The link is of use until they finish, while they agree to be asked and the step lasts."""
    asked = not_finished(due.step, wave_of(due.step))
    return at < due.step.expires_at and is_among(asked, due.participant_id)


def preview_opening(step: Step) -> str:
    count = how_many(who_may_be_asked(step))
    label = WAVE_LABELS[wave_of(step)].lower()
    return f"Opens the questions “{label}” and sends the link to {count} {_people(count)}."


def preview_reminder(step: Step) -> str:
    count = how_many(who_has_still_to_answer(step))
    label = WAVE_LABELS[wave_of(step)].lower()
    return f"Reminds {count} {_people(count)} who have not answered the questions “{label}”."


def _people(count: int) -> str:
    return "person" if count == 1 else "people"


KINDS = (
    StepKind(
        name=OPEN_KIND,
        label="Questions open",
        who=who_may_be_asked,
        carry_out=open_for_one,
        is_still_wanted=is_still_unanswered,
        preview=preview_opening,
    ),
    StepKind(
        name="questionnaires.remind",
        label="Reminder about the questions",
        who=who_has_still_to_answer,
        carry_out=remind_one,
        is_still_wanted=is_still_unanswered,
        preview=preview_reminder,
    ),
)
