"""What the clock has done so far, counted."""

from dataclasses import dataclass

from sqlalchemy import func, select

from programme.cohorts.models import Due
from programme.cohorts.rules import DueState
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rules import NEEDS_A_PERSON, State


@dataclass(frozen=True)
class Tally:
    """What there is by now of everything the clock does; two of them say what a tick did."""

    planned: int
    sent: int
    skipped: int
    failed: int

    def __sub__(self, earlier: "Tally") -> "Tally":
        return Tally(
            self.planned - earlier.planned,
            self.sent - earlier.sent,
            self.skipped - earlier.skipped,
            self.failed - earlier.failed,
        )


def tally() -> Tally:
    """Dues made, messages sent, and of both those skipped and failed, so far."""
    dues = select(
        func.count(Due.id),
        func.count(Due.id).filter(Due.state == DueState.SKIPPED),
        func.coalesce(func.sum(Due.failures), 0),
    )
    messages = select(
        func.count(Message.id).filter(Message.state.in_((State.SENT, State.DELIVERED))),
        func.count(Message.id).filter(Message.state.in_((State.SKIPPED, State.STOPPED))),
        func.count(Message.id).filter(Message.state.in_(NEEDS_A_PERSON)),
    )
    made, skipped, failures = db.session.execute(dues).one()
    sent, dropped, failed = db.session.execute(messages).one()
    return Tally(made, sent, skipped + dropped, failures + failed)
