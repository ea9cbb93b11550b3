"""From a fresh clone by `make run` to its first page. Takes minutes: run only when named."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.figures import Figure
from bench.servers import LOOPBACK, ROOT, free_port, stop, wait_for

SECONDS = 180
PATIENCE_SECONDS = 600


def measure() -> list[Figure]:
    """Clone what is committed, run it, wait for the sign-in page, stop it, run it again."""
    with tempfile.TemporaryDirectory(prefix="fresh-") as name:
        folder = Path(name) / "clone"
        print("Cloning …", file=sys.stderr)
        began = perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        _run_until_it_answers(folder)
        first = perf_counter() - began
        began = perf_counter()
        _run_until_it_answers(folder)
        again = perf_counter() - began
    return [
        Figure(name="fresh clone to first page", ours=first, unit="s", goal=SECONDS),
        Figure(name="second `make run` to first page", ours=again, unit="s"),
    ]


def _run_until_it_answers(folder: Path) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"PORT": str(port), "PROGRAMME_INSTANCE": str(folder / "instance")}
    words = ["make", "run"]
    process = subprocess.Popen(words, cwd=folder, env=environment, stdout=sys.stderr)
    try:
        wait_for(f"http://{LOOPBACK}:{port}/sign-in", process, PATIENCE_SECONDS)
    finally:
        stop(process)
