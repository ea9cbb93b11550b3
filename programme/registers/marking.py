"""Setting marks, without ever silently overwriting what somebody else marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment, GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import Participant
from programme.registers.asking import Conflict, tell
from programme.registers.completing import tell_cohorts
from programme.registers.models import Closing, EarlierMark, Mark
from programme.registers.register import on_register
from programme.registers.rules import Wanted


@dataclass(frozen=True)
class Saved:
    """What became of a register's marks."""

    marks: tuple[Mark, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def save_marks(
    session: GroupSession, wanted: Sequence[Wanted], *, by: Viewer, at: datetime
) -> Saved:
    """Set marks of different people; what somebody else changed meanwhile is left and told.

    Once the register is closed, a change needs a reason.

    Raises:
        Refusal: somebody is not on this register, or the session was cancelled.
    """
    check_was_not_cancelled(session)
    take_turns(session)
    names = names_on_register(session, [one.participant_id for one in wanted])
    closing = db.session.scalar(select(Closing).filter_by(session_id=session.id))
    work = _Work(session, _marks_of(session), by, at, is_closed=closing is not None)
    left = []
    for one in wanted:
        current = work.marks.get(one.participant_id)
        if current and (_was_changed_meanwhile(current, one, by) or work.lacks_reason(one)):
            left.append((current, one))
        else:
            work.set(one)
    marks = work.finish()
    if closing and work.changed:
        tell_cohorts(session, by=by, at=at)
    return Saved(marks, tell(left, names, session, closing))


@dataclass
class _Work:
    """The marks of one session while they are being changed. Written in one go, at the end:
    as many statements for twelve people as for one."""

    session: GroupSession
    marks: dict[int, Mark]
    by: Viewer
    at: datetime
    is_closed: bool
    asked: set[int] = field(default_factory=set)
    changed: dict[str, str] = field(default_factory=dict)
    new: list[dict[str, object]] = field(default_factory=list)
    earlier: list[dict[str, object]] = field(default_factory=list)

    def lacks_reason(self, wanted: Wanted) -> bool:
        """Whether the register is closed and nobody said why this mark changes."""
        current = self.marks[wanted.participant_id]
        return self.is_closed and not wanted.reason and not _is_already(current, wanted)

    def set(self, wanted: Wanted) -> None:
        """Set one mark, keeping what it was before in the trail."""
        self.asked.add(wanted.participant_id)
        current = self.marks.get(wanted.participant_id)
        if current is None:
            self._add(wanted)
        elif not _is_already(current, wanted):
            self._change(current, wanted)
        else:
            return
        self.changed[str(wanted.participant_id)] = wanted.attendance.value

    def finish(self) -> tuple[Mark, ...]:
        """Write what changed, with one audit entry, and give the marks that were asked for."""
        if self.changed:
            audit.record("marked", self.session, by=self.by, at=self.at, marks=self.changed)
        db.session.flush()
        if self.earlier:
            db.session.execute(insert(EarlierMark), self.earlier)
        if self.new:
            db.session.execute(insert(Mark), self.new)
            self.marks = _marks_of(self.session)
        return tuple(mark for id_, mark in self.marks.items() if id_ in self.asked)

    def _add(self, wanted: Wanted) -> None:
        who = {"session_id": self.session.id, "participant_id": wanted.participant_id}
        what = {"attendance": wanted.attendance, "how": wanted.how}
        self.new.append(who | what | {"at": self.at, "by": self.by.actor})

    def _change(self, current: Mark, wanted: Wanted) -> None:
        was = {"attendance": current.attendance, "how": current.how}
        when = {"at": current.at, "by": current.by}
        why = {"reason": wanted.reason if self.is_closed else None}
        self.earlier.append({"mark_id": current.id} | was | when | why)
        current.attendance, current.how = wanted.attendance, wanted.how
        current.at, current.by = self.at, self.by.actor


def take_turns(session: GroupSession) -> None:
    """One writer of a session's register at a time: two who see "no mark" must not both insert.

    SQLite has one writer anyway; PostgreSQL locks the session's row.
    """
    turn = select(GroupSession.id).filter_by(id=session.id).with_for_update(key_share=True)
    db.session.execute(turn)


def _marks_of(session: GroupSession) -> dict[int, Mark]:
    found = db.session.scalars(
        select(Mark).filter_by(session_id=session.id).execution_options(populate_existing=True)
    )
    return {mark.participant_id: mark for mark in found}


def _is_already(current: Mark, wanted: Wanted) -> bool:
    return (current.attendance, current.how) == (wanted.attendance, wanted.how)


def _was_changed_meanwhile(current: Mark, wanted: Wanted, by: Viewer) -> bool:
    """Whether whoever marks has not seen the mark as it is.

    One's own mark is changed without asking, unless the new one may be older than it.
    """
    is_news = current.at != wanted.seen_at and (current.by != by.actor or wanted.may_be_old)
    return is_news and not _is_already(current, wanted)


def check_was_not_cancelled(session: GroupSession) -> None:
    """Refuse, in a sentence, when the session did not take place."""
    if session.cancelled_at:
        raise Refusal("This session was cancelled, so it has no register.")


def names_on_register(session: GroupSession, ids: Sequence[int]) -> dict[int, str]:
    """Known-as names of people on a register, by id; refused when one does not stand on it."""
    found = db.session.execute(
        select(Participant.id, Participant.known_as)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(on_register(session), Participant.id.in_(ids))
    )
    names = dict(found.all())
    if set(ids) - set(names):
        raise Refusal("Somebody in this list is not on this register. Load the page again.")
    return names
