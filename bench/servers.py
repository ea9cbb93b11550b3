"""Two servers side by side on loopback: the floor's and the product's, run in the same way."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from programme.commands.running import THREADS

ROOT = Path(__file__).parent.parent
LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that answers. `pid` is the process that was started; its child serves."""

    port: int
    pid: int

    @property
    def worker(self) -> int:
        """The process that answers requests."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0])


@contextmanager
def floor_server(folder: Path) -> Iterator[Server]:
    """The bare application under the same kind of server as ours."""
    environment = os.environ | {"FLOOR_DATABASE": str(folder / "floor.db")}
    subprocess.run([sys.executable, "-m", "bench.floor"], cwd=ROOT, env=environment, check=True)
    port = free_port()
    words = ["gunicorn", "bench.floor:app", "--bind", f"{LOOPBACK}:{port}", "--workers", "1"]
    words += ["--worker-class", "gthread", "--threads", str(THREADS), "--preload"]
    words += ["--no-control-socket", "--log-level", "warning"]
    with _running(words, environment, port, "/") as server:
        yield server


@contextmanager
def product_server(instance: Path, *, workers: int = 1) -> Iterator[Server]:
    """`programme serve` on an instance."""
    port = free_port()
    environment = os.environ | {"PROGRAMME_INSTANCE": str(instance)}
    words = ["programme", "serve", "--port", str(port), "--workers", str(workers)]
    with _running(words, environment, port, "/sign-in") as server:
        yield server


@contextmanager
def _running(
    words: Sequence[str], environment: dict[str, str], port: int, path: str
) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://{LOOPBACK}:{port}{path}", process, PATIENCE_SECONDS)
        yield Server(port, process.pid)
    finally:
        stop(process)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Until the address answers; RuntimeError when the process ends or it takes too long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"It stopped with status {process.returncode} while starting.")
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError:
            raise
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer within {seconds:.0f} seconds.")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see that it does."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        return int(held.getsockname()[1])
