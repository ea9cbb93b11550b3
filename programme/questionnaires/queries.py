"""What is asked, of whom, and who has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ScalarSelect,
    func,
    select,
)

from programme.access.links import link_key
from programme.access.rules import Purpose
from programme.cohorts.models import Enrolment, Step
from programme.foundation.database import db
from programme.questionnaires.instrument import Instrument, Item
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.models import Answer, Questionnaire
from programme.questionnaires.rules import Standing, Wave, next_unanswered, standing

OPEN_KIND = "questionnaires.open"
LINK_WORKS_FOR = timedelta(days=14)
"""How long after the last chance to answer the link still says that it is over."""


@dataclass(frozen=True)
class Question:
    """One screen: an item of an instrument, and its place in the whole."""

    number: int
    instrument: str
    item: Item
    recall_period: str


@dataclass(frozen=True)
class Sheet:
    """One questionnaire as the person who answers it goes through it."""

    id: int
    participant_id: int
    begun_at: datetime | None
    finished_at: datetime | None
    closes_at: datetime
    accepts_until: datetime
    questions: tuple[Question, ...]
    answers: Mapping[int, int | None]
    """By the question's number. None: they would rather not say."""
    notices: tuple[str, ...]
    minutes: int

    def question(self, number: int) -> Question | None:
        return self.questions[number - 1] if 1 <= number <= len(self.questions) else None

    def next_after(self, number: int) -> int | None:
        return next_unanswered(len(self.questions), self.answers, after=number)

    @property
    def first_unanswered(self) -> int | None:
        return self.next_after(0)

    @property
    def left_out(self) -> int:
        return len(self.questions) - len(self.answers)

    def is_link_over(self, at: datetime) -> bool:
        """Whether not even the word that it is closed is shown any more."""
        return at >= self.accepts_until + LINK_WORKS_FOR

    def standing(self, at: datetime) -> Standing:
        return standing(self.finished_at, self.accepts_until, at)


def find_sheet(questionnaire_id: int, *, to_write: bool = False) -> Sheet | None:
    """A questionnaire with its answers so far, in two queries.

    `to_write` locks the row until the transaction ends: two taps at once come one after
    the other, and the second sees what the first did.
    """
    asked = (
        select(Questionnaire, Enrolment.participant_id, last_chance())
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .filter(Questionnaire.id == questionnaire_id)
    )
    if to_write:
        asked = asked.with_for_update(of=Questionnaire)
    found = db.session.execute(asked).one_or_none()
    if found is None:
        return None
    row, participant_id, until = found
    return _sheet(row, participant_id, until or row.closes_at)


def last_chance() -> ScalarSelect[datetime]:
    """When the last window of the cohort's plan ends: until then late is better than never."""
    latest = select(func.max(Step.expires_at)).filter(
        Step.cohort_id == Enrolment.cohort_id, Step.kind == OPEN_KIND
    )
    return latest.correlate(Enrolment).scalar_subquery()


def _sheet(row: Questionnaire, participant_id: int, until: datetime) -> Sheet:
    instruments = [find_instrument(name) for name in row.instruments.split()]
    questions = questions_of(instruments)
    given = {(one.instrument, one.item): one.value for one in _answers(row.id)}
    return Sheet(
        id=row.id,
        participant_id=participant_id,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        closes_at=row.closes_at,
        accepts_until=max(row.closes_at, until),
        questions=questions,
        answers={
            one.number: given[one.instrument, one.item.id]
            for one in questions
            if (one.instrument, one.item.id) in given
        },
        notices=_notices(instruments),
        minutes=sum(instrument.minutes for instrument in instruments),
    )


def questions_of(instruments: list[Instrument]) -> tuple[Question, ...]:
    """Every item of every instrument, numbered through."""
    items = [(one, item) for one in instruments for item in one.items]
    return tuple(
        Question(number, one.reference, item, one.recall_period)
        for number, (one, item) in enumerate(items, start=1)
    )


def _notices(instruments: list[Instrument]) -> tuple[str, ...]:
    """The line that each instrument's licence asks us to show, by question, without its title."""
    notices, first = [], 1
    for one in instruments:
        last = first + len(one.items) - 1
        notices.append(f"Questions {first} to {last}: {one.licence.notice}")
        first = last + 1
    return tuple(notices)


def _answers(questionnaire_id: int) -> list[Answer]:
    asked = select(Answer).filter_by(questionnaire_id=questionnaire_id)
    return list(db.session.scalars(asked))


def row_of(sheet: Sheet) -> Questionnaire:
    """The row behind a sheet; already in the session, so no query."""
    return db.session.get_one(Questionnaire, sheet.id)


def answer_to(questionnaire_id: int, question: Question) -> Answer | None:
    """What was answered to one question before."""
    asked = select(Answer).filter_by(
        questionnaire_id=questionnaire_id, instrument=question.instrument, item=question.item.id
    )
    return db.session.scalar(asked)


@dataclass(frozen=True)
class OpenQuestionnaire:
    """The one small thing to do, on a parent's own page."""

    id: int
    key: str
    questions: int
    minutes: int
    is_begun: bool
    closes_at: datetime


def open_for(enrolment_id: int, at: datetime) -> OpenQuestionnaire | None:
    """What this person can answer now, the one that closes first, or None."""
    asked = select(Questionnaire).filter(
        Questionnaire.enrolment_id == enrolment_id,
        Questionnaire.finished_at.is_(None),
        Questionnaire.opened_at <= at,
        Questionnaire.closes_at > at,
    )
    row = db.session.scalar(asked.order_by(Questionnaire.closes_at).limit(1))
    if row is None:
        return None
    instruments = [find_instrument(name) for name in row.instruments.split()]
    return OpenQuestionnaire(
        id=row.id,
        key=link_key(Purpose.QUESTIONNAIRE, row.id),
        questions=sum(len(one.items) for one in instruments),
        minutes=sum(one.minutes for one in instruments),
        is_begun=row.begun_at is not None,
        closes_at=row.closes_at,
    )


def find_questionnaire(enrolment_id: int, wave: Wave) -> Questionnaire | None:
    asked = select(Questionnaire).filter_by(enrolment_id=enrolment_id, wave=wave)
    return db.session.scalar(asked)
