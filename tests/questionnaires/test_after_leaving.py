"""Who left the group is asked afterwards what they agreed to, and only if it means something."""

from datetime import datetime
from itertools import product

import pytest
from flask import Flask

from programme.cohorts.models import Enrolment
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.people.models import Participant
from programme.people.rules import ConsentPurpose
from programme.questionnaires.asking import may_be_asked
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave, may_be_asked_after_leaving
from tests.questionnaires.test_jobs import group, member, questionnaires, says, sent, step, tick

STEPS = {
    Wave.BEFORE: "before.open",
    Wave.AFTER: "after.open",
    Wave.THREE_MONTHS: "three-months.open",
}
FACTS = ("agrees", "came", "answered", "lets_us_keep_details")


@pytest.mark.parametrize("wave", Wave)
def test_all_four_are_needed_and_never_before(wave: Wave) -> None:
    for facts in product((True, False), repeat=4):
        said = may_be_asked_after_leaving(wave, **dict(zip(FACTS, facts, strict=True)))
        assert said is (wave is not Wave.BEFORE and all(facts))


def left(enrolment: Enrolment, wave: Wave, at: datetime, *facts: bool) -> None:
    """Let somebody have left, with these facts."""
    agrees, came, answered, keeps = facts
    enrolment.stage, enrolment.withdrew_at = Stage.WITHDREW, at
    enrolment.started_at = at if came else None
    earlier = Wave.AFTER if wave is Wave.BEFORE else Wave.BEFORE
    db.session.add(
        Questionnaire(
            enrolment_id=enrolment.id,
            wave=earlier,
            instruments="who5@1",
            opened_at=at,
            closes_at=at,
            finished_at=at if answered else None,
        )
    )
    purpose = (
        ConsentPurpose.FOLLOW_UP if wave is Wave.THREE_MONTHS else ConsentPurpose.QUESTIONNAIRES
    )
    says(enrolment, purpose, is_given=agrees)
    says(enrolment, ConsentPurpose.TAKING_PART, is_given=keeps)


@pytest.mark.parametrize("wave", Wave)
def test_the_query_says_the_same_as_the_rule(app: Flask, at: datetime, wave: Wave) -> None:
    of = group()
    expected = set()
    for number, facts in enumerate(product((True, False), repeat=4)):
        place = member(of, f"Person {number}")
        left(place, wave, at, *facts)
        if may_be_asked_after_leaving(wave, **dict(zip(FACTS, facts, strict=True))):
            expected.add(place.participant_id)
    db.session.flush()
    asked = db.session.scalars(may_be_asked(step(of, STEPS[wave]), wave)).all()
    assert set(asked) == expected
    assert len(expected) == (wave is not Wave.BEFORE)


def test_whoever_never_had_a_place_or_is_paused_is_not_asked(app: Flask, at: datetime) -> None:
    of = group()
    waiting, paused = member(of, "Waiting"), member(of, "Paused")
    for place in (waiting, paused):
        left(place, Wave.AFTER, at, True, True, True, True)
    waiting.stage, paused.paused_at = Stage.WAITING, at
    db.session.flush()
    after = step(of, "after.open")
    assert db.session.scalars(may_be_asked(after, Wave.AFTER)).all() == []


def test_they_get_the_link_but_neither_thanks_nor_reminders_of_sessions(
    app: Flask, at: datetime
) -> None:
    of = group()
    nan = member(of, "Nan")
    left(nan, Wave.AFTER, at, True, True, True, True)
    step(of, "after.open")
    tick(at)
    assert [one.participant_id for one in sent("questionnaire-open")] == [nan.participant_id]
    assert [one.wave for one in questionnaires()] == [Wave.BEFORE, Wave.AFTER]


def test_who_answered_the_last_questions_is_thanked_once(app: Flask, at: datetime) -> None:
    of = group()
    nan, _dad = member(of, "Nan"), member(of, "Dad")
    left(nan, Wave.AFTER, at, True, True, True, True)
    answered = Questionnaire(enrolment_id=nan.id, wave=Wave.THREE_MONTHS, instruments="who5@1",
                             opened_at=at, closes_at=at, finished_at=at)  # fmt: skip
    db.session.add(answered)
    thanks = step(of, "three-months.thanks")
    thanks.kind = "questionnaires.thanks"
    db.session.commit()
    for _ in range(2):
        tick(at)
    (message,) = sent("questionnaire-thanks")
    assert db.session.get_one(Participant, message.participant_id).known_as == "Nan"
