"""Terms, cohorts and enrolments, as the viewer may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, exists, func, or_, select

from programme.access.rules import Permission
from programme.access.viewer import Scope, Viewer
from programme.cohorts.models import Cohort, Due, Enrolment, GroupSession, Step, Term
from programme.cohorts.rules import HAS_A_PLACE, TAKES_PART, Stage
from programme.foundation.database import db
from programme.messages.models import Message
from programme.people.models import FirstConversation, KeepApart, Participant

SEE, OPEN, CHANGE = Permission.SEE_COHORTS, Permission.OPEN_COHORTS, Permission.CHANGE_PLAN


def reach(viewer: Viewer, permission: Permission = SEE) -> Select[Cohort]:
    """The cohorts that a permission of the viewer reaches."""
    scope = viewer.scope(permission)
    return select(Cohort).where(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))


def cohort_for(viewer: Viewer, cohort_id: int, permission: Permission = SEE) -> Cohort | None:
    """One cohort, or None when there is none that the viewer may see."""
    return db.session.scalar(reach(viewer, permission).where(Cohort.id == cohort_id))


def session_for(viewer: Viewer, cohort_id: int, number: int) -> GroupSession | None:
    """One session of a cohort whose plan the viewer may change."""
    cohort = cohort_for(viewer, cohort_id, CHANGE)
    asked = select(GroupSession).filter_by(cohort_id=cohort_id, number=number)
    return db.session.scalar(asked) if cohort else None


def step_for(viewer: Viewer, step_id: int, permission: Permission = CHANGE) -> Step | None:
    """One step of a plan that the viewer may change, or at least see."""
    step = db.session.get(Step, step_id)
    return step if step and cohort_for(viewer, step.cohort_id, permission) else None


def enrolment_for(viewer: Viewer, enrolment_id: int) -> Enrolment | None:
    """One place in a cohort that the viewer may fill."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    return enrolment if enrolment and cohort_for(viewer, enrolment.cohort_id, OPEN) else None


def dues_to_ring_about(cohort_id: int, participant_id: int) -> Sequence[Due]:
    """What could not safely be written to somebody, and nobody rang about yet."""
    asked = select(Due).join(Step).where(Step.cohort_id == cohort_id)
    asked = asked.where(Due.participant_id == participant_id, Due.ring_them.is_(True))
    return db.session.scalars(asked.where(Due.rung_at.is_(None))).all()


def every_term() -> Sequence[Term]:
    """All terms, the latest first."""
    return db.session.scalars(select(Term).order_by(Term.first_day.desc())).all()


def term_called(name: str) -> Term | None:
    return db.session.scalar(select(Term).filter_by(name=name))


def sessions_within(term: Term, first_day: date, last_day: date) -> int:
    """How many sessions that are not cancelled lie in these days of a term."""
    asked = select(func.count(GroupSession.id)).join(Cohort)
    days = GroupSession.day.between(first_day, last_day)
    held = GroupSession.cancelled_at.is_(None)
    return db.session.scalar(asked.where(Cohort.term_id == term.id, days, held)) or 0


def steps_of(cohort_id: int) -> Sequence[Step]:
    """The plan, in order of time."""
    asked = select(Step).filter_by(cohort_id=cohort_id)
    return db.session.scalars(asked.order_by(Step.due_at, Step.id)).all()


def sessions_of(cohort_id: int) -> Sequence[GroupSession]:
    asked = select(GroupSession).filter_by(cohort_id=cohort_id)
    return db.session.scalars(asked.order_by(GroupSession.number)).all()


def next_session(cohort_id: int, at: datetime) -> GroupSession | None:
    """The session that is on, or comes next; None after the last."""
    asked = select(GroupSession).where(
        GroupSession.cohort_id == cohort_id,
        GroupSession.ends_at > at,
        GroupSession.cancelled_at.is_(None),
    )
    return db.session.scalar(asked.order_by(GroupSession.starts_at).limit(1))


def next_to_begin(cohort_id: int, at: datetime) -> GroupSession | None:
    """The first session that is still to begin; None when the last has begun."""
    asked = select(GroupSession).where(
        GroupSession.cohort_id == cohort_id,
        GroupSession.starts_at > at,
        GroupSession.cancelled_at.is_(None),
    )
    return db.session.scalar(asked.order_by(GroupSession.starts_at).limit(1))


def session_of(step: Step) -> GroupSession:
    """The session that a step belongs to."""
    asked = select(GroupSession).filter_by(cohort_id=step.cohort_id, number=step.session_number)
    return db.session.scalars(asked).one()


@dataclass(frozen=True)
class SessionLine:
    """One session on a list."""

    id: int
    cohort_id: int
    public_name: str
    number: int
    starts_at: datetime
    ends_at: datetime
    has_join_link: bool


def sessions_on(viewer: Viewer, day: date) -> list[SessionLine]:
    """The sessions of one day, of the groups that the viewer sees or helps in."""
    scope = _group_scope(viewer)
    asked = (
        select(GroupSession, Cohort)
        .join(Cohort)
        .where(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .where(GroupSession.day == day, GroupSession.cancelled_at.is_(None))
        .order_by(GroupSession.starts_at, Cohort.public_name)
    )
    return [_line(session, cohort) for session, cohort in db.session.execute(asked)]


def _group_scope(viewer: Viewer) -> Scope:
    return viewer.scope(SEE) | viewer.scope(Permission.SEE_GROUP)


def _line(session: GroupSession, cohort: Cohort) -> SessionLine:
    return SessionLine(
        session.id,
        cohort.id,
        cohort.public_name,
        session.number,
        session.starts_at,
        session.ends_at,
        bool(cohort.join_url),
    )


def taking_part(step: Step) -> Select[int]:
    """Who takes part in the step's cohort now and was spoken to: the `who` of most kinds.

    Whoever is paused, withdrew, waits for a place or was not spoken to is not among them.
    """
    return spoken_to_in(step.cohort_id).where(Enrolment.stage.in_(TAKES_PART))


def spoken_to_in(cohort_id: int) -> Select[int]:
    """Whoever has, had or waits for a place, was spoken to and is not paused."""
    return (
        select(Enrolment.participant_id)
        .join(FirstConversation, FirstConversation.participant_id == Enrolment.participant_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.paused_at.is_(None))
    )


def steps_of_messages(message_ids: Iterable[int]) -> dict[int, list[Step]]:
    """The steps that each of these messages is sent for, in the order of its texts."""
    asked = select(Message.id, Step).join(Due, Due.message_id == Message.id)
    asked = asked.join(Step, Step.id == Due.step_id).where(Message.id.in_(message_ids))
    found: dict[int, list[Step]] = {}
    for message_id, step in db.session.execute(asked.order_by(Due.part, Due.id)):
        found.setdefault(message_id, []).append(step)
    return found


def place_in_the_way(entry: Participant) -> str | None:
    """Why an entry cannot be merged into another: its place in a group would be lost."""
    asked = select(Cohort.public_name).join(Enrolment).filter_by(participant_id=entry.id)
    name = db.session.scalar(asked.where(Enrolment.stage != Stage.WITHDREW).limit(1))
    if name is None:
        return None
    return (
        f"{entry.known_as} has a place in {name}. Merge the other way round, so that this entry"
        " stays, or end that place first."
    )


def enrolment_of(cohort_id: int, participant_id: int) -> Enrolment | None:
    asked = select(Enrolment).filter_by(cohort_id=cohort_id, participant_id=participant_id)
    return db.session.scalar(asked)


def places_taken(cohort_id: int) -> int:
    """How many places are given, offered ones included."""
    asked = select(func.count(Enrolment.id)).filter_by(cohort_id=cohort_id)
    return db.session.scalar(asked.where(Enrolment.stage.in_(HAS_A_PLACE))) or 0


def first_waiting(cohort_id: int) -> Enrolment | None:
    """Who has waited longest."""
    asked = select(Enrolment).filter_by(cohort_id=cohort_id, stage=Stage.WAITING)
    return db.session.scalar(asked.order_by(Enrolment.at, Enrolment.id).limit(1))


def is_kept_apart(participant_id: int, cohort_id: int) -> bool:
    """Whether the cohort, its waiting list included, holds somebody this person must not meet."""
    pair = or_(
        and_(KeepApart.one_id == participant_id, KeepApart.other_id == Enrolment.participant_id),
        and_(KeepApart.other_id == participant_id, KeepApart.one_id == Enrolment.participant_id),
    )
    asked = exists().where(
        Enrolment.cohort_id == cohort_id, Enrolment.stage != Stage.WITHDREW, pair
    )
    return bool(db.session.scalar(select(asked)))


def was_spoken_to(participant_id: int) -> bool:
    asked = exists().where(FirstConversation.participant_id == participant_id)
    return bool(db.session.scalar(select(asked)))


def participant_for(viewer: Viewer, participant_id: int) -> Participant | None:
    """Somebody whom the viewer may enrol: in their part of the records, and not merged."""
    scope = viewer.scope(Permission.SEE_PEOPLE)
    asked = select(Participant).where(
        Participant.id == participant_id,
        Participant.merged_into_id.is_(None),
        scope.where(partner=Participant.partner_id),
    )
    return db.session.scalar(asked)


def known_as(place: Enrolment) -> str:
    """What the person who has this place is called."""
    asked = select(Participant.known_as).where(Participant.id == place.participant_id)
    return db.session.scalars(asked).one()
