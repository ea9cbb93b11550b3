"""What the plan asks of registers: a nudge the same evening, next morning a note about who did
not come, and who missed two in a row.

Nudge and note go to staff, and a due needs a participant: so their steps select nobody, and the
recurring jobs here carry them out, once for each step. The step ends with it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, func, select, update

from programme.access.models import Account
from programme.access.viewer import CLOCK
from programme.cohorts.callers import callers_of, facilitators_on
from programme.cohorts.kinds import DONE, Draft, Result, StepKind
from programme.cohorts.models import Cohort, Due, GroupSession, Step
from programme.cohorts.queries import session_of
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.messages.actions import queue
from programme.messages.values import day_value, time_value
from programme.people.models import Participant
from programme.people.rules import Channel
from programme.registers.attendance import absent_from, how_many, missed_two_by
from programme.registers.queries import ABSENT
from programme.registers.ringing import was_dealt_with
from programme.registers.scope import register_is_open

NUDGE = "registers.nudge"
MISSED = "registers.missed"


def nudge_facilitators(at: datetime) -> int:
    """Tell the facilitators of each session whose nudge is due and whose register is not taken.

    Returns how many messages were put in the outbox.
    """
    return _each_alone(_due(NUDGE, at).where(register_is_open()), _nudge, at)


def note_absent(at: datetime) -> int:
    """Tell whoever rings for each cohort that somebody did not come, once the register is taken.

    Returns how many messages were put in the outbox.
    """
    return _each_alone(_due(ABSENT, at).where(~register_is_open()), _tell_of_absent, at)


def _each_alone(due: Select[int], tell: Callable[[Step, datetime], int], at: datetime) -> int:
    """Each step in its own transaction; whoever ends the step first is the one who tells."""
    told = 0
    for step_id in db.session.scalars(due).all():
        ending = update(Step).where(Step.id == step_id, Step.ended_at.is_(None))
        ended: Any = db.session.execute(ending.values(ended_at=at))
        told += tell(db.session.get_one(Step, step_id), at) if ended.rowcount else 0
        db.session.commit()
    return told


def _due(kind: str, at: datetime) -> Select[int]:
    return (
        select(Step.id)
        .join(Step.cohort)
        .join(
            GroupSession,
            (GroupSession.cohort_id == Step.cohort_id)
            & (GroupSession.number == Step.session_number),
        )
        .where(
            Step.kind == kind,
            Step.due_at <= at,
            Step.expires_at > at,
            Step.paused_at.is_(None),
            Step.ended_at.is_(None),
            Cohort.paused_at.is_(None),
            GroupSession.cancelled_at.is_(None),
        )
        .order_by(Step.due_at)
    )


def _nudge(step: Step, at: datetime) -> int:
    accounts = _facilitators(step, at)
    for account in accounts:
        _tell(account, _say_not_taken(step), step, at)
    audit.record("nudged facilitators", step, by=CLOCK, at=at, count=len(accounts))
    return len(accounts)


def _tell_of_absent(step: Step, at: datetime) -> int:
    draft = _say_absent(step)
    accounts = _callers(step, at) if draft else ()
    for account in accounts:
        _tell(account, draft, step, at)
    audit.record("noted who did not come", step, by=CLOCK, at=at, told=len(accounts))
    return len(accounts)


def _facilitators(step: Step, at: datetime) -> Sequence[Account]:
    return facilitators_on(step.cohort, local(at, step.cohort.zone).date())


def _callers(step: Step, at: datetime) -> Sequence[Account]:
    return callers_of(step.cohort, local(at, step.cohort.zone).date())


def _say_not_taken(step: Step, _place: Any = None, _at: Any = None) -> Draft:
    session, zone = session_of(step), step.cohort.zone
    values = {
        "group": step.cohort.public_name,
        "day": day_value(session.starts_at, zone),
        "time": time_value(session.starts_at, zone),
    }
    return Draft("register-nudge", values)


def _say_absent(step: Step, _place: Any = None, _at: Any = None) -> Draft | None:
    """How many, and never who: a staff mailbox may be read by others. None: nobody."""
    count = how_many(absent_from(step.cohort_id, step.session_number))
    people = "1 person" if count == 1 else f"{count} people"
    values = {"group": step.cohort.public_name, "people": people}
    return Draft("absent-note", values) if count else None


def _tell(account: Account, draft: Draft | None, step: Step, at: datetime) -> None:
    assert draft is not None
    queue(
        to=account,
        channel=Channel.EMAIL,
        template=draft.template,
        values=dict(draft.values),
        due_at=at,
        expires_at=step.expires_at,
        at=at,
    )


def _nobody(_step: Step) -> Select[int]:
    return select(Participant.id).where(false())


def _never(_due: Due, _at: datetime) -> Result:
    return Result(skipped_because="A nudge goes to staff, not to participants.")


def _say_nudge(step: Step) -> str:
    return (
        f"Reminds the facilitators of {step.cohort.public_name} that the register of week "
        f"{step.session_number} is not taken, if it is not."
    )


def _missed(step: Step) -> Select[int]:
    return missed_two_by(step.cohort_id, step.session_number)


def _note_missed(due: Due, at: datetime) -> Result:
    """Nothing is sent. Today asks somebody to ring; the due keeps on record when it was seen."""
    if not _still_missed(due, at):
        return Result(skipped_because="Already rung, or the mark was changed.")
    return DONE


def _still_missed(due: Due, _at: datetime) -> bool:
    wanted = _missed(due.step).subquery()
    still = (
        select(func.count())
        .select_from(wanted)
        .join(GroupSession, GroupSession.cohort_id == due.step.cohort_id)
        .where(
            wanted.c.participant_id == due.participant_id,
            GroupSession.number == due.step.session_number,
            ~was_dealt_with(GroupSession.id, wanted.c.participant_id),
        )
    )
    return bool(db.session.scalar(still))


def _say_absent_note(step: Step) -> str:
    return (
        f"Tells whoever rings for {step.cohort.public_name} how many did not come to week"
        f" {step.session_number} and sent no apologies. Today says whom. Nothing is sent to them."
    )


def _say_missed(step: Step) -> str:
    return (
        f"Asks on Today that somebody rings who missed week {step.session_number} and the one"
        " before. Nothing is sent to them."
    )


KINDS: tuple[StepKind, ...] = (
    StepKind(
        NUDGE,
        "Remind facilitators of the register",
        who=_nobody,
        carry_out=_never,
        is_still_wanted=lambda _due, _at: False,
        preview=_say_nudge,
        ends_itself=True,
        draft=_say_not_taken,
        staff=_facilitators,
    ),
    StepKind(
        ABSENT,
        "Note who did not come",
        who=_nobody,
        carry_out=_never,
        is_still_wanted=lambda _due, _at: False,
        preview=_say_absent_note,
        ends_itself=True,
        draft=_say_absent,
        staff=_callers,
    ),
    StepKind(
        MISSED,
        "Notice who missed two in a row",
        who=_missed,
        carry_out=_note_missed,
        is_still_wanted=_still_missed,
        preview=_say_missed,
    ),
)
