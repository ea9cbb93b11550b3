"""Changing keys: what stands under an older key is sealed anew under the newest, in the background.

Fingerprints (blind indexes) stay as they are: the oldest key in the settings makes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import Column, LargeBinary, Table, func, select, type_coerce, update

from programme.foundation.database import db, only_reading
from programme.foundation.sealing import Sealed, SealedBytes, Unreadable, keyring
from programme.foundation.stopping import stopping

AT_ONCE = 200
"""Values in one transaction, so that no writer waits long."""
SECONDS_AT_ONCE = 20
LOOK_AGAIN_AFTER = timedelta(hours=1)
"""When nothing is left: processes that were not started anew may still seal with an older key."""
log = structlog.get_logger()


@dataclass
class Rest:
    """Until when this process need not look: looking reads every sealed column."""

    until: datetime | None = None


rest = Rest()


def seal_anew(at: datetime) -> int:
    """Seal what is under an older key with the newest, for some seconds; say how many values."""
    if not keyring.older_marks or (rest.until and at < rest.until):
        return 0
    ends, done = monotonic() + SECONDS_AT_ONCE, 0
    for table, column in sealed_columns():
        after = 0
        while batch := _under_older_keys(table, column, after):
            done += sum(_seal_one(table, column, row_id, sealed) for row_id, sealed in batch)
            db.session.commit()
            after = batch[-1][0]
            if stopping.is_set() or monotonic() > ends:
                return done
    if done or rest.until is None:
        log.info("everything is sealed under the newest key")
    rest.until = at + LOOK_AGAIN_AFTER
    return done


def sealed_columns() -> Iterator[tuple[Table, Column[str]]]:
    """Every column that holds sealed values."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (Sealed, SealedBytes)):
                yield table, column


def _under_older_keys(table: Table, column: Column[str], after: int) -> list[tuple[int, bytes]]:
    raw = type_coerce(column, LargeBinary)
    asked = (
        select(table.c.id, raw)
        .where(table.c.id > after, func.substr(raw, 1, 1).in_(keyring.older_marks))
        .order_by(table.c.id)
        .limit(AT_ONCE)
    )
    with only_reading():
        found = [(row_id, bytes(sealed)) for row_id, sealed in db.session.execute(asked)]
        db.session.rollback()
    return found


def _seal_one(table: Table, column: Column[str], row_id: int, sealed: bytes) -> bool:
    """Unless somebody changed it meanwhile. One that cannot be opened is left as it is."""
    place = f"{table.name}.{column.name}"
    try:
        anew = keyring.seal(keyring.open(sealed, place), place)
    except Unreadable:
        log.error("cannot be sealed anew", place=place, id=row_id)
        return False
    raw = type_coerce(column, LargeBinary)
    same = (table.c.id == row_id, raw == type_coerce(sealed, LargeBinary))
    written = {column.name: type_coerce(anew, LargeBinary)}
    done = db.session.execute(update(table).where(*same).values(written))
    return bool(done.rowcount)  # type: ignore[attr-defined]
