"""Who is signed in, and who tried in vain."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from programme.access.models import Account, Partner, SignIn, WrongTry
from programme.access.rules import ROLE_LABELS
from programme.foundation.database import db
from programme.foundation.sealing import blind


def account_by_email(email: str) -> Account | None:
    """The account that signs in with this address, however it is typed."""
    return db.session.scalar(select(Account).filter_by(email_index=email_index(email)))


def email_index(email: str) -> str | None:
    """The blind index of an e-mail address, the same for accounts and participants."""
    return blind("email", email.strip().lower())


def digest(token: str) -> str:
    """What is stored of a sign-in's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_sign_in(token: str, at: datetime) -> SignIn | None:
    """The sign-in that a cookie's token belongs to, unless it ended (`at` is real time)."""
    found = db.session.scalar(select(SignIn).filter_by(token_digest=digest(token)))
    if found is None or found.ended_at or found.expires_at <= at:
        return None
    return found


def wrong_tries(key: str, at: datetime) -> tuple[int, datetime | None]:
    """How many wrong tries in the last day, and when the latest was."""
    since = at - timedelta(days=1)
    asked = select(func.count(), func.max(WrongTry.at)).filter(
        WrongTry.key == key, WrongTry.at > since
    )
    count, latest = db.session.execute(asked).one()
    return count, latest


def every_account() -> Sequence[Account]:
    """All accounts, the oldest first."""
    return db.session.scalars(select(Account).order_by(Account.id)).all()


def every_partner() -> Sequence[Partner]:
    """All partners, the lead charity first."""
    return db.session.scalars(select(Partner).order_by(Partner.is_lead.desc(), Partner.name)).all()


def names_by_actor(actors: Iterable[str]) -> dict[str, str]:
    """What people call those whom the audit calls "account:7": one query, none for nobody."""
    wanted = set(actors)
    ids = [int(actor.removeprefix("account:")) for actor in wanted if actor.startswith("account:")]
    if not ids:
        return {actor: actor for actor in wanted}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    names = {f"account:{number}": name for number, name in found}
    return {actor: names.get(actor, actor) for actor in wanted}


@dataclass(frozen=True)
class StaffRow:
    """One line of the staff list."""

    id: int
    name: str
    roles: str
    state: str


def staff_list(on: date) -> list[StaffRow]:
    """Everybody who signs in, by name."""
    accounts = db.session.scalars(select(Account).order_by(Account.name, Account.id))
    return [StaffRow(a.id, a.name, roles_in_words(a), state_in_words(a, on)) for a in accounts]


def roles_in_words(account: Account) -> str:
    """ "Coordinator, Packer" """
    return ", ".join(dict.fromkeys(ROLE_LABELS[grant.role] for grant in account.grants))


def state_in_words(account: Account, on: date) -> str:
    """Whether the account can be used, in a few words."""
    if account.ends_on and account.ends_on < on:
        return "ended"
    if account.password_hash is None and account.invited_at:
        return "invited"
    return f"until {account.ends_on:%d %B %Y}" if account.ends_on else "active"


@dataclass(frozen=True)
class RoleButton:
    """A button of the demonstration's sign-in page."""

    value: int
    name: str
    says: str


def demonstration_roles() -> list[RoleButton]:
    """One button for each made-up member of staff."""
    return [RoleButton(a.id, a.name, roles_in_words(a)) for a in every_account()]
