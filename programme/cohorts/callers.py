"""Who rings the people of a cohort: somebody named, or its facilitators."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from programme.access.models import Account, Grant
from programme.access.rules import Permission, Role
from programme.access.viewer import staff_viewer
from programme.cohorts.models import Cohort
from programme.cohorts.queries import open_accounts
from programme.foundation.database import db


def may_ring(account: Account, cohort: Cohort, on: date) -> bool:
    """Whether somebody sees the phone numbers of a cohort's people, or runs its sessions."""
    viewer = staff_viewer(account, on)
    where = {"cohort": cohort.id, "partner": cohort.partner_id}
    return viewer.can(Permission.SEE_PEOPLE, **where) or viewer.can(Permission.RUN_SESSION, **where)


def who_may_ring(cohort: Cohort, on: date) -> list[Account]:
    """Whom a coordinator can choose from."""
    return [account for account in open_accounts(on) if may_ring(account, cohort, on)]


def callers_of(cohort: Cohort, on: date) -> Sequence[Account]:
    """The one who was named, while they still may; otherwise the facilitators."""
    named = db.session.get(Account, cohort.caller_id) if cohort.caller_id else None
    return [named] if named and may_ring(named, cohort, on) else facilitators_on(cohort, on)


def facilitators_on(cohort: Cohort, on: date) -> Sequence[Account]:
    """Who facilitates a cohort: those named for it, else those named for its partner or for all."""
    wanted = (
        select(Account, Grant.cohort_id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == Role.FACILITATOR,
            or_(Account.ends_on.is_(None), Account.ends_on >= on),
            or_(
                Grant.cohort_id == cohort.id,
                Grant.cohort_id.is_(None)
                & or_(Grant.partner_id.is_(None), Grant.partner_id == cohort.partner_id),
            ),
        )
        .order_by(Account.id)
    )
    found = db.session.execute(wanted).all()
    named = [row.Account for row in found if row.cohort_id == cohort.id]
    return list(dict.fromkeys(named or [row.Account for row in found]))
