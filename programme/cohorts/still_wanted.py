"""Whose turn it still is, asked just before messages leave.

What a pause keeps from leaving waits for its turn again, as if it had never been written.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from programme.cohorts.kinds import KINDS, is_in_plan
from programme.cohorts.models import Due, Step
from programme.cohorts.queries import enrolment_of
from programme.cohorts.rules import DueState
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.wanted import may_have_left

NOT_WANTED = "It was no longer their turn when the message left."


def unwanted_texts(messages: Sequence[Message], at: datetime) -> dict[int, frozenset[int]]:
    """Asked just before messages leave: which texts of each, counted from 0, nobody's turn
    wants any more. One that belongs to no step is wanted."""
    dues = db.session.scalars(_dues_of(messages)).all()
    wanted = _wanted_among(dues, at)
    parts: dict[int, set[int]] = {}
    for due in dues:
        parts.setdefault(due.message_id or 0, set()).add(due.part)
    for due in wanted:
        parts[due.message_id or 0].discard(due.part)
    return {message_id: frozenset(left) for message_id, left in parts.items()}


def is_held(message: Message, at: datetime) -> bool:
    """Whether a pause alone keeps something of a message from being said."""
    dues = db.session.scalars(_dues_of([message]).where(Due.state == DueState.DONE))
    return any(_is_of_use(due, at) and _is_paused(due) for due in dues)


def left_out(message: Message, parts: frozenset[int], at: datetime) -> None:
    """Told that a message leaves without these texts, or not at all."""
    for due in db.session.scalars(_dues_of([message]).where(Due.part.in_(parts))):
        if _is_of_use(due, at) and _is_paused(due) and not may_have_left(message):
            due.state, due.done_at = DueState.WAITING, None
        else:
            due.state, due.reason = DueState.SKIPPED, NOT_WANTED


def _is_paused(due: Due) -> bool:
    place = enrolment_of(due.step.cohort_id, due.participant_id)
    return bool(due.step.paused_at or due.step.cohort.paused_at or (place and place.paused_at))


def _dues_of(messages: Sequence[Message]) -> Select[Due]:
    ids = [message.id for message in messages]
    with_plan = joinedload(Due.step).joinedload(Step.cohort)
    return select(Due).where(Due.message_id.in_(ids)).options(with_plan)


def _wanted_among(dues: Sequence[Due], at: datetime) -> list[Due]:
    """Each step is asked once, whose turn it still is; kinds that cannot say, for each due."""
    of_step: dict[int, list[Due]] = {}
    for due in dues:
        if _may_go_now(due, at):
            of_step.setdefault(due.step_id, []).append(due)
    return [due for some in of_step.values() for due in _wanted_of_step(some, at)]


def _may_go_now(due: Due, at: datetime) -> bool:
    return _is_of_use(due, at) and not (due.step.paused_at or due.step.cohort.paused_at)


def _is_of_use(due: Due, at: datetime) -> bool:
    step = due.step
    is_over = step.ended_at or step.expires_at <= at
    return not is_over and step.occurrence == due.occurrence and is_in_plan(step)


def _wanted_of_step(dues: list[Due], at: datetime) -> list[Due]:
    step = dues[0].step
    kind = KINDS[step.kind]
    if kind.still_wanted_by is None:
        return [due for due in dues if kind.is_still_wanted(due, at)]
    turn = kind.still_wanted_by(step).subquery()
    person = turn.columns[0]
    people = db.session.scalars(select(person).where(person.in_([d.participant_id for d in dues])))
    still = set(people)
    return [due for due in dues if due.participant_id in still]
