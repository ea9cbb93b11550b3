"""A whole database copied: into a file while it is used, or into another database."""

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
    update,
)

from programme.foundation.database import db, engine_options
from programme.foundation.sealing import Sealed, SealedBytes

AT_ONCE = 1000


class CannotCopy(ValueError):
    """It would overwrite something; the message says what."""


def back_up_sqlite(engine: Engine, to: Path) -> None:
    """Copy an SQLite database into a new file, readable by nobody else, while others use it.

    Raises:
        CannotCopy: the file is there already, or the copy is damaged.
    """
    try:
        to.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise CannotCopy(f"{to} is there already: choose another name.") from error
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(to),))
    if not _is_whole(to):
        raise CannotCopy(f"{to} was written, but is damaged. Is the disk full or failing?")


def copy_everything(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row into empty tables, in one transaction; say how many rows each table has.

    What is sealed is copied as it stands, so the keys stay the same.

    Raises:
        CannotCopy: something is in the target already.
    """
    tables = _with_plain_bytes()
    with source.begin() as here, target.begin() as there:
        for table in tables:
            if there.execute(select(table.c.id).limit(1)).first():
                raise CannotCopy(f"The other database is not empty: look at {table.name}.")
        copied = {table.name: _copy(table, here, there) for table in tables}
        if target.dialect.name == "postgresql":
            _go_on_counting(tables, there)
        wrong = [table.name for table in tables if _count(table, there) != copied[table.name]]
        assert not wrong, wrong
    return copied


def _is_whole(path: Path) -> bool:
    url = f"sqlite:///{path}"
    copy = create_engine(url, **engine_options(url))
    with copy.connect() as connection:
        verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    copy.dispose()
    return verdict == "ok"


def _with_plain_bytes() -> list[Table]:
    """Our tables, those first that others point to, with sealed columns as mere bytes."""
    plain = MetaData()
    for table in db.metadata.sorted_tables:
        for column in table.to_metadata(plain).columns:
            if isinstance(column.type, (Sealed, SealedBytes)):
                column.type = LargeBinary()
    return plain.sorted_tables


def _copy(table: Table, here: Connection, there: Connection) -> int:
    """Pointers within the table are written last, when every row is there."""
    inward, count = _inward(table), 0
    for rows in here.execute(select(table).order_by(table.c.id)).mappings().partitions(AT_ONCE):
        there.execute(insert(table), [{**row, **dict.fromkeys(inward)} for row in rows])
        count += len(rows)
    for name, column in inward.items():
        pointing = select(table.c.id, column).where(column.is_not(None))
        for row_id, value in here.execute(pointing):
            there.execute(update(table).where(table.c.id == row_id).values({name: value}))
    return count


def _inward(table: Table) -> dict[str, Column[Any]]:
    return {
        column.name: column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    }


def _go_on_counting(tables: list[Table], there: Connection) -> None:
    """New rows get numbers above those that were copied."""
    for table in tables:
        highest = there.scalar(select(func.max(table.c.id)))
        if highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            there.execute(select(func.setval(sequence, highest)))


def _count(table: Table, there: Connection) -> int:
    return there.scalar(select(func.count()).select_from(table)) or 0
