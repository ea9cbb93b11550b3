"""The register of one session, as one page needs it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, null, or_, select

from programme.access.queries import names_by_actor
from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.people.models import Participant
from programme.registers.models import Arrival, CannotGetIn, Closing, Hours, Mark, SessionNote
from programme.registers.rules import CAME, MISSED, Attendance, How, suggested_by
from programme.registers.scope import may_know
from programme.registers.trail import Change, Trail


@dataclass(frozen=True)
class ShownMark:
    """A mark as it stands, and who set it (a name)."""

    attendance: Attendance
    how: How | None
    at: datetime
    by: str
    is_own: bool
    """Whether whoever looks set it."""


@dataclass(frozen=True)
class Line:
    """One person on the register, and what to know about them.

    `needs` and everything else to know is empty for those who may only mark.
    """

    participant_id: int
    known_as: str
    needs: str
    is_first_time: bool
    missed_last_time: bool
    shares_a_phone_with: tuple[str, ...]
    is_expected: bool
    """False when their place was given after the session: then no mark is missing."""
    arrived_at: datetime | None
    cannot_get_in_since: datetime | None
    """When they said so, until somebody helped."""
    suggested: Attendance | None
    mark: ShownMark | None
    changes: tuple[Change, ...]
    """What the mark was before, once the register was closed."""


@dataclass(frozen=True)
class Register:
    """Who is expected at one session, and who came."""

    lines: tuple[Line, ...]
    closed_at: datetime | None
    closed_by: str
    note: str
    note_at: datetime | None
    note_by: str

    @property
    def to_mark(self) -> tuple[Line, ...]:
        """Those whose mark is missing."""
        return tuple(line for line in self.lines if line.is_expected and line.mark is None)

    @property
    def arrived(self) -> tuple[Line, ...]:
        """Those who pressed Join, the first to come first."""
        came = (line for line in self.lines if line.arrived_at)
        return tuple(sorted(came, key=lambda line: line.arrived_at or line.known_as))

    @property
    def cannot_get_in(self) -> tuple[Line, ...]:
        """Those who wait for help to get in, who waits longest first."""
        stuck = (line for line in self.lines if line.cannot_get_in_since)
        return tuple(sorted(stuck, key=lambda line: line.cannot_get_in_since or line.known_as))

    @property
    def suggestions(self) -> tuple[Line, ...]:
        """Those not marked yet whose arrival suggests a mark."""
        return tuple(line for line in self.to_mark if line.suggested)


def register_of(session: GroupSession, viewer: Viewer) -> Register:
    """The register of a session that the viewer was found to reach. Six queries; closed, seven."""
    knows = may_know(viewer, session.cohort)
    people = db.session.execute(_people(session, knows)).all()
    marks = db.session.execute(_marks_until(session)).all()
    arrivals = db.session.execute(
        select(Arrival.participant_id, Arrival.at).filter_by(session_id=session.id)
    )
    closing, note = _closing_and_note(session)
    trail = Trail(session) if closing and knows else None
    here = {mark.participant_id: mark for mark in marks if mark.session_id == session.id}
    names = names_by_actor(
        [mark.by for mark in here.values()]
        + [row.by for row in (closing, note) if row]
        + (trail.actors if trail else [])
    )
    facts = _Facts(
        session,
        {id_: _shown(mark, names[mark.by], viewer) for id_, mark in here.items()},
        [mark for mark in marks if mark.session_id != session.id],
        dict(arrivals.all()),
        _who_cannot_get_in(session),
        trail.changes(names) if trail else {},
        _sharing(people) if knows else {},
    )
    return Register(
        lines=tuple(_line(person, facts, knows=knows) for person in people),
        closed_at=closing.at if closing else None,
        closed_by=names[closing.by] if closing else "",
        note=note.text if note else "",
        note_at=note.at if note else None,
        note_by=names[note.by] if note else "",
    )


@dataclass(frozen=True)
class _Facts:
    """What the lines of one register are made of."""

    session: GroupSession
    marks: Mapping[int, ShownMark]
    earlier: Sequence[Row[Any]]
    """Marks of earlier sessions of the cohort, the latest session first."""
    arrivals: Mapping[int, datetime]
    cannot_get_in: Mapping[int, datetime]
    changes: Mapping[int, tuple[Change, ...]]
    sharing: Mapping[int, tuple[str, ...]]


def on_register(session: GroupSession) -> ColumnElement[bool]:
    """The condition on Enrolment that somebody stands on the register of `session`.

    Wider than `is_expected`: somebody whose place was entered late can still be marked,
    and a mark that was made does not disappear when somebody withdraws.
    """
    was_there = and_(Enrolment.stage == Stage.WITHDREW, Enrolment.withdrew_at > session.starts_at)
    is_marked = exists().where(
        Mark.session_id == session.id, Mark.participant_id == Enrolment.participant_id
    )
    return and_(
        Enrolment.cohort_id == session.cohort_id,
        or_(Enrolment.stage.in_(TAKES_PART), was_there, is_marked),
    )


def own_hours(session: GroupSession, viewer: Viewer) -> int | None:
    """The minutes the viewer wrote down for a session."""
    wanted = select(Hours.minutes).filter_by(session_id=session.id, account_id=viewer.account_id)
    return db.session.scalar(wanted)


def _people(session: GroupSession, knows: bool) -> Any:
    needs = Participant.access_needs if knows else null().label("access_needs")
    return (
        select(Participant.id, Participant.known_as, Participant.phone_index, Enrolment.at, needs)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(on_register(session))
        .order_by(Participant.known_as, Participant.id)
    )


def _marks_until(session: GroupSession) -> Any:
    return (
        select(Mark.session_id, Mark.participant_id, Mark.attendance, Mark.how, Mark.at, Mark.by)
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .where(
            GroupSession.cohort_id == session.cohort_id,
            GroupSession.starts_at <= session.starts_at,
        )
        .order_by(GroupSession.starts_at.desc())
    )


def _shown(mark: Row[Any], by: str, viewer: Viewer) -> ShownMark:
    return ShownMark(mark.attendance, mark.how, mark.at, by, mark.by == viewer.actor)


def _who_cannot_get_in(session: GroupSession) -> dict[int, datetime]:
    """Since when each waits for help; the first time they said so counts."""
    waiting = select(CannotGetIn.participant_id, func.min(CannotGetIn.at)).where(
        CannotGetIn.session_id == session.id, CannotGetIn.helped_at.is_(None)
    )
    return dict(db.session.execute(waiting.group_by(CannotGetIn.participant_id)).all())


def _closing_and_note(session: GroupSession) -> tuple[Closing | None, SessionNote | None]:
    wanted = (
        select(Closing, SessionNote)
        .select_from(GroupSession)
        .outerjoin(Closing, Closing.session_id == GroupSession.id)
        .outerjoin(SessionNote, SessionNote.session_id == GroupSession.id)
        .where(GroupSession.id == session.id)
    )
    closing, note = db.session.execute(wanted).one()
    return closing, note


def _sharing(people: Iterable[Row[Any]]) -> dict[int, tuple[str, ...]]:
    """Whom each shares a telephone with, within the group only."""
    by_phone: dict[str, list[Row[Any]]] = {}
    for person in people:
        if person.phone_index:
            by_phone.setdefault(person.phone_index, []).append(person)
    return {
        person.id: tuple(other.known_as for other in group if other.id != person.id)
        for group in by_phone.values()
        for person in group
    }


def _line(person: Row[Any], facts: _Facts, *, knows: bool) -> Line:
    arrived_at = facts.arrivals.get(person.id)
    return Line(
        participant_id=person.id,
        known_as=person.known_as,
        needs=person.access_needs or "",
        is_first_time=knows and _is_first_time(person.id, facts.earlier),
        missed_last_time=knows and _missed_last_time(person.id, facts.earlier),
        shares_a_phone_with=facts.sharing.get(person.id, ()),
        is_expected=person.at <= facts.session.ends_at,
        arrived_at=arrived_at,
        cannot_get_in_since=facts.cannot_get_in.get(person.id),
        suggested=suggested_by(arrived_at, facts.session.starts_at),
        mark=facts.marks.get(person.id),
        changes=facts.changes.get(person.id, ()),
    )


def _is_first_time(participant_id: int, earlier: Sequence[Row[Any]]) -> bool:
    """Only once the group has met: at the first session it would say nothing."""
    came = (mark.participant_id for mark in earlier if mark.attendance in CAME)
    return bool(earlier) and participant_id not in came


def _missed_last_time(participant_id: int, earlier: Sequence[Row[Any]]) -> bool:
    """By the latest register that was taken."""
    latest = [mark for mark in earlier if mark.session_id == earlier[0].session_id]
    return any(m.participant_id == participant_id and m.attendance in MISSED for m in latest)
