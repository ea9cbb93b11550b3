"""upgrade, backup and move-to: the database of an instance as a whole."""

from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import create_engine

from programme.app import create_app
from programme.commands.instances import opened
from programme.commands.starting import prepare
from programme.foundation.copying import back_up_sqlite, copy_everything
from programme.foundation.database import db, engine_options, make_sqlite_careful
from programme.foundation.settings import read_settings
from programme.messages.jobs import forget_failures


@click.command(help="Bring the database up to what this version needs.")
def upgrade() -> None:
    with prepare(read_settings()).app_context():
        forget_failures()
        db.engine.dispose()
    click.echo("The database is up to date.")


@click.command(help="Copy the database into a new file while everything runs (SQLite).")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    with opened():
        if db.engine.dialect.name != "sqlite":
            raise click.ClickException(
                "This database is PostgreSQL: use pg_dump, as docs/running.md says."
            )
        back_up_sqlite(db.engine, file)
    click.echo(f"{file} is whole. Keep it apart from settings.toml.")


@click.command("move-to", help="Copy everything into another, empty database.")
@click.argument("database_url")
def move_to(database_url: str) -> None:
    """Pages and worker must be stopped: what they write meanwhile would be left behind."""
    settings = read_settings()
    prepare(replace(settings, database_url=database_url))
    target = create_engine(database_url, **engine_options(database_url))
    if target.dialect.name == "sqlite":
        make_sqlite_careful(target)
    with create_app(settings).app_context():
        copied = copy_everything(db.engine, target)
        db.engine.dispose()
    target.dispose()
    click.echo(
        f"{sum(copied.values())} rows of {len(copied)} tables are there. Set `database_url`, start"
        " pages and worker, and keep the old database until you have looked around."
    )
