"""What follows when sessions move: which step goes where, shown before and done after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from programme.cohorts.hours import sent
from programme.cohorts.kinds import KINDS
from programme.cohorts.models import Cohort, Due, Step
from programme.cohorts.plan import Hours, StepDate, settle, step_dates
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import sessions_of, steps_of
from programme.cohorts.rules import DueState, Meeting
from programme.foundation.database import db
from programme.messages.reaching import settings


class Effect(StrEnum):
    """What becomes of one step."""

    NEW = "is added"
    MOVES = "moves"
    AGAIN = "is done again for the new date"
    DONE = "was done and stays as it was"
    BY_HAND = "keeps the date it was given by hand"
    ENDS = "falls away"
    SAME = "stays"


@dataclass(frozen=True)
class Consequence:
    """What becomes of one step: from when, to when, and how many people had it already."""

    effect: Effect
    name: str
    kind: str
    session_number: int
    was: datetime | None
    will_be: datetime | None
    told: int
    step: Step | None
    date: StepDate | None


def consequences(cohort: Cohort, meetings: Sequence[Meeting], at: datetime) -> list[Consequence]:
    """What the plan would become if these were the sessions. Changes nothing."""
    plan = load_programme(cohort.programme).plan
    hours = sending_hours(cohort.zone)
    settled = sent(settle(step_dates(plan, meetings, cohort.zone), hours), hours)
    dates = {(date.name, date.session_number): date for date in settled}
    steps = {
        (step.name, step.session_number): step
        for step in steps_of(cohort.id)
        if not _is_ad_hoc(step)
    }
    told = _told(cohort.id)
    keys = list(dates) + [key for key in steps if key not in dates]
    return [_consequence(steps.get(key), dates.get(key), told, at) for key in keys]


def shown(found: Iterable[Consequence]) -> list[Consequence]:
    """Only what is not as before; what was done is worth a line when its session moves."""
    return [each for each in found if each.effect not in (Effect.SAME, Effect.DONE)]


def sending_hours(zone: str) -> Hours:
    """When the charity writes to families, by clocks in `zone`."""
    return Hours(settings().send_from_hour, settings().send_until_hour, zone)


def _is_ad_hoc(step: Step) -> bool:
    return step.kind in KINDS and KINDS[step.kind].is_ad_hoc


def _told(cohort_id: int) -> dict[int, int]:
    """How many people each step was done for, in its present occurrence."""
    asked = (
        select(Due.step_id, func.count())
        .join(Step)
        .where(Step.cohort_id == cohort_id, Due.state == DueState.DONE)
        .where(Due.occurrence == Step.occurrence)
        .group_by(Due.step_id)
    )
    return dict(db.session.execute(asked).all())


def _consequence(
    step: Step | None, date: StepDate | None, all_told: dict[int, int], at: datetime
) -> Consequence:
    told = all_told.get(step.id, 0) if step else 0
    known = step or date
    assert known is not None
    return Consequence(
        _effect(step, date, told, at),
        known.name,
        known.kind,
        known.session_number,
        step.due_at if step else None,
        date.due_at if date else None,
        told,
        step,
        date,
    )


def _effect(step: Step | None, date: StepDate | None, told: int, at: datetime) -> Effect:
    if step is None:
        return Effect.NEW
    if date is None:
        return Effect.SAME if step.ended_at else Effect.ENDS
    if step.moved_by:
        return Effect.BY_HAND
    if told:
        return _effect_once_done(step, date, at)
    is_same = (step.due_at, step.expires_at) == (date.due_at, date.expires_at)
    if is_same and _is_done_by_itself(step):
        return Effect.SAME
    is_over = step.ended_at is not None and date.expires_at <= at
    comes_back = step.ended_at is not None and date.expires_at > at
    return Effect.SAME if is_over or (is_same and not comes_back) else Effect.MOVES


def _is_done_by_itself(step: Step) -> bool:
    ends_itself = step.kind in KINDS and KINDS[step.kind].ends_itself
    return ends_itself and step.ended_at is not None and step.ended_at >= step.due_at


def _effect_once_done(step: Step, date: StepDate, at: datetime) -> Effect:
    """A reminder already sent is sent again before the new date; what was done otherwise stays."""
    if step.expires_at == date.expires_at:
        return Effect.SAME
    is_repeated = step.kind in KINDS and KINDS[step.kind].repeats and date.due_at > at
    return Effect.AGAIN if is_repeated else Effect.DONE


def replan(cohort: Cohort, at: datetime) -> list[Consequence]:
    """Bring the steps in line with the sessions as they now stand."""
    db.session.flush()
    meetings = [each.meeting for each in sessions_of(cohort.id) if each.cancelled_at is None]
    found = consequences(cohort, meetings, at)
    for each in found:
        _follow(cohort, each, at)
    cohort.programme_version = load_programme(cohort.programme).version
    db.session.flush()
    return found


def _follow(cohort: Cohort, each: Consequence, at: datetime) -> None:
    if each.step is None and each.date is not None:
        db.session.add(_new_step(cohort, each.date))
    elif each.step is not None and each.date is None:
        _end(each.step, at)
    elif each.step is not None and each.date is not None:
        _redate(each.step, each.date, each.effect, at)


def _new_step(cohort: Cohort, date: StepDate) -> Step:
    return Step(
        cohort_id=cohort.id,
        name=date.name,
        kind=date.kind,
        session_number=date.session_number,
        due_at=date.due_at,
        expires_at=date.expires_at,
    )


def _end(step: Step, at: datetime) -> None:
    step.ended_at = step.ended_at or at
    skip_waiting(step, "Its session was cancelled.", at)


def _redate(step: Step, date: StepDate, effect: Effect, at: datetime) -> None:
    if effect in (Effect.BY_HAND, Effect.SAME):
        return
    step.expires_at = date.expires_at
    if date.expires_at > at:
        step.ended_at = None
    if effect is Effect.DONE:
        return
    step.due_at = date.due_at
    if effect is Effect.AGAIN:
        skip_waiting(step, "Its session moved.", at)
        step.occurrence += 1


def skip_waiting(step: Step, reason: str, at: datetime) -> None:
    """Give up what is still waiting of a step."""
    waiting = select(Due).filter_by(step_id=step.id, state=DueState.WAITING)
    for due in db.session.scalars(waiting):
        due.state, due.reason, due.done_at = DueState.SKIPPED, reason, at
