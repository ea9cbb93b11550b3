"""Concerns, for those who may read them; and whom and what a concern may name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, url_for
from sqlalchemy import ColumnElement, Select, func, select

from programme.access.queries import names_by_actor
from programme.access.rules import Permission, Role
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART
from programme.foundation.clock import now
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.people.models import Participant
from programme.safeguarding.models import Concern
from programme.safeguarding.readers import About, readers_of, roles_on
from programme.safeguarding.rules import ANSWER_WITHIN, reads_about_lead, reads_the_rest


@dataclass(frozen=True)
class Choice:
    """Somebody, or a session, that a concern may name."""

    id: int
    label: str


@dataclass(frozen=True)
class ListedConcern:
    """A concern in the list: never its text."""

    id: int
    raised_at: datetime
    raised_by: str
    known_as: str
    is_about_lead: bool
    is_answered: bool
    is_late: bool


@dataclass(frozen=True)
class OpenConcern:
    """One concern, read."""

    record: Concern
    raised_by: str
    answered_by: str
    known_as: str
    session: str


def people_to_name(viewer: Viewer) -> list[Choice]:
    """Participants of the viewer's own groups, or own families."""
    asked = (
        select(Participant.id, Participant.known_as, Cohort.public_name)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.stage.in_(TAKES_PART),
            viewer.scope(Permission.RAISE_CONCERN).where(
                cohort=Cohort.id, partner=Participant.partner_id
            ),
        )
        .order_by(Participant.known_as, Participant.id)
    )
    return [Choice(id_, f"{name}, {group}") for id_, name, group in db.session.execute(asked)]


def sessions_to_name(viewer: Viewer, at: datetime) -> list[Choice]:
    """Sessions of the viewer's own groups that have begun, the latest first."""
    asked = (
        select(GroupSession.id, GroupSession.number, GroupSession.day, Cohort.public_name)
        .join(GroupSession.cohort)
        .where(
            GroupSession.starts_at <= at,
            viewer.scope(Permission.RAISE_CONCERN).where(
                cohort=Cohort.id, partner=Cohort.partner_id
            ),
        )
        .order_by(GroupSession.starts_at.desc())
        .limit(40)
    )
    return [
        Choice(id_, f"{group}, week {number}, {day.day} {day:%B}")
        for id_, number, day, group in db.session.execute(asked)
    ]


def concerns(viewer: Viewer, at: datetime) -> list[ListedConcern]:
    """Every concern that the viewer may read; what waits for an answer first."""
    asked = (
        _readable(viewer, Concern.id, Concern.raised_at, Concern.raised_by, Concern.is_about_lead)
        .add_columns(Concern.answered_at, Participant.known_as)
        .order_by(Concern.answered_at.is_not(None), Concern.raised_at.desc())
    )
    rows = db.session.execute(asked).all()
    names = names_by_actor([row.raised_by for row in rows])
    return [
        ListedConcern(
            id=row.id,
            raised_at=row.raised_at,
            raised_by=names[row.raised_by],
            known_as=row.known_as or "",
            is_about_lead=row.is_about_lead,
            is_answered=row.answered_at is not None,
            is_late=row.answered_at is None and row.raised_at + ANSWER_WITHIN < at,
        )
        for row in rows
    ]


def concern(viewer: Viewer, concern_id: int) -> OpenConcern:
    """One concern that the viewer may read; otherwise a 404. Whoever calls writes the audit."""
    asked = _readable(viewer, Concern, Participant.known_as, GroupSession, Cohort.public_name)
    row = db.session.execute(asked.where(Concern.id == concern_id)).one_or_none()
    if row is None:
        abort(404)
    record, known_as, session, group = row
    names = names_by_actor(filter(None, [record.raised_by, record.answered_by]))
    return OpenConcern(
        record=record,
        raised_by=names[record.raised_by],
        answered_by=names.get(record.answered_by, ""),
        known_as=known_as or "",
        session=f"{group}, week {session.number}" if session else "",
    )


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Concerns that wait: for the reader; and, when nobody could read one or the lead leaves it too
    long, without a word of what it is, for whoever gives the roles."""
    if viewer.can(Permission.READ_CONCERNS):
        return _waiting_for(viewer, at)
    if not viewer.can(Permission.MANAGE_STAFF):
        return []
    return _without_reader(at) or _left_too_long(at)


def _readable(viewer: Viewer, *columns: Any) -> Select[*tuple[Any, ...]]:
    scope = viewer.scope(Permission.READ_CONCERNS)
    return (
        select(*columns)
        .select_from(Concern)
        .outerjoin(Participant, Participant.id == Concern.participant_id)
        .outerjoin(GroupSession, GroupSession.id == Concern.session_id)
        .outerjoin(Cohort, Cohort.id == GroupSession.cohort_id)
        .where(
            scope.where(cohort=Cohort.id, partner=Participant.partner_id),
            _is_for(roles_on(viewer.account_id, now().date())),
        )
    )


def _is_for(roles: frozenset[Role]) -> ColumnElement[bool]:
    readable = {True: reads_about_lead(roles), False: reads_the_rest(roles)}
    return Concern.is_about_lead.in_([about for about, is_read in readable.items() if is_read])


def _waiting_for(viewer: Viewer, at: datetime) -> list[ToDo]:
    asked = _readable(viewer, func.count(Concern.id), func.min(Concern.raised_at))
    count, oldest = db.session.execute(asked.where(Concern.answered_at.is_(None))).one()
    if not count:
        return []
    many = f"{count} concerns wait" if count > 1 else "A concern waits"
    return [
        ToDo(
            title=f"{many} for your answer",
            fact="Write what you did, or why nothing needed doing.",
            action="Read and answer",
            url=url_for("safeguarding.concerns"),
            tone="wrong" if oldest + ANSWER_WITHIN < at else "soon",
            due=oldest.date(),
        )
    ]


def _without_reader(at: datetime) -> list[ToDo]:
    asked = select(Concern.is_about_lead, Concern.participant_id, Concern.session_id)
    waiting = db.session.execute(asked.where(Concern.answered_at.is_(None)).distinct()).all()
    unread = [About(*row) for row in waiting if not readers_of(About(*row), at.date())]
    who = {True: "safeguarding deputy", False: "safeguarding lead"}
    return [
        ToDo(
            title=f"A concern waits, and there is no {who[kind]} who may read it",
            fact="Give somebody that role today, so that it can be read.",
            action="Open staff",
            url="/staff",
            tone="wrong",
            due=at.date(),
        )
        for kind in sorted({about.is_about_lead for about in unread})
    ]


def _left_too_long(at: datetime) -> list[ToDo]:
    """Never of what is about the lead: whoever is told might ask the lead."""
    waiting = select(Concern.id).where(
        Concern.answered_at.is_(None),
        Concern.is_about_lead.is_(False),
        Concern.raised_at < at - ANSWER_WITHIN,
    )
    if db.session.scalar(waiting.limit(1)) is None:
        return []
    return [
        ToDo(
            title="A concern has waited for more than two days",
            fact="Ask the safeguarding lead to answer it, or give somebody else the role.",
            action="Open staff",
            url="/staff",
            tone="wrong",
            due=at.date(),
        )
    ]
