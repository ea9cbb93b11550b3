"""How many queries something takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from programme.foundation.database import db


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent to the database while this lasts."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_others) -> None:  # type: ignore[no-untyped-def]
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
