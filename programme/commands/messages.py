"""outbox: what was sent, what waits, what went wrong."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.foundation.clock import now
from programme.foundation.database import db, only_reading
from programme.foundation.settings import read_settings
from programme.messages.outbox import STATE_LABELS, Row, find_message, list_messages
from programme.messages.reading import read_message

FACTS = ("id", "state", "channel", "template", "to", "due_at", "sent_at", "reason")


@click.command(help="List messages, newest first.")
@click.option("--state", type=click.Choice(list(STATE_LABELS)), default=None)
@click.option("--with-text", is_flag=True, help="Show what they say. Leaves a trace.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def outbox(state: str | None, with_text: bool, limit: int, as_json: bool) -> None:
    with create_app(read_settings()).app_context():
        with only_reading():
            rows = _rows(state or "", limit, now())
            db.session.rollback()
        found = [_facts(row) | (_text(row.id, now()) if with_text else {}) for row in rows]
        db.session.commit()
    if as_json:
        click.echo(json.dumps({"messages": found}))
        return
    for each in found:
        click.echo("  ".join(str(value) for value in each.values() if value is not None))


def _rows(state: str, limit: int, at: datetime) -> list[Row]:
    rows: list[Row] = []
    older: int | None = None
    while len(rows) < limit:
        page = list_messages(COMMAND_LINE, at=at, state=state, before=older)
        rows, older = rows + page.rows, page.older
        if older is None:
            break
    return rows[:limit]


def _facts(row: Row) -> dict[str, Any]:
    told = asdict(row)
    instants = {name: _instant(told[name]) for name in ("due_at", "sent_at")}
    return {name: told[name] for name in FACTS} | instants


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _text(message_id: int, at: datetime) -> dict[str, str]:
    message = find_message(COMMAND_LINE, message_id)
    if message is None:
        return {}
    reading = read_message(message, by=COMMAND_LINE, at=at)
    return {"subject": reading.subject, "text": reading.text}
