"""A database is backed up while it is used, and moved whole from SQLite to PostgreSQL and back."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, select, text

from programme.access.rules import Role
from programme.app import create_app
from programme.foundation.copying import CannotCopy, back_up_sqlite, copy_everything
from programme.foundation.database import db, engine_options, make_sqlite_careful
from programme.foundation.work_queue import TABLE, _changes_after, bring_queue_up_to_date
from programme.people.models import Participant
from tests import builders
from tests.conftest import on_postgresql, on_sqlite
from tests.messages.making import person, queued
from tests.processes import Start


@pytest.fixture
def elsewhere(postgres: str) -> Iterator[str]:
    """An empty PostgreSQL database beside the tests' own."""
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(url, isolation_level="AUTOCOMMIT", **engine_options(url))
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS elsewhere WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE elsewhere"))
    yield url.replace("/postgres?", "/elsewhere?")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE elsewhere WITH (FORCE)"))
    server.dispose()


@on_sqlite
def test_everything_goes_to_postgresql_and_comes_back_the_same(
    app: Flask, at: datetime, elsewhere: str, tmp_path: Path
) -> None:
    fill(at)
    there, back = engine(elsewhere), engine(f"sqlite:///{tmp_path / 'back.db'}")
    for each in (there, back):
        db.metadata.create_all(each)
    assert copy_everything(db.engine, there)["participants"] == 3
    copy_everything(there, back)
    assert everything(db.engine) == everything(back)
    assert everything(db.engine)["participants"][0]["merged_into_id"] == 3
    with pytest.raises(CannotCopy, match="not empty: look at"):
        copy_everything(db.engine, there)
    there.dispose()
    back.dispose()


@on_sqlite
def test_the_command_moves_to_an_empty_postgresql_that_then_goes_on_counting(
    app: Flask, at: datetime, elsewhere: str, start: Start
) -> None:
    fill(at)
    moved = start("move-to", elsewhere)
    said, problems = moved.communicate(timeout=120)
    assert moved.returncode == 0, problems
    assert "Set `database_url`" in said
    there = create_app(replace(app.config["SETTINGS"], database_url=elsewhere))
    with there.app_context():
        lead = builders.partner("Another")
        assert builders.participant("Max", partner=lead).id == 4
        assert db.session.get_one(Participant, 1).surname == "Example"
        assert inspect(db.engine).has_table(TABLE)
        db.session.rollback()
        db.engine.dispose()
    again = start("move-to", elsewhere)
    _, problems = again.communicate(timeout=120)
    assert again.returncode == 2
    assert "not empty" in problems


@on_sqlite
def test_a_backup_is_whole_private_and_overwrites_nothing(
    app: Flask, at: datetime, tmp_path: Path
) -> None:
    fill(at)
    copy = tmp_path / "backup.db"
    with db.engine.begin() as somebody_writes:
        somebody_writes.execute(text("UPDATE partners SET name = 'Half done'"))
        back_up_sqlite(db.engine, copy)
        somebody_writes.rollback()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    saved = engine(f"sqlite:///{copy}")
    assert everything(saved) == everything(db.engine)
    saved.dispose()
    with pytest.raises(CannotCopy, match="there already"):
        back_up_sqlite(db.engine, copy)


@on_postgresql
def test_the_queues_tables_are_made_once_and_remember_their_version(app: Flask) -> None:
    for _ in range(2):
        bring_queue_up_to_date(db.engine)
    assert inspect(db.engine).get_table_comment(TABLE)["text"].count(".") == 2


def test_only_what_came_after_a_version_is_changed() -> None:
    names = [path.name for path in _changes_after((3, 3, 0))]
    assert names
    assert all(name >= "03.04" for name in names)
    assert _changes_after((99, 0, 0)) == []


def fill(at: datetime) -> None:
    """Three people, of whom the first was merged into the last, a group, staff and a message."""
    lead = builders.partner()
    people = [person(name, partner=lead) for name in ("Jo", "Sam", "Zed")]
    people[0].merged_into_id = people[2].id
    builders.enrol(people[1], builders.cohort(date(2026, 10, 6), partner=lead))
    builders.account(Role.COORDINATOR)
    queued(people[1], at=at)


def engine(url: str) -> Engine:
    made = create_engine(url, **engine_options(url))
    if made.dialect.name == "sqlite":
        make_sqlite_careful(made)
    return made


def everything(source: Engine) -> dict[str, list[dict[str, Any]]]:
    with source.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(select(table).order_by(table.c.id)).mappings()
            ]
            for table in db.metadata.sorted_tables
        }
