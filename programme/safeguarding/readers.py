"""Who could read a concern: the lead, or the deputy when it is about the lead, in their reach."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from programme.access.models import Account, Grant
from programme.access.rules import Permission, Role
from programme.access.viewer import staff_viewer
from programme.cohorts.models import Cohort, GroupSession
from programme.foundation.database import db
from programme.people.models import Participant
from programme.safeguarding.rules import reads_about_lead, reads_the_rest


@dataclass(frozen=True)
class About:
    """What decides who may read a concern."""

    is_about_lead: bool
    participant_id: int | None = None
    session_id: int | None = None


def readers_of(about: About, on: date) -> list[Account]:
    """Everybody who could read such a concern on that day, the first to be given the role first."""
    reads = reads_about_lead if about.is_about_lead else reads_the_rest
    where = _where(about)
    return [
        account
        for account in _with_a_role(on)
        if reads(roles_on(account.id, on))
        and staff_viewer(account, on).scope(Permission.READ_CONCERNS).reaches(**where)
    ]


def roles_on(account_id: int | None, on: date) -> frozenset[Role]:
    """The roles that an account holds that day."""
    asked = select(Grant.role).where(Grant.account_id == account_id, holds_on(on))
    return frozenset(db.session.scalars(asked))


def holds_on(on: date) -> ColumnElement[bool]:
    """The condition on Grant that it counts that day."""
    return and_(
        or_(Grant.first_day.is_(None), Grant.first_day <= on),
        or_(Grant.last_day.is_(None), Grant.last_day >= on),
    )


def _with_a_role(on: date) -> list[Account]:
    asked = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role.in_((Role.SAFEGUARDING_LEAD, Role.SAFEGUARDING_DEPUTY)),
            holds_on(on),
            or_(Account.ends_on.is_(None), Account.ends_on >= on),
        )
        .order_by(Grant.id)
    )
    return list(dict.fromkeys(db.session.scalars(asked)))


def _where(about: About) -> dict[str, int | None]:
    """The cohort and the organisation that a concern stands with; none when it names nobody."""
    partner = select(Participant.partner_id).filter_by(id=about.participant_id)
    cohort = (
        select(Cohort.id)
        .join(GroupSession, GroupSession.cohort_id == Cohort.id)
        .where(GroupSession.id == about.session_id)
    )
    return {"cohort": db.session.scalar(cohort), "partner": db.session.scalar(partner)}
