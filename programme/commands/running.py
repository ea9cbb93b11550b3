"""serve, worker and tick: what runs the pages and the clock."""

import click

from programme.app import create_app
from programme.foundation.settings import read_settings


@click.command(help="Serve the pages.")
@click.option("--port", default=8000, show_default=True, envvar="PORT")
def serve(port: int) -> None:
    create_app(read_settings()).run(port=port)


@click.command(help="Run the clock and the senders until stopped.")
def worker() -> None:
    raise click.ClickException("The worker is not built yet.")
