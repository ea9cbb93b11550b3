"""Alembic's entry: the application's own engine, one transaction, plain column types."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from programme.foundation.database import UTCDateTime
from programme.foundation.sealing import Sealed, SealedBytes


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our types as what the database stores, so that old migrations need no code of ours."""
    if kind == "type" and isinstance(item, (Sealed, SealedBytes)):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


database = current_app.extensions["migrate"].db
with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
