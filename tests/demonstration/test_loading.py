"""The demonstration is alive, whatever day it is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from programme import demonstration
from programme.access.models import Account
from programme.access.rules import Role
from programme.app import create_app
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import Stage
from programme.demonstration.days import group_dates
from programme.foundation.clock import clock
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.models import Message
from programme.messages.rules import State
from programme.parcels.models import Parcel
from programme.parcels.rules import ParcelState
from programme.people.models import FirstConversation, Household, Participant
from programme.questionnaires.models import Questionnaire, Score
from programme.questionnaires.rules import Wave
from programme.registers.models import Closing, Mark
from tests.conftest import set_clock

TUESDAY = datetime(2026, 10, 13, 17, 0, tzinfo=UTC)
AWKWARD = [
    datetime(2026, 3, 29, 9, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 25, 12, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 50, tzinfo=UTC),
    datetime(2027, 8, 15, 19, 30, tzinfo=UTC),
]


def load(folder: Path, at: datetime) -> Flask:
    """A demonstration as it is at an instant, in an SQLite of its own."""
    folder.mkdir(exist_ok=True)
    settings = Settings(
        instance=folder,
        demonstration=True,
        secret="a secret for the demonstration's test",
        sealing_key="a-sealing-key-for-the-demonstration",
        https=False,
    )
    app = create_app(settings)
    set_clock(at)
    with app.app_context():
        db.create_all()
    demonstration.load(app, progress=lambda line: None)
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = load(tmp_path_factory.mktemp("demonstration"), TUESDAY)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    clock.shift = timedelta()


def count(of: type, *where: object) -> int:
    return db.session.scalar(select(func.count(of.id)).where(*where)) or 0


def test_there_is_somebody_in_every_role(app: Flask) -> None:
    roles = {
        grant.role for account in db.session.scalars(select(Account)) for grant in account.grants
    }
    assert roles == set(Role)


def test_people_are_of_every_kind(app: Flask) -> None:
    assert count(Participant) >= 40
    assert count(Participant, Participant.large_print) >= 3
    assert count(Participant, Participant.email_index.is_(None)) >= 2
    assert count(Household, Household.do_not_post) >= 2
    assert len(set(db.session.scalars(select(Participant.relationship_to_child)))) >= 6
    shared = select(Participant.phone_index).group_by(Participant.phone_index)
    assert db.session.scalars(shared.having(func.count() == 2)).all() != []
    assert count(Participant) - count(FirstConversation) == 6


def test_one_group_finished_with_all_three_waves_and_some_who_dropped_out(app: Flask) -> None:
    finished = {
        wave: db.session.scalar(
            select(func.count(Questionnaire.id))
            .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
            .where(Enrolment.cohort_id == 1, Questionnaire.wave == wave)
            .where(Questionnaire.finished_at.is_not(None))
        )
        for wave in Wave
    }
    assert finished == {Wave.BEFORE: 12, Wave.AFTER: 10, Wave.THREE_MONTHS: 9}
    assert count(Score) > 50


def test_one_group_is_in_week_four_and_meets_today(app: Flask) -> None:
    session = db.session.scalars(select(GroupSession).filter_by(cohort_id=2, number=4)).one()
    assert session.day == TUESDAY.date()
    closed = select(func.count(Closing.id)).join(GroupSession).where(GroupSession.cohort_id == 2)
    assert db.session.scalar(closed) == 3
    assert count(Mark) > 100


def test_one_group_opens_in_three_weeks_with_parcels_to_get_out(app: Flask) -> None:
    states = set(db.session.scalars(select(Parcel.state).filter_by(cohort_id=3)))
    assert {ParcelState.TO_CONFIRM, ParcelState.TO_PACK, ParcelState.PACKED} <= states
    assert count(Enrolment, Enrolment.cohort_id == 3, Enrolment.stage == Stage.WAITING) == 2


def test_messages_were_sent_and_none_waits_or_failed(app: Flask) -> None:
    assert count(Message, Message.state == State.SENT) > 300
    assert count(Message, Message.state.in_((State.FAILED, State.UNCERTAIN))) == 0


def test_nothing_happened_after_now(app: Flask) -> None:
    assert db.session.scalars(select(Message).where(Message.sent_at > TUESDAY)).all() == []
    assert db.session.scalars(select(Mark).where(Mark.at > TUESDAY)).all() == []


def test_weekdays_differ_so_that_groups_can_be_told_apart() -> None:
    for days in range(14):
        names = {group.name for group in group_dates(date(2026, 10, 1) + timedelta(days=days))}
        assert len(names) == 3


@pytest.mark.long
@pytest.mark.parametrize("at", AWKWARD, ids=str)
def test_it_can_be_made_on_any_day(tmp_path: Path, at: datetime) -> None:
    made = load(tmp_path, at)
    with made.app_context():
        assert count(Participant) >= 40
        assert count(Message, Message.state == State.SENT) > 200
        db.engine.dispose()
    clock.shift = timedelta()


@pytest.mark.long
def test_it_is_the_same_for_a_given_day(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        made = load(tmp_path / name, TUESDAY)
        with made.app_context():
            marks = select(Mark.session_id, Mark.participant_id, Mark.attendance).order_by(Mark.id)
            scores = select(Score.questionnaire_id, Score.score, Score.value).order_by(Score.id)
            told.append([*db.session.execute(marks).all(), *db.session.execute(scores).all()])
            db.engine.dispose()
    clock.shift = timedelta()
    assert told[0] == told[1]
