"""The tick: what fell due becomes dues, dues are carried out, and what is over is ended.

Every part can run twice, on two machines, or again after a crash: a due is unique, it is
claimed before it is carried out, and what goes wrong with one undoes no other.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

import structlog
from sqlalchemy import ColumnElement, Exists, Select, exists, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager, joinedload

from programme.cohorts.kinds import KINDS, Result, is_in_plan
from programme.cohorts.models import Cohort, Due, Enrolment, Step
from programme.cohorts.rules import DueState
from programme.foundation.database import UTCDateTime, db
from programme.foundation.failures import described
from programme.foundation.stopping import stopping
from programme.messages.rules import NotAgreed, NotSafe
from programme.people.models import Participant

log = structlog.get_logger()
NOT_THEIRS = Result(skipped_because="It was no longer their turn.")
TOO_LATE = "Its time had passed."


def make_dues(at: datetime) -> int:
    """One due for everybody whose turn it is and who has none yet. Gives how many."""
    steps = db.session.scalars(_open_steps(at).options(contains_eager(Step.cohort))).all()
    made = sum(_make_dues_of(step, at) for step in steps if is_in_plan(step))
    db.session.commit()
    return made


def _open_steps(at: datetime) -> Select[Step]:
    return (
        select(Step)
        .join(Cohort)
        .where(
            Step.due_at <= at,
            Step.expires_at > at,
            Step.ended_at.is_(None),
            Step.paused_at.is_(None),
            Cohort.paused_at.is_(None),
        )
        .order_by(Step.due_at, Step.id)
    )


def _make_dues_of(step: Step, at: datetime) -> int:
    turn = KINDS[step.kind].who(step).subquery()
    person = turn.columns[0]
    has_one = exists().where(
        Due.step_id == step.id, Due.participant_id == person, Due.occurrence == step.occurrence
    )
    turns = (
        select(literal(step.id), person, literal(step.occurrence), literal(at, UTCDateTime()))
        .where(~has_one, ~_is_paused(step, person))
        .order_by(person)  # so that of two who share a phone the same one is told on every database
    )
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    into = ["step_id", "participant_id", "occurrence", "made_at"]
    made = db.session.execute(
        dialect.insert(Due).from_select(into, turns).on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},  # PostgreSQL's driver would say -1
    )
    return int(made.rowcount)  # type: ignore[attr-defined]


def _is_paused(step: Step, person: ColumnElement[int]) -> Exists:
    return exists().where(
        Enrolment.cohort_id == step.cohort_id,
        Enrolment.participant_id == person,
        Enrolment.paused_at.is_not(None),
    )


def carry_out(at: datetime) -> int:
    """Carry out every waiting due of the open steps, until told to stop. Gives how many were
    done."""
    steps = db.session.scalars(_waiting(at).with_only_columns(Step.id, Step.due_at).distinct())
    step_ids = steps.all()
    db.session.commit()
    in_time = takewhile(lambda _: not stopping.is_set(), step_ids)
    return sum(_carry_out_step(step_id, at) for step_id in in_time)


def _waiting(at: datetime) -> Select[Due]:
    return (
        _open_steps(at)
        .join(Due, Due.step_id == Step.id)
        .where(
            Due.state == DueState.WAITING,
            Due.occurrence == Step.occurrence,
            Step.kind.in_(KINDS),
            ~_is_paused_in_their_cohort(),
        )
        .with_only_columns(Due)
    )


def _is_paused_in_their_cohort() -> Exists:
    return exists().where(
        Enrolment.cohort_id == Step.cohort_id,
        Enrolment.participant_id == Due.participant_id,
        Enrolment.paused_at.is_not(None),
    )


def _carry_out_step(step_id: int, at: datetime) -> int:
    """Everybody's turn of one step, in one transaction. When the database itself fails, all of
    it is as it was, and is tried again next time."""
    try:
        # Held until the commit: two who share a phone must not both find that nobody was told.
        step = db.session.get_one(Step, step_id, with_for_update=True, populate_existing=True)
        done = _carry_out_each(step, at)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.error("step failed", id=step_id, **described(error))
        return 0
    return done


def _carry_out_each(step: Step, at: datetime) -> int:
    dues = db.session.scalars(_claimed(step, at)).all()
    turn = set(db.session.scalars(KINDS[step.kind].who(step))) if dues else set()
    people = select(Participant).where(Participant.id.in_([due.participant_id for due in dues]))
    known = db.session.scalars(people.options(joinedload(Participant.conversation))).all()
    done = sum(_carry_out_alone(due, due.participant_id in turn, at) for due in dues)
    del known  # kept until here, so that nobody is read again for each
    return done


def _claimed(step: Step, at: datetime) -> Select[Due]:
    """The dues of a step that no other process has or had."""
    asked = _waiting(at).where(Step.id == step.id).order_by(Due.id)
    locked = asked.with_for_update(of=Due, skip_locked=True)
    return locked.execution_options(populate_existing=True)


def _carry_out_alone(due: Due, is_their_turn: bool, at: datetime) -> bool:
    """One due, so that what goes wrong undoes nothing of the others. It is noted, and tried
    again next time."""
    due_id = due.id
    try:
        with db.session.begin_nested():
            return _carry_out_now(due, is_their_turn, at)
    except Exception as error:
        log.error("due failed", id=due_id, **described(error))
        _note_failure(due_id, error)
        return False


def _carry_out_now(due: Due, is_their_turn: bool, at: datetime) -> bool:
    if db.session.scalar(_waiting(at).where(Due.id == due.id)) is None:
        return False  # paused, moved or over since the list was made
    result, due.ring_them = _carry_out(due, at) if is_their_turn else (NOT_THEIRS, False)
    _mark(due, result, at)
    return due.state == DueState.DONE


def _carry_out(due: Due, at: datetime) -> tuple[Result, bool]:
    """What it came to, and whether somebody must ring because nothing safe could be sent."""
    try:
        return KINDS[due.step.kind].carry_out(due, at), False
    except NotSafe as unsafe:
        return Result(skipped_because=unsafe.reason), not isinstance(unsafe, NotAgreed)


def _mark(due: Due, result: Result, at: datetime) -> None:
    if result.message is not None:
        db.session.flush()
        due.message_id, due.part = result.message.id, result.message.carries - 1
    due.state = DueState.SKIPPED if result.skipped_because else DueState.DONE
    due.reason = result.skipped_because[:200] or None
    due.done_at = at


def _note_failure(due_id: int, error: Exception) -> None:
    """Only the kind of error is kept: its text might hold what nobody should read."""
    db.session.execute(
        update(Due)
        .where(Due.id == due_id, Due.state == DueState.WAITING)
        .values(failures=Due.failures + 1, reason=f"It failed ({type(error).__name__}).")
    )


def end_steps(at: datetime) -> int:
    """End every step whose time is over, and skip what still waits of it. Gives how many dues
    were skipped."""
    _take_back(at)
    over = select(Step.id).where(Step.expires_at <= at, Step.ended_at.is_(None))
    ids = db.session.scalars(over.with_for_update(skip_locked=True)).all()
    skipped = _skip(ids, at) if ids else 0
    db.session.execute(update(Step).where(Step.id.in_(ids)).values(ended_at=at))
    db.session.commit()
    return skipped


def _take_back(at: datetime) -> None:
    """Open again what a clock that ran ahead had ended, so that one wrong hour costs nothing."""
    ahead = select(Step.id).where(Step.ended_at > at, Step.expires_at <= Step.ended_at)
    ids = db.session.scalars(ahead.with_for_update(skip_locked=True)).all()
    if not ids:
        return
    skipped = (Due.state == DueState.SKIPPED, Due.reason == TOO_LATE, Due.done_at > at)
    waits = {"state": DueState.WAITING, "reason": None, "done_at": None}
    db.session.execute(update(Due).where(Due.step_id.in_(ids), *skipped).values(waits))
    db.session.execute(update(Step).where(Step.id.in_(ids)).values(ended_at=None))
    log.warning("the clock had run ahead", steps=len(ids))


def _skip(step_ids: Sequence[int], at: datetime) -> int:
    done = db.session.execute(
        update(Due)
        .where(Due.step_id.in_(step_ids), Due.state == DueState.WAITING)
        .values(state=DueState.SKIPPED, reason=TOO_LATE, done_at=at)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
