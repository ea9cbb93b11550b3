"""The tables of the work queue (Procrastinate) on PostgreSQL, made and brought up to date.

They are the queue's own: its scripts make them, and a comment on one of its tables keeps for
which version. SQLite has none.
"""

from importlib.metadata import version
from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, inspect

TABLE = "procrastinate_jobs"
ONE_AT_A_TIME = 7391004
"""Of PostgreSQL's advisory locks, ours for whoever changes tables."""
Version = tuple[int, ...]


def lock_tables_out(connection: Connection) -> None:
    """Until this transaction ends, nobody else who asks here changes tables."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")


def bring_queue_up_to_date(engine: Engine) -> None:
    """Make the queue's tables, or change them to what the installed version needs."""
    wanted = version("procrastinate")
    with engine.begin() as connection:
        lock_tables_out(connection)
        for script in _missing(connection, wanted):
            connection.exec_driver_sql(script, execution_options={"no_parameters": True})
        connection.exec_driver_sql(f"COMMENT ON TABLE {TABLE} IS '{wanted}'")


def _missing(connection: Connection, wanted: str) -> list[str]:
    tables = inspect(connection)
    if not tables.has_table(TABLE):
        return [SchemaManager.get_schema()]
    made_for = _parsed(tables.get_table_comment(TABLE)["text"] or wanted)
    return [path.read_text("utf-8") for path in _changes_after(made_for)]


def _changes_after(made_for: Version) -> list[Path]:
    """The queue's own migrations, each named by the version that needs it and by its place."""
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [path for path in files if _parsed(path.name.split("_")[0]) > made_for]


def _parsed(text: str) -> Version:
    return tuple(map(int, text.split(".")))
