"""Who runs a cohort, and who rings its people: somebody named, or its facilitators."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from programme.access.models import Account, Grant
from programme.access.rules import GRANTS, Permission, Role
from programme.access.viewer import IdColumn, staff_viewer
from programme.cohorts.models import Cohort
from programme.foundation.database import db

RINGING = frozenset({Permission.SEE_PEOPLE, Permission.RUN_SESSION})
RINGERS = tuple(role for role, given in GRANTS.items() if given & RINGING)


def may_ring(account: Account, cohort: Cohort, on: date) -> bool:
    """Whether somebody sees the phone numbers of a cohort's people, or runs its sessions."""
    viewer = staff_viewer(account, on)
    where = {"cohort": cohort.id, "partner": cohort.partner_id}
    return any(viewer.can(permission, **where) for permission in RINGING)


def holds_to_ring(account: IdColumn, on: date) -> ColumnElement[bool]:
    """`may_ring` as a condition on Cohort; never true where `account` is empty."""
    return _granted(on).where(Grant.account_id == account, Grant.role.in_(RINGERS)).exists()


def has_facilitator(on: date) -> ColumnElement[bool]:
    """The condition on Cohort that somebody facilitates it on that day."""
    return _granted(on).where(Grant.role == Role.FACILITATOR).exists()


def _granted(on: date) -> Select[int]:
    """Grants that reach the Cohort of the select around, of accounts that are open."""
    is_for_all = Grant.cohort_id.is_(None) & Grant.partner_id.is_(None)
    return (
        select(Grant.id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            or_(is_for_all, Grant.cohort_id == Cohort.id, Grant.partner_id == Cohort.partner_id),
            or_(Account.ends_on.is_(None), Account.ends_on >= on),
            or_(Grant.first_day.is_(None), Grant.first_day <= on),
            or_(Grant.last_day.is_(None), Grant.last_day >= on),
        )
        .correlate_except(Grant, Account)
    )


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


def facilitators_of(cohort_ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of those who run each cohort."""
    asked = (
        select(Grant.cohort_id, Account.name)
        .join(Account)
        .where(Grant.role == Role.FACILITATOR, Grant.cohort_id.in_(cohort_ids))
        .order_by(Account.name)
    )
    names: dict[int, list[str]] = {}
    for cohort_id, name in db.session.execute(asked):
        names.setdefault(cohort_id or 0, []).append(name)
    return names


def open_accounts(on: date) -> Sequence[Account]:
    """Whoever could run a group: accounts that have not ended."""
    asked = select(Account).where(or_(Account.ends_on.is_(None), Account.ends_on >= on))
    return db.session.scalars(asked.order_by(Account.name)).all()


def find_account(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)
