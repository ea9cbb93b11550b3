"""People as the viewer may see them, and what to do about them."""

from datetime import date, datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from programme.access.models import Partner
from programme.access.queries import every_partner
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_nearness
from programme.people.models import Consent, FirstConversation, Household, KeepApart, Participant
from programme.people.rules import ConsentPurpose, Standing

SEE, EDIT = Permission.SEE_PEOPLE, Permission.EDIT_PEOPLE


def zone() -> str:
    """Where the charity's clocks hang."""
    return str(current_app.config["SETTINGS"].zone)


def day_of(at: datetime) -> date:
    """The date on the charity's wall at an instant."""
    return local(at, zone()).date()


def within_reach(viewer: Viewer, permission: Permission = SEE) -> ColumnElement[bool]:
    """The condition for people whom the viewer may see, merged entries left out."""
    scope = viewer.scope(permission)
    return and_(scope.where(partner=Participant.partner_id), Participant.merged_into_id.is_(None))


def with_standing(wanted: Standing, on: date) -> ColumnElement[bool]:
    """The condition for people with whom something is to do; several may be."""
    conditions = {
        Standing.NOT_SPOKEN_TO: FirstConversation.id.is_(None),
        Standing.REVIEW_DUE: FirstConversation.review_on < on,
        Standing.ADDRESS_MISSING: and_(
            Household.address_is_complete.is_(False), Household.do_not_post.is_(False)
        ),
        Standing.SPOKEN_TO: FirstConversation.id.is_not(None),
    }
    return conditions[wanted]


def joined(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A select of participants with their partner, home and first conversation, if there is one."""
    return (
        asked.select_from(Participant)
        .join(Partner, Partner.id == Participant.partner_id)
        .join(Household, Household.id == Participant.household_id)
        .outerjoin(FirstConversation, FirstConversation.participant_id == Participant.id)
    )


def person_for(viewer: Viewer, number: int, permission: Permission = SEE) -> Participant | None:
    """One person, or None when there is nobody whom the viewer may see."""
    asked = select(Participant).where(within_reach(viewer, permission), Participant.id == number)
    return db.session.scalar(asked)


def merged_entry_for(viewer: Viewer, number: int) -> Participant | None:
    """An entry that was merged into somebody whom the viewer may change."""
    kept = aliased(Participant)
    asked = (
        select(Participant)
        .join(kept, kept.id == Participant.merged_into_id)
        .where(Participant.id == number, viewer.scope(EDIT).where(partner=kept.partner_id))
    )
    return db.session.scalar(asked)


def partners_for(viewer: Viewer, permission: Permission = EDIT) -> list[Partner]:
    """The partners for whose people the viewer holds the permission."""
    return [each for each in every_partner() if viewer.can(permission, partner=each.id)]


def consents_of(participant_id: int) -> dict[ConsentPurpose, Consent]:
    """The latest answer about each purpose that was ever asked about."""
    asked = select(Consent).filter_by(participant_id=participant_id)
    answers = db.session.scalars(asked.order_by(Consent.at, Consent.id))
    return {answer.purpose: answer for answer in answers}


def is_kept_apart_at_home() -> ColumnElement[bool]:
    """Whether somebody recorded at the participant's address must be kept apart from them."""
    other = aliased(Participant)
    pair = or_(
        and_(KeepApart.one_id == Participant.id, KeepApart.other_id == other.id),
        and_(KeepApart.other_id == Participant.id, KeepApart.one_id == other.id),
    )
    lives_there = other.household_id == Participant.household_id
    return exists().where(pair, lives_there, other.merged_into_id.is_(None))


def latest_consents(purpose: ConsentPurpose) -> Select[int, bool]:
    """Everybody's latest answer about one purpose: participant and whether it was yes."""
    newest_first = func.row_number().over(
        partition_by=Consent.participant_id, order_by=(Consent.at.desc(), Consent.id.desc())
    )
    ranked = (
        select(Consent.participant_id, Consent.is_given, newest_first.label("rank"))
        .where(Consent.purpose == purpose)
        .subquery()
    )
    return select(ranked.c.participant_id, ranked.c.is_given).where(ranked.c.rank == 1)


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Whom to ring first, whose address to ask for, with whom to agree anew."""
    if not viewer.can(EDIT):
        return []
    found = [_to_do(viewer, standing, at) for standing in _ASKED_FOR]
    return [item for item in found if item]


_ASKED_FOR = {
    Standing.NOT_SPOKEN_TO: ("not yet spoken to", "Ring {name} first: here since {since}.", "soon"),
    Standing.REVIEW_DUE: (
        "to agree with anew",
        "Nothing goes to them until somebody rings. {name} is first.",
        "wrong",
    ),
    Standing.ADDRESS_MISSING: (
        "without a complete address",
        "No parcel can go to them. {name} is first.",
        "soon",
    ),
}


def _to_do(viewer: Viewer, wanted: Standing, at: datetime) -> ToDo | None:
    """How many, and whoever has waited longest, in one question to the database."""
    count = func.count().over()
    asked = joined(select(count, Participant.known_as, Participant.added_at))
    condition = and_(within_reach(viewer, EDIT), with_standing(wanted, day_of(at)))
    oldest_first = asked.where(condition).order_by(Participant.added_at, Participant.id)
    found = db.session.execute(oldest_first.limit(1)).first()
    if found is None:
        return None
    number, name, since = found
    title, fact, tone = _ASKED_FOR[wanted]
    return ToDo(
        title=f"{number} {'person' if number == 1 else 'people'} {title}",
        fact=fact.format(name=name, since=say_nearness(since, zone())),
        action="Open the list",
        url=url_for("people.everybody", state=wanted.value),
        tone=tone,
        due=day_of(at) if wanted is Standing.NOT_SPOKEN_TO else None,
    )
