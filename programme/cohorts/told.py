"""Who was told what about a session, by messages that left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from programme.cohorts.models import Due, Enrolment, GroupSession, Step
from programme.cohorts.queries import spoken_to_in
from programme.cohorts.rules import TAKES_PART, DueState
from programme.foundation.database import db
from programme.foundation.web import say_moment
from programme.messages.carried import template_of, values_of
from programme.messages.models import Message
from programme.messages.rules import HAS_LEFT
from programme.messages.values import instant_in

CHANGED, CHANGED_NAME = "cohorts.changed", "session.changed"
CANCELLED = "session-cancelled"
"""The text that says that a session is not held."""
WELCOME = "cohorts.welcome"
ABOUT_ONE = ("cohorts.remind", CHANGED)


@dataclass(frozen=True)
class Word:
    """What is or was said about a session: when it starts, or that it is cancelled."""

    starts_at: datetime
    zone: str
    is_cancelled: bool = False

    def __str__(self) -> str:
        return (
            "that it is cancelled" if self.is_cancelled else say_moment(self.starts_at, self.zone)
        )


def word_on(session: GroupSession) -> Word:
    """What is true of a session now."""
    return Word(session.starts_at, session.cohort.zone, session.cancelled_at is not None)


def told_about(session: GroupSession, participant_id: int | None = None) -> dict[int, Word]:
    """The last that each person who takes part was told about a session, by participant."""
    asked = (
        select(Due, Message)
        .join(Step, Step.id == Due.step_id)
        .join(Message, Message.id == Due.message_id)
        .where(is_about(session), has_left(), Due.participant_id.in_(_taking_part(session)))
        .order_by(func.coalesce(Message.sent_at, Message.due_at), Message.id)
    )
    if participant_id is not None:
        asked = asked.where(Due.participant_id == participant_id)
    zone = session.cohort.zone
    found = ((due, _word(due, message, zone)) for due, message in db.session.execute(asked))
    return {due.participant_id: word for due, word in found if word}


def believe_otherwise(session: GroupSession, truth: Word) -> dict[int, Word]:
    """Those among them whose last word is not `truth`, and what it was."""
    return {who: word for who, word in told_about(session).items() if word != truth}


def is_about(session: GroupSession) -> ColumnElement[bool]:
    """The condition on dues and their steps that they told somebody of this session.

    The welcome names the next session at its time.
    """
    since = (
        select(func.max(GroupSession.starts_at))
        .where(GroupSession.cohort_id == session.cohort_id, GroupSession.number < session.number)
        .where(GroupSession.cancelled_at.is_(None))
        .scalar_subquery()
    )
    named_by_welcome = and_(
        Step.kind == WELCOME,
        Due.done_at < session.starts_at,
        or_(since.is_(None), Due.done_at >= since),
    )
    of_it = and_(Step.kind.in_(ABOUT_ONE), Step.session_number == session.number)
    return and_(Step.cohort_id == session.cohort_id, or_(of_it, named_by_welcome))


def has_left() -> ColumnElement[bool]:
    """The condition on dues and their messages that the person was reached, or may have been."""
    return and_(Due.state == DueState.DONE, Message.state.in_(HAS_LEFT))


def _taking_part(session: GroupSession) -> Select[int]:
    return spoken_to_in(session.cohort_id).where(Enrolment.stage.in_(TAKES_PART))


def _word(due: Due, message: Message, zone: str) -> Word | None:
    """None once the message was emptied."""
    day = values_of(message, due.part).get("day")
    is_cancelled = template_of(message, due.part) == CANCELLED
    return Word(instant_in(day), zone, is_cancelled) if day else None


def say_told(words: Iterable[Word]) -> list[str]:
    """ "3 people were already told Tuesday 6 October, 7.30 pm." One sentence for each word."""
    counts: dict[str, int] = {}
    for word in words:
        counts[str(word)] = counts.get(str(word), 0) + 1
    return [
        f"{count} {'person was' if count == 1 else 'people were'} already told {word}."
        for word, count in counts.items()
    ]
