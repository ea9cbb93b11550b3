"""serve, worker and tick: what runs the pages and the clock."""

import json
from datetime import datetime

import click

from programme import timetable
from programme.app import create_app
from programme.foundation import clock
from programme.foundation.settings import read_settings


@click.command(help="Serve the pages.")
@click.option("--port", default=8000, show_default=True, envvar="PORT")
def serve(port: int) -> None:
    create_app(read_settings()).run(port=port)


@click.command(help="Run the clock and the senders until stopped.")
def worker() -> None:
    raise click.ClickException("The worker is not built yet.")


@click.command(help="Run the clock once.")
@click.option("--at", type=click.DateTime(), help="Pretend that it is this instant (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def tick(at: datetime | None, as_json: bool) -> None:
    with create_app(read_settings()).app_context():
        done = timetable.run_all(at or clock.now())
    click.echo(json.dumps(done) if as_json else "\n".join(f"{k}: {v}" for k, v in done.items()))
