"""serve and worker: what runs the pages and the clock."""

import errno
import os
import socket
import sys
from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from werkzeug.middleware.proxy_fix import ProxyFix

from programme.app import create_app
from programme.foundation.assets import serve_assets
from programme.foundation.database import db
from programme.foundation.failures import described
from programme.foundation.settings import read_settings
from programme.foundation.stopping import listen_for_stop

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


class DiscreetLog(Logger):  # type: ignore[misc]
    """Gunicorn's, without the addresses that were asked for: they may hold somebody's key."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        about, _, _quoted = msg.partition(" from ip=")
        super().warning(about, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        error = sys.exception()
        log.error("request failed", **(described(error) if error else {}))


@click.command(help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=PORTS)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 8))
def serve(host: str, port: int, workers: int) -> None:
    refuse_taken(host, port)
    settings = read_settings()
    app = create_app(settings)
    serve_assets(app)
    if settings.https:
        stand_behind_a_web_server(app)
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
        logger_class=DiscreetLog,
    ).run()


def stand_behind_a_web_server(app: Flask) -> None:
    """Believe the web server in front about who asks; tries to sign in are counted by that."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=0)  # type: ignore[method-assign]


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
    """On SQLite this is the one machine; on PostgreSQL, one of as many as were started."""
    from programme.commands import many_hosts, one_machine

    settings, seconds = read_settings(), _tick_seconds()
    app = create_app(settings)
    listen_for_stop()
    log.info("worker started", seconds=seconds)
    if settings.database.startswith("sqlite"):
        one_machine.work(app, seconds)
    else:
        many_hosts.work(app, seconds)
    log.info("worker stopped")


def _tick_seconds() -> int:
    given = os.environ.get("PROGRAMME_TICK_SECONDS", "10")
    if not given.isdigit() or not 1 <= int(given) <= 300:
        raise ValueError("PROGRAMME_TICK_SECONDS must be a whole number from 1 to 300.")
    return int(given)
