"""Migrations make just the tables that the models describe, and take them away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from programme.app import create_app
from programme.foundation.database import db, engine_options
from programme.foundation.instances import attach_migrations
from programme.foundation.settings import Settings
from tests.conftest import example_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url: str = request.getfixturevalue("postgres").replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(url, isolation_level="AUTOCOMMIT", **engine_options(url))
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    yield url.replace("/postgres?", "/migrated?")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE migrated WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def bare_app(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    settings: Settings = example_settings(tmp_path, empty_url)
    app = create_app(settings)
    attach_migrations(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_up_makes_what_the_models_describe(bare_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, db.metadata) == []


def test_down_takes_everything_away_again(bare_app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert "participants" in inspect(db.engine).get_table_names()
