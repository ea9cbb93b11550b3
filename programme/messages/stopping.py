"""Somebody wants no more messages: it holds from that moment on."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CursorResult, select, update

from programme.access.viewer import participant_viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.messages.models import Message
from programme.messages.rules import State
from programme.people.conversations import withdraw_oneself
from programme.people.models import Participant
from programme.people.rules import ConsentPurpose

ASKED_TO_STOP = "They asked for no more messages."


def stop_messages(people: Iterable[Participant], *, at: datetime) -> bool:
    """Withdraw their consent to messages, as they asked themselves, and stop all that waits for
    them. Says whether it is new for anybody."""
    news = [_stop(person, at) for person in people]
    return any(news)


def everybody_who_is(participant_id: int) -> list[Participant]:
    """One person with every entry of them: those merged into it, or that it was merged into."""
    person = db.session.get(Participant, participant_id)
    if person is None:
        return []
    kept = person.merged_into_id or person.id
    is_theirs = (Participant.id == kept) | (Participant.merged_into_id == kept)
    return list(db.session.scalars(select(Participant).where(is_theirs).order_by(Participant.id)))


def _stop(person: Participant, at: datetime) -> bool:
    is_new = withdraw_oneself(person, ConsentPurpose.MESSAGES, at=at)
    waiting = update(Message).where(
        Message.participant_id == person.id, Message.state == State.QUEUED
    )
    result = db.session.execute(waiting.values(state=State.STOPPED, reason=ASKED_TO_STOP))
    assert isinstance(result, CursorResult)
    if result.rowcount:
        by = participant_viewer(person.id)
        audit.record("stopped all messages", person, by=by, at=at, messages=result.rowcount)
    return is_new
