"""Who works here: invitations, roles, end dates and starting again with a lost phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyotp
from sqlalchemy import select, update

from programme.access.actions import hasher, take_code
from programme.access.links import replace_link
from programme.access.models import Account, Grant, Partner, SignIn
from programme.access.queries import account_by_email, email_index, every_partner
from programme.access.rules import INVITED_FOR_DAYS, Purpose, Role, what_is_weak
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal


@dataclass(frozen=True)
class RoleGiven:
    """A role, for one cohort, for one partner, or for everything."""

    role: Role
    cohort_id: int | None = None
    partner_id: int | None = None


def invite(
    *, name: str, email: str, roles: Iterable[RoleGiven], by: Viewer, at: datetime, real: datetime
) -> Account:
    """Open an account that waits for its owner to choose a password.

    `real` is the real time from which the invitation runs. Raises:
        Refusal: the name or address is missing, or the address has an account already.
    """
    if not name.strip() or "@" not in email:
        raise Refusal("Give the person's name and their e-mail address.")
    if account_by_email(email):
        raise Refusal("Somebody already signs in with that e-mail address.")
    account = Account(name=name.strip(), email=email.strip(), email_index=email_index(email))
    db.session.add(account)
    _give(account, roles)
    _expect(account, real)
    audit.record("invited", account, by=by, at=at)
    return account


def add_partner(*, name: str, by: Viewer, at: datetime) -> Partner:
    """Add an organisation that refers or delivers. The first one is the lead charity itself.

    Raises:
        Refusal: the name is missing or taken.
    """
    tidy = " ".join(name.split())[:120]
    known = {partner.name.casefold() for partner in every_partner()}
    if not tidy or tidy.casefold() in known:
        raise Refusal("Give the organisation a name that is not on the list yet.")
    partner = Partner(name=tidy, is_lead=not known)
    db.session.add(partner)
    audit.record("added partner", partner, by=by, at=at)
    return partner


def invitation_is_open(account: Account, real: datetime) -> bool:
    """Whether an invitation may still be accepted."""
    last = account.invited_at and account.invited_at + timedelta(days=INVITED_FOR_DAYS)
    return last is not None and real <= last


def accept(
    account: Account, *, password: str, repeated: str, code: str | None, by: Viewer, at: datetime,
    real: datetime,
) -> None:  # fmt: skip
    """Take up an invitation, once. `code` is None where none is asked for.

    Raises:
        Refusal: the invitation is over, the password is weak or the code is not right.
    """
    weakness = what_is_weak(password, repeated)
    if not invitation_is_open(account, real):
        raise Refusal("This invitation is over. Ask a coordinator for a new one.")
    if weakness:
        raise Refusal(weakness)
    if code is not None and not take_code(account, code, at=real):
        raise Refusal("That code is not right. Wait for the next one in your app, and type it.")
    account.password_hash = hasher.hash(password)
    account.invited_at = None
    replace_link(Purpose.INVITATION, account.id)
    audit.record("accepted invitation", account, by=by, at=at)


def set_roles(
    account: Account, roles: Iterable[RoleGiven], ends_on: date | None, *, by: Viewer, at: datetime,
    real: datetime,
) -> None:  # fmt: skip
    """Give an account these roles instead, until a day or for good; open sessions end at once.

    Raises:
        Refusal: nobody would be left to manage staff.
    """
    given = set(roles)
    manages = any(_is_for_everything(grant) for grant in account.grants)
    loses = RoleGiven(Role.COORDINATOR) not in given or ends_on is not None
    if manages and loses and not _others_manage(account):
        raise Refusal(
            "Somebody must stay coordinator for everything. Give another person the role first."
        )
    account.grants.clear()
    db.session.flush()
    _give(account, given)
    account.ends_on = ends_on
    end_sessions(account, real=real)
    audit.record("set roles", account, by=by, at=at, roles=sorted({item.role for item in given}))


def reset(account: Account, *, by: Viewer, at: datetime, real: datetime) -> None:
    """Start again: the password and the authenticator no longer count, sessions end."""
    account.password_hash = None
    replace_link(Purpose.INVITATION, account.id)
    _expect(account, real)
    end_sessions(account, real=real)
    audit.record("reset sign-in", account, by=by, at=at)


def end_sessions(account: Account, *, real: datetime) -> None:
    """End every open session of an account."""
    open_ones = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    db.session.execute(open_ones.values(ended_at=real))


def _give(account: Account, roles: Iterable[RoleGiven]) -> None:
    account.grants.extend(
        Grant(role=item.role, cohort_id=item.cohort_id, partner_id=item.partner_id)
        for item in roles
    )


def _expect(account: Account, real: datetime) -> None:
    account.invited_at = real
    account.authenticator = pyotp.random_base32()
    account.last_code_at = None


def _is_for_everything(grant: Grant) -> bool:
    return (grant.role, grant.cohort_id, grant.partner_id) == (Role.COORDINATOR, None, None)


def _others_manage(account: Account) -> bool:
    """Whether another account coordinates everything, without an end."""
    others = (
        select(Grant.id)
        .join(Account)
        .where(
            Grant.role == Role.COORDINATOR,
            Grant.cohort_id.is_(None),
            Grant.partner_id.is_(None),
            Account.id != account.id,
            Account.ends_on.is_(None),
        )
    )
    return db.session.scalar(others.limit(1)) is not None
