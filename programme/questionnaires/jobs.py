"""What the plan does with questionnaires: opens them, and reminds while they are unanswered."""

from datetime import datetime

from sqlalchemy import Select

from programme.access.rules import Purpose
from programme.access.viewer import CLOCK
from programme.cohorts.kinds import Draft, Result, StepKind
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.programmes import Programme, load_programme
from programme.cohorts.queries import enrolment_of
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.actions import send_to_participant
from programme.people.models import Participant
from programme.questionnaires.actions import open_questionnaire
from programme.questionnaires.asking import (
    has_answered,
    is_among,
    may_be_asked,
    not_finished,
    still_to_answer,
)
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.queries import OPEN_KIND, find_questionnaire
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


def thank_one(due: Due, at: datetime) -> Result:
    """Thank somebody who answered, when the questions have closed."""
    return _write(due, _thanks(due.step, None, at), at)


def _send(due: Due, row: Questionnaire, template: str, at: datetime) -> Result:
    db.session.flush()
    return _write(due, _draft(due.step, row.id, template, row.closes_at), at)


def _draft(step: Step, row_id: int, template: str, until: datetime) -> Draft:
    link = {"link": Purpose.QUESTIONNAIRE, "row": row_id}
    return Draft(template, {"group": step.cohort.public_name, "link": link}, until)


def _opening(step: Step, place: Enrolment | None, at: datetime) -> Draft | None:
    """As it would be written; before the questions are there, with a link that opens nothing."""
    return _drafted(step, place, "questionnaire-open")


def _reminder(step: Step, place: Enrolment | None, at: datetime) -> Draft | None:
    return _drafted(step, place, "questionnaire-remind")


def _drafted(step: Step, place: Enrolment | None, template: str) -> Draft:
    row = find_questionnaire(place.id, wave_of(step)) if place else None
    return _draft(step, row.id if row else 0, template, step.expires_at)


def _thanks(step: Step, _place: Enrolment | None, _at: datetime) -> Draft:
    return Draft("questionnaire-thanks", {"group": step.cohort.public_name})


def _write(due: Due, draft: Draft, at: datetime) -> Result:
    step, cohort = due.step, due.step.cohort
    message = send_to_participant(
        db.session.get_one(Participant, due.participant_id),
        template=draft.template,
        values=dict(draft.values),
        due_at=step.due_at,
        expires_at=min(step.expires_at, draft.until or step.expires_at),
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


def who_has_not_finished(step: Step) -> Select[int]:
    return not_finished(step, wave_of(step))


def is_still_unanswered(due: Due, at: datetime) -> bool:
    """The link is of use until they finish, while they agree to be asked and the step lasts."""
    asked = who_has_not_finished(due.step)
    return at < due.step.expires_at and is_among(asked, due.participant_id)


def who_has_answered(step: Step) -> Select[int]:
    return has_answered(step, wave_of(step))


def preview_opening(step: Step) -> str:
    return f"Opens the questions “{_label(step)}” and sends the link to those who agreed to them."


def preview_reminder(step: Step) -> str:
    return f"Reminds those who have not answered the questions “{_label(step)}”."


def preview_thanks(step: Step) -> str:
    return f"Thanks those who answered the questions “{_label(step)}”."


def _label(step: Step) -> str:
    return WAVE_LABELS[wave_of(step)].lower()


KINDS = (
    StepKind(
        name=OPEN_KIND,
        label="Questions open",
        who=who_may_be_asked,
        carry_out=open_for_one,
        is_still_wanted=is_still_unanswered,
        still_wanted_by=who_has_not_finished,
        preview=preview_opening,
        draft=_opening,
    ),
    StepKind(
        name="questionnaires.remind",
        label="Reminder about the questions",
        who=who_has_still_to_answer,
        carry_out=remind_one,
        is_still_wanted=is_still_unanswered,
        still_wanted_by=who_has_not_finished,
        preview=preview_reminder,
        draft=_reminder,
    ),
    StepKind(
        name="questionnaires.thanks",
        label="Thank you for answering",
        who=who_has_answered,
        carry_out=thank_one,
        is_still_wanted=lambda due, _at: is_among(who_has_answered(due.step), due.participant_id),
        preview=preview_thanks,
        draft=_thanks,
    ),
)
