"""What waits for a person or was left halfway: kept in step with what was agreed, or given up."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, select

from programme.foundation.clock import local
from programme.foundation.database import db
from programme.messages import queries
from programme.messages.models import Message
from programme.messages.preparing import TOO_LATE
from programme.messages.queries import BY_PERSON
from programme.messages.reaching import post_by, safe_route, settings
from programme.messages.rules import NotAgreed, NotSafe, State
from programme.people.models import FirstConversation, Household, Participant
from programme.people.rules import Channel

TOO_LATE_TO_POST = "It was too late to post it."
NOBODY_ANSWERED = "Nobody answered while it was of use."
WAS_IT_POSTED = "It was printed, and nobody said whether it was posted."
INTERRUPTED = "The sender stopped while handing it over: it may have arrived."
BY_HAND_FOR = (Channel.BY_HAND, Channel.SMS)
"""What somebody agreed to whose messages are sent by hand."""


def expire(at: datetime) -> None:
    """Skip what waits for a person's hand and is of no use any more; commits."""
    was_rung = and_(Message.channel == Channel.PHONE, Message.attempts > 0)
    reason = case((was_rung, NOBODY_ANSWERED), else_=TOO_LATE)
    db.session.execute(queries.by_person_too_late(at).values(state=State.SKIPPED, reason=reason))
    db.session.commit()


def give_up_uncertain(at: datetime) -> None:
    """Show staff the text messages and letters that somebody stopped sending halfway; commits."""
    reason = case((Message.channel == Channel.POST, WAS_IT_POSTED), else_=INTERRUPTED)
    db.session.execute(queries.begun_and_abandoned(at).values(state=State.UNCERTAIN, reason=reason))
    db.session.commit()


def follow_agreements(at: datetime) -> int:
    """Let what waits take the way that was agreed since; say how many took another; commits.

    What now has no safe way becomes a "ring them", as at sending.
    """
    stays = or_(
        and_(Message.channel == Channel.BY_HAND, FirstConversation.channel.in_(BY_HAND_FOR)),
        Message.channel == FirstConversation.channel,
    )
    agreed = FirstConversation.participant_id == Message.participant_id
    asked = select(Message).join(FirstConversation, agreed).where(_waits_for_a_person(), ~stays)
    changed = db.session.scalars(asked.with_for_update(of=Message, skip_locked=True)).all()
    for message in changed:
        _follow(message, at)
    db.session.commit()
    return len(changed)


def give_up_late_letters(at: datetime) -> int:
    """Make a "ring them" of letters that would arrive too late; say how many; commits."""
    asked = (
        select(Message, Household.postcode)
        .join(Participant, Participant.id == Message.participant_id)
        .join(Household, Household.id == Participant.household_id)
        .where(_waits_for_a_person(), Message.channel == Channel.POST)
        .with_for_update(of=Message, skip_locked=True)
    )
    today = local(at, settings().zone).date()
    waiting = db.session.execute(asked).all()
    late = [found for found, postcode in waiting if today > post_by(postcode, found.expires_at)]
    for message in late:
        message.state, message.reason = State.FAILED, TOO_LATE_TO_POST
    db.session.commit()
    return len(late)


def _waits_for_a_person() -> ColumnElement[bool]:
    return and_(Message.state == State.QUEUED, Message.channel.in_(BY_PERSON))


def _follow(message: Message, at: datetime) -> None:
    assert message.participant is not None
    try:
        message.channel = safe_route(message.participant, at=at).channel
        message.next_try_at = max(at, message.due_at)
    except NotAgreed as problem:
        message.state, message.reason = State.SKIPPED, problem.reason
    except NotSafe as problem:
        message.state, message.reason = State.FAILED, problem.reason
