"""serve and worker: what runs the pages and the clock."""

import errno
import os
import signal
import socket
from datetime import UTC
from types import FrameType
from typing import Any

import click
import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask
from gunicorn.app.base import BaseApplication

from programme import timetable
from programme.app import create_app
from programme.foundation import clock
from programme.foundation.assets import serve_assets
from programme.foundation.database import db
from programme.foundation.settings import read_settings
from programme.messages.jobs import stopping

PORTS = click.IntRange(1, 65_535)
THREADS = 8
STOP_AFTER_SECONDS = 10
log = structlog.get_logger()


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn inside this process, with nothing read from its own files or variables."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


@click.command(help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=PORTS)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 8))
def serve(host: str, port: int, workers: int) -> None:
    refuse_taken(host, port)
    app = create_app(read_settings())
    serve_assets(app)
    with app.app_context():
        db.engine.dispose()  # each worker opens its own connections
    Server(
        app,
        bind=f"{host}:{port}",
        workers=workers,
        worker_class="gthread",
        threads=THREADS,
        graceful_timeout=STOP_AFTER_SECONDS,
        control_socket_disable=True,
        loglevel="warning",
    ).run()


def refuse_taken(host: str, port: int) -> None:
    """Raises click.ClickException when the pages could not be served there."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        why = "another program is using it" if error.errno == errno.EADDRINUSE else error.strerror
        raise click.ClickException(
            f"Port {port} of {host} cannot be had: {why}. Choose another, such as PORT={port + 1}."
        ) from error


@click.command(help="Run the clock and the senders until stopped.")
def worker() -> None:
    seconds = _tick_seconds()
    app = create_app(read_settings())
    scheduler = BlockingScheduler(timezone=UTC)
    scheduler.add_job(
        tick_once,
        "interval",
        args=[app],
        seconds=seconds,
        next_run_time=clock.real_now(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    log.info("clock started", seconds=seconds)
    try:
        scheduler.start()
    except SystemExit:
        scheduler.shutdown(wait=True)
        log.info("clock stopped")


def tick_once(app: Flask) -> None:
    """Everything that falls due now. Logs numbers only."""
    with app.app_context():
        done = timetable.run_all(clock.now())
    worth_saying = {name: count for name, count in done.items() if count}
    log.info("ticked", **worth_saying)


def _tick_seconds() -> int:
    given = os.environ.get("PROGRAMME_TICK_SECONDS", "30")
    if not given.isdigit() or not 1 <= int(given) <= 300:
        raise ValueError("PROGRAMME_TICK_SECONDS must be a whole number from 1 to 300.")
    return int(given)


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Let the tick that is running end after the message it has in hand."""
    stopping.set()
    raise SystemExit
