"""`programme …` as processes of its own, on the test's database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from programme.foundation.database import db, only_reading
from programme.foundation.settings import Settings

Start = Callable[..., subprocess.Popen[str]]
WITHOUT_PRINTING = "from programme.handouts import jobs; jobs.AT_ONCE = 0"
"""For a process of which something else is tested: to print handouts ahead takes it seconds."""


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "PROGRAMME_INSTANCE": str(settings.instance),
        "PROGRAMME_DATABASE_URL": settings.database_url,
        "PROGRAMME_SECRET": settings.secret,
        "PROGRAMME_SEALING_KEY": settings.sealing_key,
        "PROGRAMME_DEMONSTRATION": "yes",
        "PROGRAMME_HTTPS": "no",
        "PROGRAMME_TICK_SECONDS": "1",
        "PROGRAMME_SEND_FROM_HOUR": "0",
        "PROGRAMME_SEND_UNTIL_HOUR": "24",
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts `programme …` as its own process; `before` is Python to run in it first."""
    running: list[subprocess.Popen[str]] = []

    def started(*words: str, before: str = "") -> subprocess.Popen[str]:
        code = f"from programme.commands import main\n{before}\nmain()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Looks without holding the database, or the processes it waits for could not write."""
    ends = time.monotonic() + seconds
    is_there = False
    while not is_there:
        assert time.monotonic() < ends, "It took too long."
        time.sleep(0.1)
        with only_reading():
            is_there = bool(is_so())
            db.session.rollback()
