"""Setting marks, without ever silently overwriting what somebody else marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from programme.access.queries import names_by_actor
from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment, GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal, say_time
from programme.people.models import Participant
from programme.registers.models import EarlierMark, Mark
from programme.registers.register import on_register
from programme.registers.rules import ATTENDANCE_LABELS, Attendance, Wanted


@dataclass(frozen=True)
class Conflict:
    """A mark that somebody else set since the page was loaded. Nothing was overwritten."""

    participant_id: int
    known_as: str
    attendance: Attendance
    at: datetime
    by: str
    wanted: Attendance
    sentence: str


@dataclass(frozen=True)
class Saved:
    """What became of a register's marks."""

    marks: tuple[Mark, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def save_marks(
    session: GroupSession, wanted: Sequence[Wanted], *, by: Viewer, at: datetime
) -> Saved:
    """Set marks of different people; what somebody else changed meanwhile is left and told.

    Raises:
        Refusal: somebody is not on this register, or the session was cancelled.
    """
    check_was_not_cancelled(session)
    take_turns(session)
    names = names_on_register(session, [one.participant_id for one in wanted])
    work = _Work(session, _marks_of(session), by, at)
    conflicts = []
    for one in wanted:
        current = work.marks.get(one.participant_id)
        if current and _was_changed_by_another(current, one, by):
            conflicts.append((current, one))
        else:
            work.set(one.participant_id, one.attendance)
    return Saved(work.finish(), _tell(conflicts, names, session))


@dataclass
class _Work:
    """The marks of one session while they are being changed. Written in one go, at the end:
    as many statements for twelve people as for one."""

    session: GroupSession
    marks: dict[int, Mark]
    by: Viewer
    at: datetime
    asked: set[int] = field(default_factory=set)
    changed: dict[str, str] = field(default_factory=dict)
    new: list[dict[str, object]] = field(default_factory=list)
    earlier: list[dict[str, object]] = field(default_factory=list)

    def set(self, participant_id: int, attendance: Attendance) -> None:
        """Set one mark, keeping what it was before in the trail."""
        self.asked.add(participant_id)
        current = self.marks.get(participant_id)
        if current is None:
            self._add(participant_id, attendance)
        elif current.attendance != attendance:
            self._change(current, attendance)
        else:
            return
        self.changed[str(participant_id)] = attendance.value

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

    def _add(self, participant_id: int, attendance: Attendance) -> None:
        who = {"session_id": self.session.id, "participant_id": participant_id}
        self.new.append(who | self._now(attendance))

    def _change(self, current: Mark, attendance: Attendance) -> None:
        was = {"attendance": current.attendance, "at": current.at, "by": current.by}
        self.earlier.append({"mark_id": current.id} | was)
        current.attendance, current.at, current.by = attendance, self.at, self.by.actor

    def _now(self, attendance: Attendance) -> dict[str, object]:
        return {"attendance": attendance, "at": self.at, "by": self.by.actor}


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


def _was_changed_by_another(current: Mark, wanted: Wanted, by: Viewer) -> bool:
    is_news = current.by != by.actor and current.at != wanted.seen_at
    return is_news and current.attendance != wanted.attendance


def _tell(
    conflicts: Iterable[tuple[Mark, Wanted]], names: dict[int, str], session: GroupSession
) -> tuple[Conflict, ...]:
    pairs = list(conflicts)
    who = names_by_actor([current.by for current, _ in pairs])
    zone = session.cohort.zone
    return tuple(
        Conflict(
            participant_id=current.participant_id,
            known_as=names[current.participant_id],
            attendance=current.attendance,
            at=current.at,
            by=who[current.by],
            wanted=wanted.attendance,
            sentence=(
                f"{who[current.by]} marked {names[current.participant_id]} "
                f"“{ATTENDANCE_LABELS[current.attendance]}” at {say_time(current.at, zone)}. "
                f"You chose “{ATTENDANCE_LABELS[wanted.attendance]}”."
            ),
        )
        for current, wanted in pairs
    )


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
