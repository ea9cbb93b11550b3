"""Attendance over a whole cohort: the picture, the dosage, and who missed two in a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.people.models import Participant
from programme.registers.models import Mark
from programme.registers.ringing import was_dealt_with
from programme.registers.rules import ATTENDANCE_LABELS, CAME, HOW_LABELS, MISSED, Attendance
from programme.registers.scope import reach, still_takes_part


@dataclass(frozen=True)
class Week:
    """One column of the picture. `is_over`: whether it has ended."""

    session_id: int
    number: int
    day: date
    is_over: bool
    is_cancelled: bool


@dataclass(frozen=True)
class PictureRow:
    """One person's marks, week by week; None where there is no mark. `says`: each in words, or why
    there is none; empty for what is to come."""

    participant_id: int
    known_as: str
    has_withdrawn: bool
    marks: tuple[Attendance | None, ...]
    says: tuple[str, ...]

    @property
    def came(self) -> int:
        """How many sessions they came to."""
        return sum(mark in CAME for mark in self.marks)


@dataclass(frozen=True)
class Picture:
    """Who came when: people down, weeks across."""

    cohort_id: int
    public_name: str
    weeks: tuple[Week, ...]
    rows: tuple[PictureRow, ...]


def picture(viewer: Viewer, cohort_id: int, at: datetime) -> Picture:
    """The attendance of one cohort that the viewer may see; otherwise a 404. Four queries."""
    cohort = _cohort(viewer, cohort_id)
    weeks = tuple(_week(session, at) for session in _sessions(cohort_id))
    marks = _marks(cohort_id)
    people = db.session.execute(_people(cohort_id)).all()
    rows = [_row(person, weeks, marks) for person in people]
    drawn = [row for row in rows if not row.has_withdrawn or any(row.marks)]
    return Picture(cohort.id, cohort.public_name, weeks, tuple(drawn))


def sessions_attended(cohort_id: int) -> dict[int, int]:
    """How many sessions each participant of a cohort came to, by participant. No entry is none."""
    counted = (
        select(Mark.participant_id, func.count())
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(GroupSession.cohort_id == cohort_id, Mark.attendance.in_(CAME))
        .group_by(Mark.participant_id)
    )
    return dict(db.session.execute(counted).all())


def missed_two_by(cohort_id: int, session_number: int) -> Select[int]:
    """Ids of those who missed the numbered session and, by their mark before it, the last too."""
    until = (GroupSession.cohort_id == cohort_id) & (GroupSession.number <= session_number)
    latest, before = latest_two(until)
    return (
        select(latest.c.participant_id)
        .join(before, same_person(latest, before))
        .where(
            latest.c.number == session_number,
            latest.c.attendance.in_(MISSED),
            before.c.attendance.in_(MISSED),
        )
    )


def absent_from(cohort_id: int, session_number: int) -> Select[int]:
    """Ids of those who did not come to a session, sent no apologies, and were not rung about it.

    Whoever paused or left since is not among them.
    """
    return (
        select(Mark.participant_id)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(
            Enrolment,
            (Enrolment.cohort_id == cohort_id) & (Enrolment.participant_id == Mark.participant_id),
        )
        .where(
            GroupSession.cohort_id == cohort_id,
            GroupSession.number == session_number,
            Mark.attendance == Attendance.ABSENT,
            still_takes_part(),
            ~was_dealt_with(Mark.session_id, Mark.participant_id),
        )
    )


def came_by_session(cohort_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """How many came, of how many with a mark, by cohort and session number."""
    counted = (
        select(
            GroupSession.cohort_id,
            GroupSession.number,
            func.count().filter(Mark.attendance.in_(CAME)),
            func.count(),
        )
        .join(Mark, Mark.session_id == GroupSession.id)
        .where(GroupSession.cohort_id.in_(cohort_ids))
        .group_by(GroupSession.cohort_id, GroupSession.number)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(counted)}


def how_many(people: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(people.subquery())) or 0


def _cohort(viewer: Viewer, cohort_id: int) -> Cohort:
    wanted = select(Cohort).where(Cohort.id == cohort_id, reach(viewer, Permission.SEE_GROUP))
    found: Cohort = db.first_or_404(wanted)
    return found


def _sessions(cohort_id: int) -> list[GroupSession]:
    wanted = select(GroupSession).filter_by(cohort_id=cohort_id).order_by(GroupSession.starts_at)
    return list(db.session.scalars(wanted))


def _week(session: GroupSession, at: datetime) -> Week:
    return Week(
        session.id,
        session.number,
        session.day,
        session.ends_at <= at,
        session.cancelled_at is not None,
    )


def _marks(cohort_id: int) -> dict[tuple[int, int], Any]:
    """Marks by session and participant, and how somebody caught up."""
    wanted = (
        select(Mark.session_id, Mark.participant_id, Mark.attendance, Mark.how)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(GroupSession.cohort_id == cohort_id)
    )
    return {(row[0], row[1]): row for row in db.session.execute(wanted)}


def _people(cohort_id: int) -> Select[int, str, Stage, datetime]:
    """Everybody who takes or took part; of those who withdrew, only who had a mark is drawn."""
    return (
        select(Participant.id, Participant.known_as, Enrolment.stage, Enrolment.at)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.stage.in_((*TAKES_PART, Stage.WITHDREW)))
        .order_by(Participant.known_as, Participant.id)
    )


def _row(person: Any, weeks: tuple[Week, ...], marks: Mapping[tuple[int, int], Any]) -> PictureRow:
    own = [marks.get((week.session_id, person.id)) for week in weeks]
    return PictureRow(
        person.id,
        person.known_as,
        person.stage == Stage.WITHDREW,
        tuple(mark.attendance if mark else None for mark in own),
        tuple(_say(mark, week, person) for mark, week in zip(own, weeks, strict=True)),
    )


def _say(mark: Any, week: Week, person: Any) -> str:
    if mark:
        how = f": {HOW_LABELS[mark.how].lower()}" if mark.how else ""
        return f"{ATTENDANCE_LABELS[mark.attendance]}{how}"
    if week.is_cancelled:
        return "Cancelled"
    if not week.is_over:
        return ""
    return "Before they joined" if week.day < person.at.date() else "Not marked"


def latest_two(condition: ColumnElement[bool]) -> tuple[Subquery, Subquery]:
    """Each person's latest mark in each cohort, and the mark before it.

    Sessions whose register was not taken have no mark and so say nothing.
    """
    newest_first = func.row_number().over(
        partition_by=(GroupSession.cohort_id, Mark.participant_id),
        order_by=GroupSession.starts_at.desc(),
    )
    placed = (
        select(
            GroupSession.cohort_id,
            GroupSession.number,
            GroupSession.day,
            Mark.session_id,
            Mark.participant_id,
            Mark.attendance,
            newest_first.label("place"),
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(condition)
        .subquery()
    )
    latest = select(placed).where(placed.c.place == 1).subquery()
    before = select(placed).where(placed.c.place == 2).subquery()
    return latest, before


def same_person(one: Subquery, other: Subquery) -> ColumnElement[bool]:
    return (one.c.cohort_id == other.c.cohort_id) & (one.c.participant_id == other.c.participant_id)


def has_missed(session_id: int, participant_id: int) -> bool:
    """Whether somebody is marked as having missed a session. No mark says nothing."""
    wanted = select(Mark.attendance).filter_by(session_id=session_id, participant_id=participant_id)
    return db.session.scalar(wanted) in MISSED
