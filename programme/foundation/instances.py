"""An instance: the folder with one charity's settings, database and files."""

import secrets
from datetime import date
from pathlib import Path

from flask import Flask

from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.settings import Settings, read_settings

DEMONSTRATION = """\
# A demonstration: made-up people only. Never put a real person in here.
demonstration = true
https = false
link_base = "http://127.0.0.1:{port}"
secret = "{secret}"
sealing_key = "{sealing_key}"
"""


def is_new(instance: Path) -> bool:
    """Whether nothing was ever set up in this folder."""
    return not (instance / "settings.toml").exists() and not (instance / "programme.db").exists()


def begin_demonstration(instance: Path, *, port: int = 8000) -> Settings:
    """Make a new folder a demonstration's, with secrets of its own; it remembers that it is one.

    `port` is where links in its messages lead.
    """
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "settings.toml"
    if not path.exists():
        path.write_text(
            DEMONSTRATION.format(
                port=port,
                secret=secrets.token_urlsafe(32),
                sealing_key=secrets.token_urlsafe(32),
            ),
            encoding="utf-8",
        )
        path.chmod(0o600)
    return read_settings(instance=instance)


def bring_up_to_date(app: Flask) -> None:
    """Make the tables, or change them to what this version needs; one process at a time."""
    from flask_migrate import upgrade

    from programme.foundation.work_queue import bring_queue_up_to_date, lock_tables_out

    attach_migrations(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            upgrade()
            return
        with db.engine.begin() as connection:
            lock_tables_out(connection)
            upgrade()
        bring_queue_up_to_date(db.engine)


def attach_migrations(app: Flask) -> None:
    """Join migrations to the application. Only here: no web process needs what they load."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=f"{app.root_path}/foundation/migrations")


def remember_day(instance: Path, day: date) -> Settings:
    """Let the demonstration's clock stand on `day`, at whatever the time is, from now on."""
    shift = (day - clock.real_now().date()).days
    path = instance / "settings.toml"
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("shift_days")
    ]
    path.write_text("\n".join([*lines, f"shift_days = {shift}", ""]), encoding="utf-8")
    return read_settings(instance=instance)
