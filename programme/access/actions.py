"""Signing in and out, accounts and their roles."""

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from programme.access.models import Account, SignIn, WrongTry
from programme.access.queries import account_by_email, digest, wrong_tries
from programme.access.rules import CODE_SECONDS, seconds_to_wait
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.sealing import keyring
from programme.foundation.web import Refusal

SIGNED_IN_FOR = timedelta(hours=12)
hasher = PasswordHasher()
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$e1NSP3qQcY/zkSrANYOmIA"
    "$bytdds9nXhSy3YJuvC5ZBqySDdSMliSjFmkjHVKeJ8A"
)
"""Of a password that nobody knows. Made beforehand: to make one takes a tenth of a second."""
WRONG = "These do not go together. Check each of them and try again."


def check_sign_in(
    *, email: str, password: str, code: str | None, address: str, at: datetime
) -> Account:
    """The account that e-mail, password and authenticator code belong to (`at`: real time).

    `code` is None where none is asked for. Raises:
        Refusal: they do not go together, or too many tries came before.
    """
    keys = [keyring.blind("try", email.strip().lower()), keyring.blind("try", address)]
    _refuse_if_too_many(keys, at)
    account = account_by_email(email)
    if account is None:
        _is_password_of(None, password)  # takes as long as for an address that is known
    if account and _is_password_of(account, password) and _is_code_of(account, code, at):
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


def _refuse_if_too_many(keys: list[str], at: datetime) -> None:
    for key in keys:
        count, latest = wrong_tries(key, at)
        wait = timedelta(seconds=seconds_to_wait(count))
        if latest and latest + wait > at:
            raise Refusal("Too many tries. Wait a few minutes, then try again.")


def _is_password_of(account: Account | None, password: str) -> bool:
    known = account.password_hash if account else None
    try:
        return hasher.verify(known or NOBODY, password) and known is not None
    except VerificationError:
        return False


def _is_code_of(account: Account, code: str | None, at: datetime) -> bool:
    return code is None or take_code(account, code, at=at)


def take_code(account: Account, code: str, *, at: datetime) -> bool:
    """Whether the authenticator code is right now, or was a step ago; each is taken once."""
    if account.authenticator is None:
        return False
    this_step = int(at.timestamp()) // CODE_SECONDS
    for step in (this_step - 1, this_step):
        right = pyotp.TOTP(account.authenticator).at(step * CODE_SECONDS)
        if hmac.compare_digest(right, code.replace(" ", "")) and step > (account.last_code_at or 0):
            account.last_code_at = step
            return True
    return False
