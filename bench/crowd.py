"""A made-up charity of any size, written by bulk SQL: cohorts of ten, each with a plan.

In some cohorts a reminder falls due at `AT`; half of the others are over, half still to come.
Every row is a copy of one that the product's models made, so that no column is forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, String, cast, insert, literal, select, text, true
from sqlalchemy.sql.expression import CTE

from programme.app import create_app
from programme.cohorts.models import Cohort, Due, Enrolment, GroupSession, Step
from programme.cohorts.rules import DueState
from programme.foundation.database import Record, UTCDateTime, db
from programme.foundation.settings import Settings
from programme.messages.models import Message
from programme.messages.rules import State
from programme.people.models import Consent, FirstConversation, Household, Participant
from programme.people.rules import Channel, ConsentPurpose
from tests import builders

AT = datetime(2026, 10, 26, 18, 0, tzinfo=UTC)
"""The evening before the first session of those whose reminder is due."""
FIRST_DAY = date(2026, 10, 27)
SECRET = "a secret for measuring that is long enough"
PLACES = 10
YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
PLAN = [
    ("welcome", "cohorts.welcome", 0, -14 * DAY, DAY),
    ("remind.day-before", "cohorts.remind", 1, 0 * DAY, DAY),
    ("remind.hour-before", "cohorts.remind", 1, DAY, DAY + HOUR),
    ("remind.day-before", "cohorts.remind", 2, 7 * DAY, 8 * DAY),
    ("remind.hour-before", "cohorts.remind", 2, 8 * DAY, 8 * DAY + HOUR),
    ("remind.day-before", "cohorts.remind", 3, 14 * DAY, 15 * DAY),
    ("remind.hour-before", "cohorts.remind", 3, 15 * DAY, 15 * DAY + HOUR),
    ("thanks", "cohorts.thanks", 0, 16 * DAY, 22 * DAY),
]
"""Names, kinds, sessions, and when due and of no use, counted from `AT`."""
TOLD = 3
"""To how many of these steps everybody was written, where the cohort is over."""


@dataclass(frozen=True)
class Block:
    """Cohorts alike: how many, the first's number, and how far their dates are from `AT`."""

    count: int
    first: int
    shift: timedelta

    @property
    def people(self) -> int:
        return self.count * PLACES


@contextmanager
def crowded(folder: Path, url: str, *, due: int, others: int, **ours: Any) -> Iterator[Flask]:
    """An application on a new crowd, as outside a demonstration but for `ours`."""
    app = create_app(_settings(folder, url, ours))
    with app.app_context():
        db.drop_all()
        db.create_all()
        make_crowd(due=due, others=others)
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _settings(folder: Path, url: str, ours: dict[str, Any]) -> Settings:
    keys = {"secret": token_hex(32), "sealing_key": token_hex(32)}
    return Settings(instance=folder, database_url=url, https=False, **keys, **ours)


def make_crowd(*, due: int, others: int) -> None:
    """`due` enrolments whose reminder is due at `AT`, and others."""
    _make_samples()
    sizes = [(due, 0 * YEAR), (others // 2, -YEAR), (others // 2, YEAR)]
    first = 1
    for people, shift in sizes:
        _copy_block(Block(people // PLACES, first, shift))
        first += people // PLACES
    _remove_samples()
    _count_on()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))  # as its autovacuum does
    db.session.commit()


def _make_samples() -> None:
    lead = builders.partner()
    person = builders.spoken_to(builders.participant("Jo", partner=lead), channel=Channel.EMAIL)
    group = builders.cohort(FIRST_DAY, partner=lead, weeks=3)
    place = builders.enrol(person, group)
    step = Step(
        cohort_id=group.id, name="welcome", kind="cohorts.welcome", due_at=AT, expires_at=AT
    )
    message = Message(
        key="sample", participant_id=person.id, channel=Channel.EMAIL, language="en",
        template="welcome", values="{}", created_at=AT, due_at=AT, expires_at=AT, next_try_at=AT,
        state=State.SENT, sent_at=AT, subject="We start", text="Hello Jo, we start.", carries=1,
        sent_by="clock", sender_name="Tuesday group", forgotten_at=AT,
    )  # fmt: skip
    db.session.add_all([step, message])
    db.session.flush()
    due = Due(
        step_id=step.id, participant_id=person.id, made_at=AT, done_at=AT, state=DueState.DONE,
        message_id=message.id,
    )  # fmt: skip
    db.session.add(due)
    db.session.flush()
    consent = db.session.scalars(select(Consent).filter_by(purpose=ConsentPurpose.MESSAGES)).one()
    rows = [person.household, person, person.conversation, consent, group, group.sessions[0]]
    for row in [*rows, place, step, message, due]:
        SAMPLES[type(row)] = row.id
    db.session.commit()


SAMPLES: dict[type[Record], int] = {}


def _copy_block(block: Block) -> None:
    if not block.count:
        return
    person = _numbers(block.people)
    who = person.c.n + (block.first - 1) * PLACES
    group_of = (who - 1) // PLACES + 1
    _copy(Household, person, id=NEW + who)
    _copy(Participant, person, id=NEW + who, household_id=NEW + who, phone_index=cast(who, String))
    _copy(FirstConversation, person, id=NEW + who, participant_id=NEW + who)
    _copy(Consent, person, id=NEW + who, participant_id=NEW + who)
    _copy_groups(block)
    _copy(Enrolment, person, id=NEW + who, participant_id=NEW + who, cohort_id=NEW + group_of)
    if block.shift < timedelta():
        _copy_what_was_told(person, who, group_of, block)


def _copy_groups(block: Block) -> None:
    group = _numbers(block.count)
    number = group.c.n + block.first - 1
    _copy(Cohort, group, id=NEW + number)
    for session in (1, 2, 3):
        starts = AT + block.shift + timedelta(days=7 * session - 6, hours=1.5)
        _copy(
            GroupSession, group, id=NEW + number * 3 + session, cohort_id=NEW + number,
            number=session, starts_at=starts, ends_at=starts + 1.5 * HOUR,
        )  # fmt: skip
    for place, (name, kind, session, due, ends) in enumerate(PLAN):
        due_at, expires_at = AT + block.shift + due, AT + block.shift + ends
        _copy(
            Step, group, id=NEW + number * len(PLAN) + place, cohort_id=NEW + number, name=name,
            kind=kind, session_number=session, due_at=due_at, expires_at=expires_at,
            ended_at=expires_at if expires_at <= AT or name == "welcome" else None,
        )  # fmt: skip


def _copy_what_was_told(person: CTE, who: Any, group_of: Any, block: Block) -> None:
    for place in range(TOLD):
        row, at = NEW + who * TOLD + place, AT + block.shift
        _copy(
            Message, person, id=row, key=cast(row, String), participant_id=NEW + who, due_at=at,
            next_try_at=at, expires_at=at + DAY, sent_at=at,
        )  # fmt: skip
        step = NEW + group_of * len(PLAN) + place
        _copy(Due, person, id=row, step_id=step, participant_id=NEW + who, message_id=row)


NEW = 1000
"""Where the copies' numbers begin, above the samples'."""


def _numbers(count: int) -> CTE:
    begin = select(literal(1).label("n")).cte(recursive=True)
    return begin.union_all(select(begin.c.n + 1).where(begin.c.n < count))


def _copy(model: type[Record], numbers: CTE, **changed: Any) -> None:
    table = model.__table__
    sample = table.alias()
    columns = [
        _value(changed.get(column.name, sample.c[column.name]), column) for column in table.c
    ]
    rows = select(*columns).select_from(sample.join(numbers, true()))
    rows = rows.where(sample.c.id == SAMPLES[model])
    db.session.execute(insert(table).from_select([column.name for column in table.c], rows))


def _value(value: Any, column: Any) -> ColumnElement[Any]:
    if isinstance(value, ColumnElement):
        return value
    return literal(value, UTCDateTime() if isinstance(value, datetime) else column.type)


def _remove_samples() -> None:
    """Nothing may be due for the samples themselves."""
    for model in (Due, Message, Step, Enrolment):
        db.session.execute(model.__table__.delete().where(model.__table__.c.id == SAMPLES[model]))


def _count_on() -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of copies."""
    if db.engine.dialect.name == "postgresql":
        for model in SAMPLES:
            name = model.__tablename__
            db.session.execute(
                text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")
            )
