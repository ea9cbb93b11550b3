"""Signing in and out, accounts and their roles."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from programme.access.models import Account, SignIn, WrongTry
from programme.access.queries import account_by_email, digest, email_index, wrong_tries
from programme.access.rules import seconds_to_wait
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.sealing import keyring
from programme.foundation.web import Refusal

SIGNED_IN_FOR = timedelta(hours=12)
hasher = PasswordHasher()
NOBODY = hasher.hash("a password that belongs to nobody")
WRONG = "That e-mail address and password do not go together. Check both and try again."


def check_password(*, email: str, password: str, address: str, at: datetime) -> Account:
    """The account that e-mail and password belong to (`at` is real time).

    Raises:
        Refusal: they do not go together, or too many tries came before.
    """
    keys = [keyring.blind("try", email.strip().lower()), keyring.blind("try", address)]
    _refuse_if_too_many(keys, at)
    account = account_by_email(email)
    if _is_password_of(account, password) and account is not None:
        return account
    db.session.add_all(WrongTry(key=key, at=at) for key in keys)
    raise Refusal(WRONG)


def begin_sign_in(account: Account, *, by: Viewer, at: datetime) -> str:
    """Start a session and give its token, which only the cookie will hold (`at`: real time)."""
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        token_digest=digest(token), account=account, began_at=at, expires_at=at + SIGNED_IN_FOR
    )
    db.session.add(sign_in)
    audit.record("signed in", account, by=by, at=at)
    return token


def end_sign_in(sign_in: SignIn, *, by: Viewer, at: datetime) -> None:
    """End one session: its cookie is worthless from now on, copies too."""
    sign_in.ended_at = at
    audit.record("signed out", sign_in.account, by=by, at=at)


def open_account(*, name: str, email: str, by: Viewer, at: datetime) -> Account:
    """Add an account, without roles and without a password.

    Raises:
        Refusal: the address already has an account.
    """
    if account_by_email(email):
        raise Refusal("Somebody already signs in with that e-mail address.")
    account = Account(name=name, email=email.strip(), email_index=email_index(email))
    db.session.add(account)
    audit.record("opened account", account, by=by, at=at)
    return account


def set_password(account: Account, password: str, *, by: Viewer, at: datetime) -> None:
    """Give the account a password."""
    account.password_hash = hasher.hash(password)
    audit.record("set password", account, by=by, at=at)


def _refuse_if_too_many(keys: list[str], at: datetime) -> None:
    for key in keys:
        count, latest = wrong_tries(key, at)
        wait = timedelta(seconds=seconds_to_wait(count))
        if latest and latest + wait > at:
            raise Refusal("Too many tries. Wait a few minutes, then try again.")


def _is_password_of(account: Account | None, password: str) -> bool:
    """Takes as long for an unknown address as for a known one."""
    known = account.password_hash if account else None
    try:
        return hasher.verify(known or NOBODY, password) and known is not None
    except VerificationError:
        return False
