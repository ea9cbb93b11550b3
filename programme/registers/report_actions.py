"""Meeting reports brought in, and whose each name in them is, as somebody says."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from programme.access.viewer import Viewer
from programme.cohorts.models import GroupSession
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import Refusal, say_moment
from programme.registers.marking import (
    check_was_not_cancelled,
    names_on_register,
    save_marks,
    take_turns,
)
from programme.registers.models import Alias, Mark, MeetingReport, ReportedName, ReportedPerson
from programme.registers.report_queries import alias_index, names_of, people_known, told_of
from programme.registers.reports.names import is_device
from programme.registers.reports.reading import read_report
from programme.registers.reports.report import Evening, Ignored, NotAReport, Person
from programme.registers.rules import Wanted, Whose


@dataclass(frozen=True)
class Choice:
    """Whose a name is: nobody decided, people of the register, staff, or nobody of ours."""

    whose: Whose
    people: tuple[int, ...] = ()


def bring_in(
    session: GroupSession, data: bytes, *, by: Viewer, at: datetime
) -> tuple[MeetingReport, tuple[Ignored, ...]]:
    """Keep what a report says of a session, and give what was not counted. The file is not kept.

    Raises:
        Refusal: it is no report of that evening, or it was brought in before.
    """
    check_was_not_cancelled(session)
    take_turns(session)
    digest = hashlib.sha256(data).hexdigest()
    _check_is_new(session, digest)
    try:
        read = read_report(data, _evening(session))
    except NotAReport as problem:
        raise Refusal(str(problem)) from problem
    names = [_named(person, session) for person in read.people]
    report = MeetingReport(session_id=session.id, digest=digest, at=at, by=by.actor, names=names)
    db.session.add(report)
    audit.record("brought in meeting report", session, by=by, at=at, names=len(names))
    return report, read.ignored


def take_out(session: GroupSession, report_id: int, *, by: Viewer, at: datetime) -> None:
    """Forget a report that was brought in by mistake; marks that were set stay."""
    found = db.first_or_404(select(MeetingReport).filter_by(id=report_id, session_id=session.id))
    db.session.delete(found)
    db.session.flush()
    _note_minutes(session)
    audit.record("took out meeting report", session, by=by, at=at)


def decide(
    session: GroupSession, choices: Mapping[int, Choice], *, by: Viewer, at: datetime
) -> None:
    """Say whose names are. Names of people are remembered for the next report.

    Raises:
        Refusal: somebody is not on this register.
    """
    names_on_register(session, sorted({who for each in choices.values() for who in each.people}))
    take_turns(session)
    changed = [name for name in names_of(session) if _decide(name, choices.get(name.id), by, at)]
    db.session.flush()
    _note_minutes(session)
    if changed:
        ids = [name.id for name in changed]
        audit.record("said whose names are", session, by=by, at=at, names=ids)


def mark_as_reported(session: GroupSession, *, by: Viewer, at: datetime) -> int:
    """Mark those who have no mark yet as the reports suggest; say how many."""
    told = told_of(session, names_of(session), people_known(session))
    wanted = [
        Wanted(each.participant_id, each.suggested)
        for each in told
        if each.mark is None and each.suggested
    ]
    marked = len(save_marks(session, wanted, by=by, at=at).marks) if wanted else 0
    _note_minutes(session)
    return marked


def _check_is_new(session: GroupSession, digest: str) -> None:
    asked = select(MeetingReport.at).filter_by(session_id=session.id, digest=digest)
    if before := db.session.scalar(asked):
        when = say_moment(before, session.cohort.zone)
        raise Refusal(f"This very report was brought in already, {when}. Nothing has changed.")


def _evening(session: GroupSession) -> Evening:
    zone = session.cohort.zone
    return Evening(session.day, session.local_time, local(session.ends_at, zone).time(), zone)


def _named(person: Person, session: GroupSession) -> ReportedName:
    return ReportedName(
        name=person.name,
        email=person.email or None,
        intervals=json.dumps(list(_spans(person, session))),
        minutes=person.minutes_in_session,
        whose=Whose.STAFF if person.is_staff else Whose.UNKNOWN,
    )


def _spans(person: Person, session: GroupSession) -> Iterable[tuple[str, str]]:
    """Within the session."""
    zone = ZoneInfo(session.cohort.zone)
    for joined, left in person.intervals:
        start, end = (wall.replace(tzinfo=zone).astimezone(UTC) for wall in (joined, left))
        start, end = max(start, session.starts_at), min(end, session.ends_at)
        if start < end:
            yield start.isoformat(), end.isoformat()


def _decide(name: ReportedName, choice: Choice | None, by: Viewer, at: datetime) -> bool:
    if choice is None or _is_as_it_was(name, choice):
        return False
    _forget_alias(name)
    name.whose, name.decided_at, name.decided_by = choice.whose, at, by.actor
    name.people = [ReportedPerson(participant_id=who) for who in choice.people]
    if choice.people and not is_device(name.name):
        index = alias_index(name.name)
        db.session.add_all(
            Alias(name_index=index, participant_id=who, at=at, by=by.actor)
            for who in choice.people
            if not _is_remembered(index, who)
        )
    return True


def _is_as_it_was(name: ReportedName, choice: Choice) -> bool:
    now = {each.participant_id for each in name.people}
    return name.whose is choice.whose and now == set(choice.people)


def _forget_alias(name: ReportedName) -> None:
    """What was confirmed before turned out wrong."""
    ids = [each.participant_id for each in name.people]
    index = alias_index(name.name)
    db.session.execute(
        delete(Alias).where(Alias.name_index == index, Alias.participant_id.in_(ids))
    )


def _is_remembered(index: str, participant_id: int) -> bool:
    asked = select(Alias.id).filter_by(name_index=index, participant_id=participant_id)
    return db.session.scalar(asked) is not None


def _note_minutes(session: GroupSession) -> None:
    """Beside every mark, how long the reports say that they were there."""
    told = told_of(session, names_of(session), people_known(session))
    minutes = {each.participant_id: round(each.minutes) for each in told}
    for mark in db.session.scalars(select(Mark).filter_by(session_id=session.id)):
        mark.minutes = minutes.get(mark.participant_id)
