"""What the plan does with questionnaires, through the clock's own tick."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.viewer import ANONYMOUS
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Cohort, Due, Enrolment, Step
from programme.cohorts.rules import Stage
from programme.cohorts.tick import carry_out, make_dues
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rendering import render
from programme.people.models import Consent, Participant
from programme.people.rules import CONSENT_WORDING_VERSION, ConsentPurpose
from programme.questionnaires.actions import finish
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.queries import find_sheet
from programme.questionnaires.rules import Wave
from tests import builders
from tests.conftest import NOW
from tests.questionnaires.asked import FIRST_DAY

DAY = timedelta(days=1)


def group() -> Cohort:
    return builders.cohort(FIRST_DAY, partner=builders.partner())


def step(of: Cohort, name: str, *, due_at: datetime = NOW) -> Step:
    kind = "questionnaires.open" if name.endswith("open") else "questionnaires.remind"
    made = Step(cohort_id=of.id, name=name, kind=kind, due_at=due_at, expires_at=due_at + 10 * DAY)
    db.session.add(made)
    db.session.flush()
    return made


def member(
    of: Cohort, known_as: str = "Nan", *, stage: Stage = Stage.ENROLLED, is_spoken_to: bool = True
) -> Enrolment:
    person = builders.participant(known_as, partner=db.session.get_one(Partner, of.partner_id))
    if is_spoken_to:
        builders.spoken_to(person)
    return builders.enrol(person, of, stage=stage)


def says(enrolment: Enrolment, purpose: ConsentPurpose, *, is_given: bool) -> None:
    db.session.add(
        Consent(
            participant_id=enrolment.participant_id,
            purpose=purpose,
            wording_version=CONSENT_WORDING_VERSION,
            is_given=is_given,
            at=NOW - DAY,
            by="test",
        )
    )
    db.session.flush()


def tick(at: datetime) -> None:
    make_dues(at)
    carry_out(at)


def sent(template: str) -> list[Message]:
    return list(db.session.scalars(select(Message).filter_by(template=template)))


def questionnaires() -> list[Questionnaire]:
    return list(db.session.scalars(select(Questionnaire).order_by(Questionnaire.id)))


def test_opening_makes_the_questions_and_sends_the_link_once(app: Flask, at: datetime) -> None:
    of = group()
    nan = member(of)
    opening = step(of, "before.open")
    for _ in range(2):
        tick(at)
    [row] = questionnaires()
    assert (row.enrolment_id, row.wave) == (nan.id, Wave.BEFORE)
    assert row.instruments == "who5@1 check-in@1"
    assert row.closes_at == opening.expires_at
    [message] = sent("questionnaire-open")
    assert message.participant_id == nan.participant_id
    text = render(message, app.config["SETTINGS"])
    assert "/q/" in text.body
    assert "Hello Nan" in text.body


def test_a_late_joiner_gets_the_questions_at_the_next_tick(app: Flask, at: datetime) -> None:
    of = group()
    member(of)
    step(of, "before.open")
    tick(at)
    member(of, "Late")
    tick(at + DAY)
    assert len(questionnaires()) == len(sent("questionnaire-open")) == 2


@pytest.mark.parametrize("stage", [Stage.WAITING, Stage.OFFERED, Stage.WITHDREW])
def test_whoever_does_not_take_part_is_not_asked(app: Flask, at: datetime, stage: Stage) -> None:
    of = group()
    member(of, stage=stage)
    step(of, "before.open")
    tick(at)
    assert questionnaires() == []


def test_whoever_was_not_spoken_to_is_not_asked(app: Flask, at: datetime) -> None:
    of = group()
    member(of, is_spoken_to=False)
    step(of, "before.open")
    tick(at)
    assert questionnaires() == []


@pytest.mark.parametrize(
    ("name", "purpose", "expected"),
    [
        ("before.open", ConsentPurpose.QUESTIONNAIRES, 0),
        ("before.open", ConsentPurpose.FOLLOW_UP, 1),
        ("after.open", ConsentPurpose.QUESTIONNAIRES, 0),
        ("three-months.open", ConsentPurpose.QUESTIONNAIRES, 1),
        ("three-months.open", ConsentPurpose.FOLLOW_UP, 0),
    ],
)
def test_each_wave_has_its_own_consent_and_the_latest_counts(
    app: Flask, at: datetime, name: str, purpose: ConsentPurpose, expected: int
) -> None:
    of = group()
    says(member(of), purpose, is_given=False)
    step(of, name)
    tick(at)
    assert len(questionnaires()) == expected


def test_without_a_safe_way_the_questions_are_there_and_somebody_is_to_ring(
    app: Flask, at: datetime
) -> None:
    of = group()
    nan = member(of)
    db.session.get_one(Participant, nan.participant_id).email = None
    step(of, "before.open")
    tick(at)
    assert len(questionnaires()) == 1
    [due] = db.session.scalars(select(Due))
    assert due.reason == "Their e-mail address is missing."
    assert due.ring_them


def test_a_reminder_goes_only_to_who_has_not_finished(app: Flask, at: datetime) -> None:
    of = group()
    nan, dad = member(of, "Nan"), member(of, "Dad")
    step(of, "before.open")
    tick(at)
    _finish(nan, at)
    step(of, "before.remind-1", due_at=at + DAY)
    for _ in range(2):
        tick(at + DAY)
    assert [one.participant_id for one in sent("questionnaire-remind")] == [dad.participant_id]


def test_a_message_is_not_wanted_once_they_have_finished_or_said_no(
    app: Flask, at: datetime
) -> None:
    of = group()
    nan = member(of)
    opening = step(of, "before.open")
    kind = KINDS["questionnaires.open"]
    tick(at)
    [due] = db.session.scalars(select(Due))
    assert kind.is_still_wanted(due, at)
    assert not kind.is_still_wanted(due, opening.expires_at)
    says(nan, ConsentPurpose.QUESTIONNAIRES, is_given=False)
    assert not kind.is_still_wanted(due, at)
    says(nan, ConsentPurpose.QUESTIONNAIRES, is_given=True)
    assert kind.is_still_wanted(due, at)
    _finish(nan, at)
    assert not kind.is_still_wanted(due, at)


def test_a_preview_says_whom_it_concerns(app: Flask, at: datetime) -> None:
    of = group()
    member(of, "Nan")
    member(of, "Dad")
    opening, reminder = step(of, "before.open"), step(of, "before.remind-1", due_at=at + DAY)
    assert (
        KINDS["questionnaires.open"].preview(opening)
        == "Opens the questions “before” and sends the link to those who agreed to them."
    )
    assert "Reminds those who have not answered" in KINDS["questionnaires.remind"].preview(reminder)


def _finish(enrolment: Enrolment, at: datetime) -> None:
    row = next(one for one in questionnaires() if one.enrolment_id == enrolment.id)
    sheet = find_sheet(row.id)
    assert sheet
    finish(sheet, by=ANONYMOUS, at=at)
    db.session.commit()
