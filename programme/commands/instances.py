"""The instance a command works on: opened, and left without an open connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from programme.app import create_app
from programme.foundation.database import db
from programme.foundation.settings import Settings, read_settings


@contextmanager
def opened() -> Iterator[Settings]:
    """The application of the instance in the settings. What is not committed is undone."""
    settings = read_settings()
    with create_app(settings).app_context():
        try:
            yield settings
        finally:
            db.session.remove()
            db.engine.dispose()
