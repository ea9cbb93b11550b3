"""Real processes that send, and that are killed."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import pytest
from flask import Flask

from tests.messages.crashes import sender

SECONDS = 60
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.messages.crashes.sender"])


@dataclass
class Sender:
    """A process that sends, and what it says."""

    process: ForkServerProcess
    told: Connection

    def hear(self) -> str:
        assert self.told.poll(SECONDS), "The sender says nothing."
        said: str = self.told.recv()
        return said

    def go_on(self) -> None:
        self.told.send("go on")

    def finish(self) -> None:
        """Wait for its end."""
        assert self.hear() == "done"
        self.process.join(SECONDS)
        assert self.process.exitcode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.told.close()


class Senders:
    """Starts senders, and kills them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.started: list[Sender] = []

    def start(
        self, at: datetime, point: str = "nowhere", nth: int = 1, *, without: str = ""
    ) -> Sender:
        ours, theirs = PROCESSES.Pipe()
        given = (theirs, self.app.config["SETTINGS"], at, point, nth, without)
        process = PROCESSES.Process(target=sender.run, args=given)
        process.start()
        theirs.close()
        self.started.append(Sender(process, ours))
        return self.started[-1]

    def wait_at(self, at: datetime, point: str, nth: int = 1, *, without: str = "") -> Sender:
        """A sender that has come to the point, and waits there."""
        started = self.start(at, point, nth, without=without)
        assert started.hear() == "there", f"It never came to {point!r}."
        return started

    def kill(self, at: datetime, point: str, nth: int = 1, *, without: str = "") -> None:
        """kill -9 a sender at the point."""
        self.wait_at(at, point, nth, without=without).kill()


@pytest.fixture
def senders(app: Flask) -> Iterator[Senders]:
    made = Senders(app)
    yield made
    for each in made.started:
        each.kill()
