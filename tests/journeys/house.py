"""A demonstration as a journey finds it: an instance of its own, served, its clock set."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from programme.app import ROOT
from programme.foundation.clock import real_now

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 10, 13)
MADE_AT = datetime(2026, 10, 13, 9, 0, tzinfo=LONDON)
"""A Tuesday on which the Tuesday group meets for the fourth time, at half past seven."""


def make_demonstration(folder: Path) -> None:
    """Make the demonstration in `folder` by the command that a person would use."""
    run(folder, MADE_AT, "demo", "--today", DAY.isoformat())


def run(folder: Path, at: datetime, *words: str) -> str:
    """Run one command of an instance at an instant; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "programme", *words],
        env=environment(folder, at),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(folder: Path, at: datetime) -> dict[str, str]:
    """The variables under which an instance's clock stands at `at`, to the minute."""
    off = at.astimezone(UTC) - real_now()
    kept = {name: value for name, value in os.environ.items() if "PROGRAMME_" not in name}
    return kept | {
        "PROGRAMME_INSTANCE": str(folder),
        "PROGRAMME_SHIFT_DAYS": "0",
        "PROGRAMME_SHIFT_MINUTES": str(round(off.total_seconds() / 60)),
    }


class House:
    """One instance. Its pages are served by the real server, as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None

    @classmethod
    def copied(cls, made: Path, folder: Path) -> "House":
        shutil.copytree(made, folder)
        return cls(folder)

    def open(self, at: datetime) -> None:
        """Serve the pages, with the clock at `at`; once more when they are served already."""
        self.close()
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "programme", "serve", "--port", str(self.port)],
                env=environment(self.folder, at),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def tick(self, at: datetime) -> dict[str, Any]:
        """Let the clock tick once at `at`; gives the numbers it reports."""
        told: dict[str, Any] = json.loads(run(self.folder, at, "tick", "--json"))
        assert told["failed"] == 0, told
        return told

    def close(self) -> None:
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(15)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
            self.server = None

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def _wait(self) -> None:
        assert self.server is not None
        for _ in range(300):
            assert self.server.poll() is None, self.log()
            try:
                with urlopen(f"{self.url}/sign-in", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"The pages did not answer within 30 seconds.\n{self.log()}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
