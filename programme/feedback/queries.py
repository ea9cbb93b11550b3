"""Which session to ask about, and what a group said of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from programme.cohorts.models import GroupSession
from programme.cohorts.programmes import Programme
from programme.feedback.models import Pulse
from programme.feedback.rules import is_open
from programme.foundation.database import db


@dataclass(frozen=True)
class Said:
    """One possible answer, in words, and how many gave it."""

    text: str
    count: int


@dataclass(frozen=True)
class Summary:
    """What a group said of one session; never who said what."""

    question: str
    answers: tuple[Said, ...]

    @property
    def count(self) -> int:
        """How many answered."""
        return sum(said.count for said in self.answers)


def session_to_ask_about(sessions: Sequence[GroupSession], at: datetime) -> GroupSession | None:
    """Of a cohort's sessions, the one that may be answered for at `at`, if any."""
    held = sorted((s for s in sessions if s.cancelled_at is None), key=lambda s: s.starts_at)
    following = [session.starts_at for session in held[1:]]
    pairs = zip(held, [*following, None], strict=False)
    return next((s for s, next_at in pairs if is_open(s.ends_at, next_at, at)), None)


def answer_of(session_id: int, participant_id: int) -> str | None:
    """What somebody said of a session: the answer's value, as the programme names it."""
    wanted = select(Pulse.answer).filter_by(session_id=session_id, participant_id=participant_id)
    return db.session.scalar(wanted)


def summary(session: GroupSession, programme: Programme) -> Summary:
    """What the group said of one session, every answer in the programme's order. One query."""
    counted = (
        select(Pulse.answer, func.count())
        .where(Pulse.session_id == session.id)
        .group_by(Pulse.answer)
    )
    counts = dict(db.session.execute(counted).all())
    answers = programme.feedback_answers
    return Summary(
        programme.feedback_question,
        tuple(Said(answer.text, counts.get(answer.value, 0)) for answer in answers),
    )
