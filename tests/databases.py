"""What tests do to their own databases: make the tables, empty them, wait for no disk."""

from typing import Any

import psycopg
from sqlalchemy import Engine, event, inspect, text

from programme.foundation.database import db


def let_server_not_wait(url: str) -> None:
    """A PostgreSQL that is gone after the tests need not survive a power cut."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def join(engine: Engine) -> None:
    """What the tests' own database needs once, before the first of them."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait_for_the_disk)
    else:
        db.drop_all()
        db.create_all()


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """Nobody pulls the plug on a test's own database."""
    connection.execute("PRAGMA synchronous=OFF")


def empty_postgres() -> None:
    """Delete every row: fifty times as fast as TRUNCATE, which writes every file anew."""
    names = [*db.metadata.tables, *_work_queue()]
    db.session.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys
    db.session.execute(text("; ".join(f"DELETE FROM {name}" for name in names)))
    db.session.execute(
        text(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
    )
    db.session.commit()


def _work_queue() -> list[str]:
    """The tables of the work queue, once a worker made them."""
    names = inspect(db.session.connection()).get_table_names()
    return [name for name in names if name.startswith("procrastinate_")]
