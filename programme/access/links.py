"""Personal links: a capability for one thing, made again whenever it is needed, never stored."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType

from flask import current_app
from sqlalchemy import Select, select, tuple_

from programme.access.models import LinkGeneration
from programme.access.rules import Purpose
from programme.foundation.database import db

ROW_BYTES, MAC_BYTES = 4, 13
KEY_LENGTH = -(-(ROW_BYTES + MAC_BYTES) * 8 // 5)
LARGEST_ROW = 2**31 - 1
NOTHING: Mapping[tuple[Purpose, int], int] = MappingProxyType({})
_known: ContextVar[Mapping[tuple[Purpose, int], int]] = ContextVar("_known", default=NOTHING)

GO_WITH = {Purpose.MY_GROUP: (Purpose.CALENDAR,)}
"""What is replaced together: whoever lost a page loses its calendar."""


@dataclass(frozen=True)
class Link:
    """What an accepted key opens."""

    purpose: Purpose
    row_id: int
    key: str


def link_key(purpose: Purpose, row_id: int) -> str:
    """The key in a link: the row and an HMAC of purpose, row and generation, in base 32."""
    row = row_id.to_bytes(ROW_BYTES, "big")
    return _text(row + _mac(purpose, row, _generation(purpose, row_id)))


def open_link(purpose: Purpose, key: str) -> Link | None:
    """The link behind a key, or None when it is not one of ours or was replaced.

    Hyphens are for reading: a letter shows the key in groups, to be typed.
    """
    key = key.replace("-", "")
    given = _bytes(key) if len(key) == KEY_LENGTH else b""
    if _text(given) != key.lower():  # unused bits at the end would give a row more keys than one
        return None
    row, mac = given[:ROW_BYTES], given[ROW_BYTES:]
    row_id = int.from_bytes(row, "big")
    if row_id > LARGEST_ROW:
        return None
    if not hmac.compare_digest(mac, _mac(purpose, row, _generation(purpose, row_id))):
        return None
    return Link(purpose, row_id, key)


@contextmanager
def generations_known(links: Collection[tuple[Purpose, int]]) -> Iterator[None]:
    """Make the keys of these links with one query for all of them."""
    of = tuple_(LinkGeneration.purpose, LinkGeneration.row_id)
    rows = db.session.scalars(select(LinkGeneration).where(of.in_(links))) if links else ()
    replaced = {(row.purpose, row.row_id): row.generation for row in rows}
    token = _known.set({link: replaced.get(link, 0) for link in links})
    try:
        yield
    finally:
        _known.reset(token)


def replace_link(purpose: Purpose, row_id: int) -> None:
    """Make every key given out so far for this row useless, and those that go with it."""
    for each in (purpose, *GO_WITH.get(purpose, ())):
        _replace(each, row_id)


def _replace(purpose: Purpose, row_id: int) -> None:
    found = db.session.scalar(_generation_row(purpose, row_id).with_for_update())
    if found is None:
        found = LinkGeneration(purpose=purpose, row_id=row_id, generation=0)
        db.session.add(found)
    found.generation += 1


def _generation(purpose: Purpose, row_id: int) -> int:
    if (purpose, row_id) in _known.get():
        return _known.get()[purpose, row_id]
    found = db.session.scalar(_generation_row(purpose, row_id))
    return found.generation if found else 0


def _generation_row(purpose: Purpose, row_id: int) -> Select[LinkGeneration]:
    return select(LinkGeneration).filter_by(purpose=purpose, row_id=row_id)


def _mac(purpose: Purpose, row: bytes, generation: int) -> bytes:
    message = purpose.encode() + b"\0" + row + generation.to_bytes(4, "big")
    secret = hashlib.sha256(b"links\0" + current_app.config["SECRET_KEY"].encode()).digest()
    return hmac.digest(secret, message, hashlib.sha256)[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().lower().rstrip("=")


def _bytes(key: str) -> bytes:
    try:
        return base64.b32decode(key.upper() + "=" * (-len(key) % 8))
    except (binascii.Error, ValueError):
        return b""
