"""How large the web process is after 200 requests, and what it loaded."""

from itertools import cycle, islice
from pathlib import Path

from bench.client import Client
from bench.figures import Figure
from bench.instance import Instance, Known, look_around
from bench.servers import Server, floor_server, product_server

REQUESTS = 200
MEGABYTES = 150
NEVER = {"numpy": "numpy/", "scipy": "scipy/", "weasyprint": "libpango-1.0"}
"""Compiled files that a process cannot hide: they show in its map of memory."""


def measure(instance: Instance) -> list[Figure]:
    """The resident size of the process that answers, the floor's beside it."""
    known = look_around(instance)
    with floor_server(instance.folder) as bare:
        _ask(bare, [("/", "")])
        floor = megabytes(bare.worker)
    with product_server(instance.folder) as ours:
        _ask(ours, _round(known))
        size, loaded = megabytes(ours.worker), what_it_loaded(ours.worker)
    return [
        Figure(name="web process after 200 requests", ours=size, floor=floor, unit="MB",
               goal=MEGABYTES),
        Figure(name="scientific libraries and the printer in it", ours=len(loaded),
               unit="libraries", goal=0, note=", ".join(loaded)),
    ]  # fmt: skip


def _round(known: Known) -> list[tuple[str, str]]:
    """Paths and cookies: the pages of an evening, and a sheet of labels."""
    staff = ("/", "/term", f"/cohorts/{known.cohort_id}", "/people", "/people/import", "/outbox")
    return [
        *((path, known.coordinator) for path in staff),
        (f"/tonight/{known.session_id}", known.facilitator),
        ("/parcels/labels.pdf", known.packer),
        (f"/g/{known.key}", ""),
    ]


def _ask(server: Server, pages: list[tuple[str, str]]) -> None:
    clients = {cookie: Client(server.port, cookie) for _, cookie in pages}
    for path, cookie in islice(cycle(pages), REQUESTS):
        answer = clients[cookie].get(path)
        assert answer.status == 200, f"{path} answered {answer.status}."
    for client in clients.values():
        client.close()


def megabytes(pid: int) -> float:
    """The resident size of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    size = next(line for line in lines if line.startswith("VmRSS:"))
    return int(size.split()[1]) / 1024


def what_it_loaded(pid: int) -> list[str]:
    """Which of the libraries that no web process may load this one has."""
    mapped = Path(f"/proc/{pid}/maps").read_text()
    return [name for name, sign in NEVER.items() if sign in mapped]
