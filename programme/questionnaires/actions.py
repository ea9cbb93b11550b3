"""Opening questions for somebody, and their answering them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.questionnaires.instrument import Instrument
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.models import Answer, Questionnaire, Score
from programme.questionnaires.queries import (
    Question,
    Sheet,
    answer_to,
    find_questionnaire,
    row_of,
)
from programme.questionnaires.rules import WAVE_LABELS, Chosen, Standing, Wave
from programme.questionnaires.scoring import score_all


def open_questionnaire(
    enrolment: Enrolment,
    *,
    wave: Wave,
    measures: Sequence[str],
    closes_at: datetime,
    by: Viewer,
    at: datetime,
) -> Questionnaire:
    """Give somebody the questions of a wave, once: a second time finds the first.

    Raises:
        Refusal: there is nothing to ask, or its wording is the charity's to supply and it has not.
    """
    found = find_questionnaire(enrolment.id, wave)
    if found:
        return found
    if not measures:
        raise Refusal(f"The programme asks nothing in the wave “{WAVE_LABELS[wave].lower()}”.")
    instruments = [find_instrument(name) for name in measures]
    if wordless := [one.title for one in instruments if not one.can_be_asked]:
        raise Refusal(f"{wordless[0]} has no wording yet. Supply it, then open the questions.")
    made = Questionnaire(
        enrolment_id=enrolment.id,
        wave=wave,
        instruments=" ".join(one.reference for one in instruments),
        opened_at=at,
        closes_at=closes_at,
    )
    db.session.add(made)
    audit.record("opened questionnaire", made, by=by, at=at, wave=wave)
    return made


def begin(sheet: Sheet, *, by: Viewer, at: datetime) -> None:
    """The person starts, or comes back, perhaps on another device. The sheet is to be written."""
    check_is_open(sheet, at)
    row = row_of(sheet)
    verb = "came back to questionnaire" if row.begun_at else "began questionnaire"
    row.begun_at = row.begun_at or at
    audit.record(verb, row, by=by, at=at)


def take_answer(sheet: Sheet, number: int, chosen: Chosen, *, by: Viewer, at: datetime) -> Sheet:
    """Keep what was chosen on one screen; with the last answer the questionnaire is finished."""
    check_is_open(sheet, at)
    if chosen.is_skipped:
        return sheet
    _save(sheet, sheet.questions[number - 1], chosen.value, at)
    audit.record("answered a question", row_of(sheet), by=by, at=at, number=number)
    now = replace(sheet, answers={**sheet.answers, number: chosen.value})
    return now if now.left_out else finish(now, by=by, at=at)


def finish(sheet: Sheet, *, by: Viewer, at: datetime) -> Sheet:
    """No more answers come; the scores are worked out and kept beside them."""
    check_is_open(sheet, at)
    row = row_of(sheet)
    row.finished_at = at
    row.is_late = at >= row.closes_at
    for name in row.instruments.split():
        _keep_scores(sheet, find_instrument(name))
    audit.record("finished questionnaire", row, by=by, at=at, is_late=row.is_late)
    return replace(sheet, finished_at=at)


def _save(sheet: Sheet, question: Question, value: int | None, at: datetime) -> None:
    answer = answer_to(sheet.id, question)
    if answer is None:
        answer = Answer(
            questionnaire_id=sheet.id, instrument=question.instrument, item=question.item.id
        )
        db.session.add(answer)
    answer.value, answer.at = value, at


def _keep_scores(sheet: Sheet, instrument: Instrument) -> None:
    answers = {
        question.item.id: sheet.answers.get(question.number)
        for question in sheet.questions
        if question.instrument == instrument.reference
    }
    db.session.add_all(
        Score(
            questionnaire_id=sheet.id,
            instrument=instrument.reference,
            score=name,
            value=value,
        )
        for name, value in score_all(instrument, answers).items()
    )


def check_is_open(sheet: Sheet, at: datetime) -> None:
    where = sheet.standing(at)
    if where is Standing.FINISHED:
        raise Refusal("You have already answered these questions. Thank you.")
    if where is Standing.OVER:
        raise Refusal("The time for these questions is over. There is nothing you need to do.")
