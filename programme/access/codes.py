"""Six typed digits: they open more than a link does, for ten minutes, once.

A code is no more stored than a link is: it follows from a random seed and the secret, and is
worked out again when a message is rendered or a guess is compared. All times are real ones.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, func, select

from programme.access.models import PersonalCode, WrongTry
from programme.access.rules import (
    CODES_AN_HOUR,
    CODES_AN_HOUR_FROM_ONE_ADDRESS,
    TRIES_AN_HOUR_FROM_ONE_ADDRESS,
    TYPED_CODE_SECONDS,
    TYPED_CODE_TRIES,
    TYPED_DIGITS,
    Purpose,
    digits_of,
    say_tries_left,
)
from programme.foundation.database import db
from programme.foundation.sealing import keyring
from programme.foundation.web import Refusal

LASTS = timedelta(seconds=TYPED_CODE_SECONDS)
AN_HOUR = timedelta(hours=1)
TYPE_ALL = "Type the six numbers of the code."
OVER = "That code no longer works. Ask for a new one."
TOO_MANY_CODES = "You asked for a lot of codes. Wait an hour and ask again, or ring us."
TOO_MANY_TRIES = "There were too many tries from here. Wait an hour, or ring us."


def make_code(purpose: Purpose, row_id: int, *, person: int, address: str, at: datetime) -> int:
    """A new code for somebody, which ends every earlier one for the same thing; gives its number.

    The caller holds the person's row, so that two who ask at once are counted one by one.
    Raises:
        Refusal: too many were asked for in the last hour.
    """
    _count(
        {
            f"{purpose} code for {person}": CODES_AN_HOUR,
            f"codes from {address}": CODES_AN_HOUR_FROM_ONE_ADDRESS,
        },
        TOO_MANY_CODES,
        at,
    )
    made = PersonalCode(
        purpose=purpose,
        row_id=row_id,
        seed=secrets.token_hex(16),
        asked_at=at,
        expires_at=at + LASTS,
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def typed_code(code_id: int) -> str:
    """The six digits, worked out anew."""
    return _digits(db.session.get_one(PersonalCode, code_id))


def newest_code(purpose: Purpose, row_id: int) -> int | None:
    """The number of the latest code for one thing."""
    found = db.session.scalar(_newest(purpose, row_id))
    return found.id if found else None


def is_code_open(code_id: int, at: datetime) -> bool:
    """Whether a code could still be typed: the newest of its kind, not used, not too late."""
    row = db.session.get(PersonalCode, code_id)
    if row is None or not _is_open(row, at):
        return False
    return db.session.scalar(_newest(row.purpose, row.row_id)) is row


def take_typed_code(
    purpose: Purpose, row_id: int, typed: str, *, address: str, at: datetime
) -> None:
    """Accept the right code, once. A guess counts before it is compared, one after the other.

    What this counts must be kept although it refuses: the page answers with a redirect.
    Raises:
        Refusal: it is not the code, or not any more; says how many tries are left.
    """
    digits = digits_of(typed)
    if len(digits) != TYPED_DIGITS:
        raise Refusal(TYPE_ALL)
    _count({f"tries from {address}": TRIES_AN_HOUR_FROM_ONE_ADDRESS}, TOO_MANY_TRIES, at)
    held = _newest(purpose, row_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(held)
    if row is None or not _is_open(row, at):
        raise Refusal(OVER)
    row.wrong_tries += 1
    db.session.flush()
    if not hmac.compare_digest(_digits(row), digits):
        raise Refusal(say_tries_left(row.wrong_tries))
    row.wrong_tries -= 1
    row.used_at = at


def _is_open(row: PersonalCode, at: datetime) -> bool:
    return row.used_at is None and at < row.expires_at and row.wrong_tries < TYPED_CODE_TRIES


def _newest(purpose: Purpose, row_id: int) -> Select[PersonalCode]:
    asked = select(PersonalCode).filter_by(purpose=purpose, row_id=row_id)
    return asked.order_by(PersonalCode.id.desc()).limit(1)


def _digits(row: PersonalCode) -> str:
    message = f"{row.purpose}\0{row.row_id}\0{row.seed}".encode()
    secret = hashlib.sha256(b"codes\0" + current_app.config["SECRET_KEY"].encode()).digest()
    number = int.from_bytes(hmac.digest(secret, message, hashlib.sha256))
    return f"{number % 10**TYPED_DIGITS:0{TYPED_DIGITS}}"


def _count(limits: Mapping[str, int], sentence: str, at: datetime) -> None:
    """Count one more under each name, unless one of them had its share of the last hour."""
    keys = {keyring.blind("try", name): limit for name, limit in limits.items()}
    for key, limit in keys.items():
        lately = select(func.count()).where(WrongTry.key == key, WrongTry.at > at - AN_HOUR)
        if (db.session.scalar(lately) or 0) >= limit:
            raise Refusal(sentence)
    db.session.add_all(WrongTry(key=key, at=at) for key in keys)
