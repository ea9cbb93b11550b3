"""What meeting reports say of one evening: whose each name is, and who was there how long."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from programme.access.queries import email_index, names_by_actor
from programme.cohorts.models import Enrolment, GroupSession
from programme.foundation.database import db
from programme.foundation.sealing import blind
from programme.foundation.web import say_time
from programme.people.models import Participant
from programme.registers.models import Alias, Mark, MeetingReport, ReportedName
from programme.registers.register import on_register
from programme.registers.reports.names import name_key
from programme.registers.rules import ATTENDANCE_LABELS, Attendance, Whose, suggested_by_stay
from programme.registers.whose import NOBODY, Known, Suggestion, suggest

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class BroughtIn:
    """One report, and who brought it in when."""

    id: int
    at: datetime
    by: str
    names: int


@dataclass(frozen=True)
class NameRow:
    """A name of the reports. `chosen`: whom the page shows as chosen, decided or suggested."""

    id: int
    name: str
    email: str
    minutes: float
    times: str
    whose: Whose
    chosen: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class Told:
    """What the reports say of one person, next to the register. `differs`: in a sentence."""

    participant_id: int
    known_as: str
    minutes: float
    suggested: Attendance | None
    mark: Attendance | None
    differs: str


@dataclass(frozen=True)
class ReportedEvening:
    session: GroupSession
    reports: tuple[BroughtIn, ...]
    names: tuple[NameRow, ...]
    people: tuple[tuple[int, str], ...]
    told: tuple[Told, ...]

    @property
    def unknown(self) -> tuple[NameRow, ...]:
        """Those of whom nobody has said whose they are."""
        return tuple(row for row in self.names if row.whose is Whose.UNKNOWN)

    @property
    def known(self) -> tuple[NameRow, ...]:
        return tuple(row for row in self.names if row.whose is not Whose.UNKNOWN)

    @property
    def to_mark(self) -> tuple[Told, ...]:
        return tuple(each for each in self.told if each.mark is None and each.suggested)


def reported_evening(session: GroupSession) -> ReportedEvening:
    """Everything that the reports of a session in reach say. Seven queries."""
    reports = db.session.scalars(_reports(session)).all()
    people = people_known(session)
    who = names_by_actor([each.by for each in reports])
    names = [name for report in reports for name in report.names]
    aliases = _aliases(names, people)
    return ReportedEvening(
        session=session,
        reports=tuple(BroughtIn(r.id, r.at, who[r.by], len(r.names)) for r in reports),
        names=tuple(_row(name, people, aliases, session) for name in names),
        people=tuple((each.participant_id, each.known_as) for each in people),
        told=told_of(session, names, people),
    )


def _reports(session: GroupSession) -> Select[MeetingReport]:
    with_names = selectinload(MeetingReport.names).selectinload(ReportedName.people)
    asked = select(MeetingReport).filter_by(session_id=session.id)
    return asked.order_by(MeetingReport.at, MeetingReport.id).options(with_names)


def names_of(session: GroupSession) -> list[ReportedName]:
    """Every name of every report of a session."""
    return [name for report in db.session.scalars(_reports(session)) for name in report.names]


def people_known(session: GroupSession) -> list[Known]:
    """Whoever stands on the register, as far as a name can be matched to them."""
    asked = (
        select(Participant)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(on_register(session))
        .order_by(Participant.known_as, Participant.id)
    )
    return [_known(person) for person in db.session.scalars(asked)]


def _known(person: Participant) -> Known:
    full = " ".join(filter(None, (person.first_name or person.known_as, person.surname)))
    return Known(person.id, person.known_as, full, person.email_index, person.phone or "")


def alias_index(name: str) -> str:
    """The blind index of a name as reports write it."""
    return blind("alias", name_key(name)) or ""


def _aliases(names: Iterable[ReportedName], people: Sequence[Known]) -> dict[str, set[int]]:
    """By name, whom it was confirmed for before, among these people."""
    indexes = [alias_index(each.name) for each in names]
    ids = [each.participant_id for each in people]
    asked = select(Alias.name_index, Alias.participant_id).where(
        Alias.name_index.in_(indexes), Alias.participant_id.in_(ids)
    )
    found: dict[str, set[int]] = {}
    for index, participant_id in db.session.execute(asked):
        found.setdefault(index, set()).add(participant_id)
    return found


def _row(
    name: ReportedName,
    people: Sequence[Known],
    aliases: Mapping[str, set[int]],
    session: GroupSession,
) -> NameRow:
    is_open = name.whose is Whose.UNKNOWN
    found = _suggestion(name, people, aliases) if is_open else NOBODY
    decided = tuple(each.participant_id for each in name.people)
    return NameRow(
        id=name.id,
        name=name.name,
        email=name.email or "",
        minutes=name.minutes,
        times=_say_times(spans_of(name), session.cohort.zone),
        whose=name.whose,
        chosen=found.people if is_open else decided,
        why=found.why,
    )


def _suggestion(
    name: ReportedName, people: Sequence[Known], aliases: Mapping[str, set[int]]
) -> Suggestion:
    address = email_index(name.email) if name.email else None
    return suggest(name.name, address, people, aliases.get(alias_index(name.name), ()))


def spans_of(name: ReportedName) -> list[Span]:
    pairs = json.loads(name.intervals)
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in pairs]


def _say_times(spans: Iterable[Span], zone: str) -> str:
    return ", ".join(f"{say_time(start, zone)} to {say_time(end, zone)}" for start, end in spans)


def told_of(
    session: GroupSession, names: Iterable[ReportedName], people: Sequence[Known]
) -> tuple[Told, ...]:
    """What the names say of each person; several reports of one evening add up."""
    by_person: dict[int, list[ReportedName]] = {}
    for name in names:
        for each in name.people:
            by_person.setdefault(each.participant_id, []).append(name)
    asked = select(Mark.participant_id, Mark.attendance).filter_by(session_id=session.id)
    marks: dict[int, Attendance] = dict(db.session.execute(asked).all())
    return tuple(
        _told(session, person, by_person[person.participant_id], marks.get(person.participant_id))
        for person in people
        if person.participant_id in by_person
    )


def _told(
    session: GroupSession, person: Known, names: Sequence[ReportedName], mark: Attendance | None
) -> Told:
    spans = merged(span for name in names for span in spans_of(name))
    minutes = minutes_of(names, session)
    suggested = suggested_by_stay(
        minutes,
        spans[0][0] if spans else None,
        spans[-1][1] if spans else None,
        session.starts_at,
        session.ends_at,
    )
    differs = _say_difference(mark, suggested, minutes)
    return Told(person.participant_id, person.known_as, minutes, suggested, mark, differs)


def minutes_of(names: Iterable[ReportedName], session: GroupSession) -> float:
    """Within the session, each minute once. A report without times says no more than how long."""
    names = list(names)
    spans = merged(span for name in names for span in spans_of(name))
    timed = sum(((end - start) for start, end in spans), timedelta()).total_seconds() / 60
    untimed = sum(name.minutes for name in names if not spans_of(name))
    whole = (session.ends_at - session.starts_at).total_seconds() / 60
    return round(min(max(timed, untimed), whole), 1)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping or touching ones as one, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _say_difference(mark: Attendance | None, suggested: Attendance | None, minutes: float) -> str:
    came = mark in (Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY)
    if mark is None or came == bool(suggested):
        return ""
    return f"Marked “{ATTENDANCE_LABELS[mark]}”, and {minutes:.0f} minutes in the meeting."
