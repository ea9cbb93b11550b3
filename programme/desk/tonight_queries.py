"""Everything that the page of one evening shows, and the next thing to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.checklists import ChecklistItem
from programme.cohorts.guides import Part, SessionGuide, session_guide
from programme.cohorts.models import Cohort, GroupSession
from programme.cohorts.programmes import (
    PlannedSession,
    Programme,
    ProgrammeError,
    load_programme,
)
from programme.feedback.queries import Summary, summary
from programme.foundation.web import say_time, say_wait
from programme.registers.checklist import CheckedItem, checklist_of
from programme.registers.register import Register, own_hours, register_of
from programme.registers.rules import can_join
from programme.registers.scope import may_close, session_to_mark

SOON = timedelta(minutes=45)


@dataclass(frozen=True)
class NextThing:
    """The biggest thing on the page. `place`: where its button leads, by id, or "meeting"."""

    title: str
    fact: str
    action: str = ""
    place: str = ""


@dataclass(frozen=True)
class Live:
    """What changes while the page is open, as the viewer may see it."""

    session: GroupSession
    cohort: Cohort
    register: Register
    next_thing: NextThing
    may_run: bool
    may_close: bool
    join_url: str
    programme: Programme | None
    planned: PlannedSession | None
    guide: SessionGuide | None
    part: Part | None


@dataclass(frozen=True)
class Tonight(Live):
    """One evening on one page. Helpers get the register and nothing else."""

    hours: int | None
    feedback: Summary | None
    checklist: tuple[CheckedItem, ...]


def tonight(viewer: Viewer, session_id: int, at: datetime) -> Tonight:
    """The page of one session whose register the viewer may take; otherwise a 404."""
    live = what_is_live(viewer, session_id, at)
    session, runs = live.session, live.may_run
    items = asked_about(session, live.programme) if runs and at >= session.starts_at else ()
    return Tonight(
        **vars(live),
        hours=own_hours(session, viewer) if runs else None,
        feedback=_feedback(session, live.programme, at) if runs else None,
        checklist=checklist_of(session, items, viewer) if items else (),
    )


def asked_about(session: GroupSession, programme: Programme | None) -> tuple[ChecklistItem, ...]:
    """The checklist of one session; empty where the programme's files are broken."""
    return programme.checklist.of(session.number) if programme else ()


def what_is_live(viewer: Viewer, session_id: int, at: datetime) -> Live:
    """What the page of one session shows anew while it is open; a 404 for others."""
    session = session_to_mark(viewer, session_id)
    cohort = session.cohort
    may_run = viewer.can(Permission.RUN_SESSION, cohort=cohort.id, partner=cohort.partner_id)
    is_trusted = may_close(viewer, cohort)
    programme = programme_of(cohort)
    planned = _planned(programme, session.number)
    guide = _guide(cohort.programme, planned) if may_run else None
    part = guide.part_at(session.starts_at, at) if guide else None
    register = register_of(session, viewer)
    join_url = (cohort.join_url or "") if is_trusted else ""
    return Live(
        session=session,
        cohort=cohort,
        register=register,
        next_thing=next_thing(session, register, part, bool(join_url), is_trusted, at),
        may_run=may_run,
        may_close=is_trusted,
        join_url=join_url,
        programme=programme,
        planned=planned,
        guide=guide,
        part=part,
    )


def next_thing(
    session: GroupSession,
    register: Register,
    part: Part | None,
    may_join: bool,
    may_close: bool,
    at: datetime,
) -> NextThing:
    """What to do now: wait, join, mark, lead, finish the register, or close it."""
    zone = session.cohort.zone
    starts = f"Starts {say_wait(session.starts_at, at)}"
    if session.cancelled_at:
        return NextThing("This session was cancelled", "There is no register to take.")
    if at < session.starts_at:
        if may_join and can_join(session.starts_at, session.ends_at, at + SOON):
            return NextThing(starts, _say_arrived(register), "Open the meeting", "meeting")
        return NextThing(starts, f"At {say_time(session.starts_at, zone)}.")
    if at < session.ends_at:
        return _while_it_is_on(session, register, part)
    return _afterwards(session, register, may_close)


def _while_it_is_on(session: GroupSession, register: Register, part: Part | None) -> NextThing:
    if register.to_mark:
        return NextThing(
            f"Mark who is here: {_count(register)} to go",
            _say_arrived(register),
            "Go to the register",
            "register",
        )
    if part is None:
        return NextThing("Everybody is marked", _say_marked(register))
    until = say_time(part.ends(session.starts_at), session.cohort.zone)
    return NextThing(f"Now: {part.title}, until {until}", part.do)


def _afterwards(session: GroupSession, register: Register, may_close: bool) -> NextThing:
    zone = session.cohort.zone
    if register.closed_at:
        closed = f"Closed by {register.closed_by} at {say_time(register.closed_at, zone)}."
        return NextThing("All done", closed)
    if register.to_mark:
        title = f"Finish the register: {_count(register)} to go"
        return NextThing(title, _say_marked(register), "Go to the register", "register")
    if may_close:
        return NextThing(
            "Write your notes, then close the register", _say_marked(register), "Close it", "close"
        )
    return NextThing("Everybody is marked", "A facilitator closes the register.")


def _count(register: Register) -> int:
    return len(register.to_mark)


def _say_arrived(register: Register) -> str:
    names = [line.known_as for line in register.arrived]
    return f"Here so far: {', '.join(names)}." if names else "Nobody has pressed Join yet."


def _say_marked(register: Register) -> str:
    marked = sum(line.mark is not None for line in register.lines)
    return f"{marked} of {marked + _count(register)} marked."


def programme_of(cohort: Cohort) -> Programme | None:
    """The register is taken even where the programme's files are broken."""
    try:
        return load_programme(cohort.programme)
    except (ProgrammeError, ValueError):
        return None


def _planned(programme: Programme | None, number: int) -> PlannedSession | None:
    sessions = programme.sessions if programme else ()
    return next((session for session in sessions if session.number == number), None)


def _guide(programme: str, planned: PlannedSession | None) -> SessionGuide | None:
    try:
        return session_guide(programme, planned.week) if planned else None
    except ProgrammeError:
        return None


def _feedback(session: GroupSession, programme: Programme | None, at: datetime) -> Summary | None:
    return summary(session, programme) if programme and session.ends_at <= at else None
