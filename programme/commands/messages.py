"""outbox: what was sent, what waits, what went wrong."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.cohorts.models import Step
from programme.cohorts.queries import steps_of_messages
from programme.foundation.clock import now
from programme.foundation.database import db, only_reading
from programme.foundation.settings import read_settings
from programme.messages.labels import STATE_LABELS
from programme.messages.outbox import Wanted, find_message, list_messages
from programme.messages.reading import read_message
from programme.messages.rows import Row
from programme.people.rules import Channel

FACTS = (
    *("id", "key", "participant_id", "account_id", "channel", "language", "template"),
    *("state", "attempts", "provider_id", "reason"),
)
INSTANTS = ("due_at", "expires_at", "sent_at")
SHOWN = ("id", "state", "channel", "template", "to", "due_at", "sent_at", "reason", "text")


@click.command(help="List messages, newest first.")
@click.option("--state", type=click.Choice([str(each) for each in STATE_LABELS]))
@click.option("--channel", type=click.Choice([str(each) for each in Channel]))
@click.option("--with-text", is_flag=True, help="Show what they say. Leaves a trace.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def outbox(
    state: str | None, channel: str | None, with_text: bool, limit: int, as_json: bool
) -> None:
    with create_app(read_settings()).app_context():
        with only_reading():
            rows = _rows(Wanted(state=state or "", channel=channel or ""), limit, now())
            steps = _steps(rows)
            db.session.rollback()
        texts = {row.id: _text(row.id, now()) for row in rows} if with_text else {}
        db.session.commit()
    found = [_facts(row) | {"steps": steps[row.id]} | texts.get(row.id, {}) for row in rows]
    if as_json:
        click.echo(json.dumps({"messages": found}))
        return
    for row, told in zip(rows, found, strict=True):
        told["to"] = row.to
        click.echo("  ".join(str(told[name]) for name in SHOWN if told.get(name) is not None))


def _rows(wanted: Wanted, limit: int, at: datetime) -> list[Row]:
    rows: list[Row] = []
    while len(rows) < limit:
        page = list_messages(COMMAND_LINE, wanted, at=at)
        rows, wanted = rows + page.rows, replace(wanted, before=page.older)
        if page.older is None:
            break
    return rows[:limit]


def _steps(rows: list[Row]) -> dict[int, list[dict[str, Any]]]:
    """Why each message is sent: steps of plans, by the message's number."""
    found = steps_of_messages([row.id for row in rows])
    return {row.id: [_step(step) for step in found.get(row.id, [])] for row in rows}


def _step(step: Step) -> dict[str, Any]:
    return {"cohort_id": step.cohort_id, "name": step.name, "session": step.session_number}


def _facts(row: Row) -> dict[str, Any]:
    """Neither a name nor a text nor an address."""
    told = {name: getattr(row, name) for name in FACTS}
    return told | {name: _instant(getattr(row, name)) for name in INSTANTS}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _text(message_id: int, at: datetime) -> dict[str, str]:
    message = find_message(COMMAND_LINE, message_id)
    if message is None:
        return {}
    reading = read_message(message, by=COMMAND_LINE, at=at)
    return {"subject": reading.subject, "text": reading.text}
