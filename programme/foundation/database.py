"""The database: one session, one base class, instants in UTC, writers one after the other."""

import sqlite3 as system_sqlite
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, ClassVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

try:
    import pysqlite3 as sqlite
except ImportError:  # a platform without the wheel: its own SQLite must then be new enough
    sqlite = system_sqlite

SAFE_SQLITE = (3, 51, 3)
"""Older ones can corrupt a write-ahead log (sqlite.org/wal.html, "the WAL-reset bug")."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Kind(StrEnum):
    """What a column gives away about somebody."""

    OPERATIONAL = "operational"
    IDENTITY = "identity"
    CONTACT = "contact"
    HEALTH = "health"
    REVEALING = "revealing"
    ANSWER = "answer"
    SECRET = "secret"  # noqa: S105


@dataclass(frozen=True)
class Facts:
    """Whose a column's data is, what it gives away, who reads it, and how long it is kept."""

    whose: str
    kind: Kind
    readers: str
    kept: str


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always aware. SQLite would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Record(DeclarativeBase):
    """Every table: a number, and facts about its columns (overridden in a column's `info`)."""

    metadata = MetaData(naming_convention=NAMES)
    __facts__: ClassVar[Facts]

    id: Mapped[int] = mapped_column(primary_key=True)


def facts_of(model: type[Record], column: str) -> Facts:
    """What the model declares of one column."""
    own: Facts | None = model.__table__.columns[column].info.get("facts")
    return own or model.__facts__


def word(vocabulary: type[StrEnum]) -> Enum:
    """A column holding one word of a vocabulary, by its value, checked by the database."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=vocabulary.__name__.lower(),
        values_callable=lambda words: [item.value for item in words],
    )


db = SQLAlchemy(model_class=Record)

will_write: ContextVar[bool] = ContextVar("will_write", default=True)
"""Whether the transaction about to begin may write. Only a plain GET says no."""


@contextmanager
def only_reading() -> Iterator[None]:
    """Begin transactions that do not queue behind writers."""
    token = will_write.set(False)
    try:
        yield
    finally:
        will_write.reset(token)


def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite that would be used."""
    return tuple(sqlite.sqlite_version_info)


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs for this URL. No error quotes what was to be written."""
    if not url.startswith("sqlite"):
        return {"pool_pre_ping": True, "hide_parameters": True}
    module: ModuleType = sqlite
    return {"module": module, "connect_args": {"timeout": 10}, "hide_parameters": True}


def database_answers() -> bool:
    """Whether the database can be asked anything at all."""
    try:
        db.session.execute(select(1))
    except SQLAlchemyError:
        return False
    finally:
        db.session.rollback()
    return True


def attach_database(app: Flask, url: str) -> None:
    """Join the database to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            make_sqlite_careful(db.engine)


def make_sqlite_careful(engine: Engine) -> None:
    """Durable commits, foreign keys, and one writer at a time.

    `BEGIN IMMEDIATE` takes the write lock at the start: a transaction that reads
    first and writes later would otherwise fail when another writes in between.
    """
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write.get() else "BEGIN")
