"""The plan of a cohort as a timeline: each step, what it does, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from programme.cohorts.kinds import KINDS, is_in_plan
from programme.cohorts.models import Cohort, Due, Step
from programme.cohorts.plan import StepDate
from programme.cohorts.programmes import Programme
from programme.cohorts.queries import steps_of, taking_part
from programme.cohorts.rules import DueState
from programme.foundation.database import db

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Counts:
    """How far one step has come, in its present occurrence."""

    done: int = 0
    skipped: int = 0
    waiting: int = 0
    failing: int = 0
    to_ring: int = 0


@dataclass(frozen=True)
class StepLine:
    """One step on the timeline. `state`: done, soon, wrong, paused or coming."""

    id: int
    name: str
    kind: str
    session_number: int
    due_at: datetime
    expires_at: datetime
    title: str
    sentence: str
    tally: Counts
    counts: str
    state: str
    state_words: str
    is_over: bool
    is_paused: bool
    is_by_hand: bool
    is_near: bool

    @property
    def is_past(self) -> bool:
        """Nothing to look at any more: it is over, or done for everybody there is."""
        return self.is_over or self.state == "done"


def plan_of(cohort: Cohort, programme: Programme, reached: int, at: datetime) -> list[StepLine]:
    """The plan in order of time. `reached`: how many people could be written to now."""
    counts = _counts(Step.cohort_id == cohort.id)
    steps = steps_of(cohort.id)
    return [
        _step_line(step, programme, counts.get(step.id, Counts()), reached, at) for step in steps
    ]


def line_of(step: Step, programme: Programme, at: datetime) -> StepLine:
    """One step of the plan, without a guess at how many people it will concern."""
    counts = _counts(Step.id == step.id).get(step.id, Counts())
    return _step_line(step, programme, counts, None, at)


def _counts(of_steps: ColumnElement[bool]) -> dict[int, Counts]:
    to_ring = and_(Due.ring_them.is_(True), Due.rung_at.is_(None))
    tallies = (
        _sum(Due.state == DueState.DONE),
        _sum(Due.state == DueState.SKIPPED),
        _sum(Due.state == DueState.WAITING),
        _sum(and_(Due.state == DueState.WAITING, Due.failures > 0)),
        _sum(to_ring),
    )
    asked = (
        select(Due.step_id, *tallies)
        .join(Step)
        .where(of_steps, Due.occurrence == Step.occurrence)
        .group_by(Due.step_id)
    )
    return {row[0]: Counts(*row[1:]) for row in db.session.execute(asked)}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _step_line(
    step: Step, programme: Programme, counts: Counts, reached: int | None, at: datetime
) -> StepLine:
    state, words = _state(step, counts, at)
    return StepLine(
        id=step.id,
        name=step.name,
        kind=step.kind,
        session_number=step.session_number,
        due_at=step.due_at,
        expires_at=step.expires_at,
        title=title_of(step, programme),
        sentence=_say(step),
        tally=counts,
        counts=_say_counts(step, counts, reached, at),
        state=state,
        state_words=words,
        is_over=step.ended_at is not None or step.expires_at <= at,
        is_paused=step.paused_at is not None,
        is_by_hand=step.moved_by is not None,
        is_near=step.due_at <= at + SOON,
    )


def _say(step: Step) -> str:
    if not is_in_plan(step):
        return "No longer in the programme's plan: nothing follows from it."
    return KINDS[step.kind].preview(step)


def title_of(step: Step | StepDate, programme: Programme) -> str:
    """ "Reminder, week 3", "Questions open, before" """
    kind = KINDS.get(step.kind)
    title = kind.label if kind else step.kind.replace(".", ", ").capitalize()
    if step.session_number:
        return f"{title}, week {step.session_number}"
    wave = next((entry.wave for entry in programme.plan if entry.name == step.name), "")
    return f"{title}, {wave.replace('_', ' ')}" if wave else title


def _state(step: Step, counts: Counts, at: datetime) -> tuple[str, str]:
    is_over = step.ended_at is not None or step.expires_at <= at
    if counts.failing or (counts.to_ring and not is_over):
        return "wrong", "Needs you"
    if is_over and not counts.done:
        return "paused", "Passed, nothing was done"
    if is_over or (counts.done and not counts.waiting):
        return "done", "Done"
    if step.paused_at:
        return "paused", "Paused"
    return ("soon", "Due now") if step.due_at <= at else ("coming", "To come")


def _say_counts(step: Step, counts: Counts, reached: int | None, at: datetime) -> str:
    seen = counts.done + counts.skipped + counts.waiting
    if not seen:
        return _say_reached(step, reached, at)
    words = [f"{counts.done} of {seen} done"]
    words += [f"{counts.skipped} skipped"] if counts.skipped else []
    words += [f"{counts.failing} not going through"] if counts.failing else []
    words += [f"{counts.to_ring} to ring"] if counts.to_ring else []
    return ", ".join(words)


def _say_reached(step: Step, reached: int | None, at: datetime) -> str:
    """Only of what concerns everybody: whom the rest concerns, its own page says."""
    is_over = step.ended_at is not None or step.expires_at <= at
    concerns_all = step.kind in KINDS and KINDS[step.kind].who is taking_part
    if is_over or not concerns_all or reached is None:
        return ""
    return f"{reached} {'person' if reached == 1 else 'people'}"
