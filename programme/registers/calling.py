"""Who rings somebody who missed, and what became of it."""

from datetime import date, datetime

from sqlalchemy import select

from programme.access.models import Account
from programme.access.viewer import Viewer
from programme.cohorts.callers import find_account, may_ring
from programme.cohorts.models import Cohort, GroupSession
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import FirstConversation
from programme.registers.marking import names_on_register, take_turns
from programme.registers.models import CallDuty, MissedCall
from programme.registers.rules import NEEDS_WORDS, CallOutcome


def give_call(
    session: GroupSession, participant_id: int, account: Account, *, by: Viewer, at: datetime
) -> CallDuty:
    """Say who rings somebody about a session, instead of whoever was to.

    Raises:
        Refusal: the person is not on this register, or one of the two may not ring here.
    """
    on = local(at, session.cohort.zone).date()
    _check_may_give(session.cohort, by, on)
    if not may_ring(account, session.cohort, on):
        raise Refusal(f"{account.name} does not ring people of this group. Choose somebody else.")
    names_on_register(session, [participant_id])
    take_turns(session)
    duty = _duty(session, participant_id) or _new_duty(session, participant_id)
    duty.account_id, duty.at, duty.by = account.id, at, by.actor
    audit.record("gave call", duty, by=by, at=at, participant=participant_id, to=account.id)
    return duty


def take_call(session: GroupSession, participant_id: int, *, by: Viewer, at: datetime) -> CallDuty:
    """Ring somebody oneself.

    Raises:
        Refusal: somebody else took it before, or see `give_call`.
    """
    account = find_account(by.account_id or 0)
    if account is None:
        raise Refusal("A call is for somebody who signs in. Sign in first.")
    take_turns(session)
    other = _somebody_else(session, participant_id, by, at)
    if other:
        raise Refusal(f"{other.name} rings them. To ring yourself, hand it over from {other.name}.")
    return give_call(session, participant_id, account, by=by, at=at)


def record_call(
    session: GroupSession,
    participant_id: int,
    outcome: CallOutcome | None,
    note: str,
    *,
    by: Viewer,
    at: datetime,
) -> MissedCall:
    """Write down what became of ringing somebody who missed, or why it was decided not to.

    Raises:
        Refusal: the person is not on this register, the outcome or the words are missing, or
            a message was left where none may be.
    """
    names_on_register(session, [participant_id])
    if outcome is None:
        raise Refusal("Say what became of it: choose one of the answers.")
    if outcome in NEEDS_WORDS and not note.strip():
        raise Refusal("Write a few words: how they are, or why nobody rang.")
    if outcome is CallOutcome.LEFT_MESSAGE and not may_leave_message(participant_id):
        raise Refusal(
            "No message may be left on this phone. If one was, tell a coordinator today, and"
            " write “Reached them” or “No answer” with what happened."
        )
    call = MissedCall(
        session_id=session.id,
        participant_id=participant_id,
        at=at,
        by=by.actor,
        outcome=outcome,
        note=note.strip() or None,
    )
    db.session.add(call)
    audit.record(
        "recorded call", call, by=by, at=at, participant=participant_id, outcome=outcome.value
    )
    return call


def may_leave_message(participant_id: int) -> bool:
    """Whether the first conversation allowed messages on their voicemail."""
    asked = select(FirstConversation.may_leave_voicemail).filter_by(participant_id=participant_id)
    return bool(db.session.scalar(asked))


def _check_may_give(cohort: Cohort, by: Viewer, on: date) -> None:
    account = find_account(by.account_id or 0)
    if account is None or not may_ring(account, cohort, on):
        raise Refusal("Only who rings people of this group can say who rings.")


def _somebody_else(
    session: GroupSession, participant_id: int, by: Viewer, at: datetime
) -> Account | None:
    duty = _duty(session, participant_id)
    if duty is None or duty.account_id == by.account_id:
        return None
    other = find_account(duty.account_id)
    on = local(at, session.cohort.zone).date()
    return other if other and may_ring(other, session.cohort, on) else None


def _duty(session: GroupSession, participant_id: int) -> CallDuty | None:
    own = {"session_id": session.id, "participant_id": participant_id}
    asked = select(CallDuty).filter_by(**own).execution_options(populate_existing=True)
    return db.session.scalar(asked)


def _new_duty(session: GroupSession, participant_id: int) -> CallDuty:
    duty = CallDuty(session_id=session.id, participant_id=participant_id)
    db.session.add(duty)
    return duty
