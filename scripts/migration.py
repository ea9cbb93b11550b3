"""Write a migration for what changed in the tables, from a scratch database."""

import sys
import tempfile
from pathlib import Path

from flask_migrate import migrate, upgrade

from programme.app import create_app
from programme.foundation.instances import attach_migrations
from programme.foundation.settings import Settings


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder), secret="s" * 40, sealing_key="k" * 40)
        settings = Settings(**{**vars(settings), "demonstration": True})
        app = create_app(settings)
        attach_migrations(app)
        with app.app_context():
            upgrade()
            migrate(message=name or "Change the tables")


if __name__ == "__main__":
    main(sys.argv[1])
