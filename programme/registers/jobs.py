"""What the plan asks of registers: a nudge the same evening, and who missed two in a row.

A nudge goes to staff, and a due needs a participant: so its step selects nobody, and the
recurring job `nudge_facilitators` carries it out, once for each step. The step ends with it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, func, or_, select, update

from programme.access.models import Account, Grant
from programme.access.rules import Role
from programme.access.viewer import CLOCK
from programme.cohorts.kinds import DONE, Result, StepKind
from programme.cohorts.models import Cohort, Due, GroupSession, Step
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.messages.actions import queue
from programme.messages.values import day_value, time_value
from programme.people.models import Participant
from programme.people.rules import Channel
from programme.registers.attendance import missed_two_by
from programme.registers.models import MissedCall
from programme.registers.scope import register_is_open

NUDGE = "registers.nudge"
MISSED = "registers.missed"


def nudge_facilitators(at: datetime) -> int:
    """Tell the facilitators of each session whose nudge is due and whose register is not taken.

    Each step in its own transaction; whoever ends the step first is the one who tells.
    Returns how many messages were put in the outbox.
    """
    told = 0
    for step_id in db.session.scalars(_nudges_due(at)).all():
        told += _nudge(step_id, at)
        db.session.commit()
    return told


def _nudges_due(at: datetime) -> Select[int]:
    return (
        select(Step.id)
        .join(Step.cohort)
        .join(
            GroupSession,
            (GroupSession.cohort_id == Step.cohort_id)
            & (GroupSession.number == Step.session_number),
        )
        .where(
            Step.kind == NUDGE,
            Step.due_at <= at,
            Step.expires_at > at,
            Step.paused_at.is_(None),
            Step.ended_at.is_(None),
            Cohort.paused_at.is_(None),
            register_is_open(),
        )
        .order_by(Step.due_at)
    )


def _nudge(step_id: int, at: datetime) -> int:
    ending = update(Step).where(Step.id == step_id, Step.ended_at.is_(None)).values(ended_at=at)
    ended: Any = db.session.execute(ending)
    if not ended.rowcount:
        return 0
    step = db.session.get_one(Step, step_id)
    accounts = facilitators_of(step.cohort, local(at, step.cohort.zone).date())
    for account in accounts:
        _tell(account, step, at)
    audit.record("nudged facilitators", step, by=CLOCK, at=at, count=len(accounts))
    return len(accounts)


def facilitators_of(cohort: Cohort, on: date) -> Sequence[Account]:
    """Who facilitates a cohort: those named for it, else those named for its partner or for all."""
    wanted = (
        select(Account, Grant.cohort_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == Role.FACILITATOR,
            or_(Account.ends_on.is_(None), Account.ends_on >= on),
            or_(
                Grant.cohort_id == cohort.id,
                Grant.cohort_id.is_(None)
                & or_(Grant.partner_id.is_(None), Grant.partner_id == cohort.partner_id),
            ),
        )
        .order_by(Account.id)
    )
    found = db.session.execute(wanted).all()
    named = [row.Account for row in found if row.cohort_id == cohort.id]
    return list(dict.fromkeys(named or [row.Account for row in found]))


def _tell(account: Account, step: Step, at: datetime) -> None:
    session = db.session.scalars(
        select(GroupSession).filter_by(cohort_id=step.cohort_id, number=step.session_number)
    ).one()
    zone = step.cohort.zone
    queue(
        to=account,
        channel=Channel.EMAIL,
        template="register-nudge",
        values={
            "group": step.cohort.public_name,
            "day": day_value(session.starts_at, zone),
            "time": time_value(session.starts_at, zone),
        },
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
    missed = select(func.count()).where(wanted.c.participant_id == due.participant_id)
    rung = (
        select(MissedCall.id)
        .join(GroupSession, GroupSession.id == MissedCall.session_id)
        .where(
            GroupSession.cohort_id == due.step.cohort_id,
            GroupSession.number == due.step.session_number,
            MissedCall.participant_id == due.participant_id,
        )
    )
    return bool(db.session.scalar(missed)) and db.session.scalar(rung) is None


def _say_missed(step: Step) -> str:
    count = db.session.scalar(select(func.count()).select_from(_missed(step).subquery())) or 0
    people = "1 person who has" if count == 1 else f"{count} people who have"
    return f"Asks on Today that somebody rings {people} missed two in a row. Nothing is sent."


KINDS: tuple[StepKind, ...] = (
    StepKind(
        NUDGE,
        "Remind facilitators of the register",
        who=_nobody,
        carry_out=_never,
        is_still_wanted=lambda _due, _at: False,
        preview=_say_nudge,
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
