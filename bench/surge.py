"""The surge before the evening: 2,000 people open their page and press Join within one minute.

On SQLite, with the pages served as docs/running.md says. People come at random, as in a Poisson
process; whoever comes while others are served waits, and that counts.
"""

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep

from flask import Flask
from sqlalchemy import func, select

from bench.client import Client
from bench.crowd import AT, crowded
from bench.figures import Figure
from bench.servers import product_server
from programme.access.links import link_key
from programme.access.rules import Purpose
from programme.cohorts.models import Cohort, Enrolment
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.settings import Settings
from programme.handouts.models import Release
from programme.registers.models import Arrival

PEOPLE = 2_000
SECONDS = 60
WORKERS = 2
"""As in docs/systemd/programme-web.service."""
MILLISECONDS = 250
AT_ONCE = 64
"""How many can be waiting for an answer. Whoever comes beside them waits as well."""
ON_THE_EVENING = AT + timedelta(days=1, hours=1.5) - timedelta(minutes=5)
"""Five minutes before the first session of everybody in the crowd."""


@dataclass(frozen=True)
class Visit:
    """Milliseconds from when somebody came to their page, and from pressing Join to the way in."""

    page: float
    join: float


def measure() -> list[Figure]:
    """The slowest of twenty, for page and for Join, and how many arrivals were lost."""
    with tempfile.TemporaryDirectory(prefix="surge-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/programme.db"
        with crowded(folder, url, due=PEOPLE, others=0, demonstration=True) as app:
            keys = _prepare(app, folder)
        with product_server(folder, workers=WORKERS) as server:
            _visit(server.port, keys[0], perf_counter())
            visits = _all_come(server.port, keys)
        with app.app_context():
            stored = db.session.scalar(select(func.count(Arrival.id))) or 0
    pages, joins = [visit.page for visit in visits], [visit.join for visit in visits]
    return [
        *_figures("my group page in the surge", pages),
        *_figures("Join in the surge", joins),
        Figure(name="arrivals lost", ours=PEOPLE - stored, unit=f"of {PEOPLE:,}", goal=0),
    ]


def _figures(name: str, found: list[float]) -> list[Figure]:
    return [
        Figure(name=f"{name}, p50", ours=quantiles(found, n=20)[9]),
        Figure(name=f"{name}, p95", ours=quantiles(found, n=20)[18], goal=MILLISECONDS),
        Figure(name=f"{name}, slowest", ours=max(found)),
    ]


def _prepare(app: Flask, folder: Path) -> list[str]:
    """Write settings for the server, release a week to every group, and give everybody's key."""
    _write_settings(app.config["SETTINGS"], folder, ON_THE_EVENING - real_now())
    for cohort_id in db.session.scalars(select(Cohort.id)).all():
        db.session.add(Release(cohort_id=cohort_id, week=1, at=AT, by="clock"))
    db.session.commit()
    places = db.session.scalars(select(Enrolment.id)).all()
    return [link_key(Purpose.MY_GROUP, place) for place in places]


def _write_settings(settings: Settings, folder: Path, shift: timedelta) -> None:
    lines = (
        f'secret = "{settings.secret}"',
        f'sealing_key = "{settings.sealing_key}"',
        "https = false",
        "demonstration = true",
        f"shift_days = {shift.days}",
        f"shift_minutes = {shift.seconds // 60}",
    )
    (folder / "settings.toml").write_text("\n".join(lines), encoding="utf-8")


def _all_come(port: int, keys: list[str]) -> list[Visit]:
    """So many in a minute, each at any moment of it: a Poisson process of that many arrivals."""
    chance = random.Random(1930)
    moments = sorted(chance.uniform(0, SECONDS) for _ in keys)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = perf_counter()
        coming = []
        for moment, key in zip(moments, keys, strict=True):
            sleep(max(0, began + moment - perf_counter()))
            coming.append(pool.submit(_visit, port, key, began + moment))
        return [each.result() for each in coming]


def _visit(port: int, key: str, came: float) -> Visit:
    client = Client(port)
    page = client.get(f"/g/{key}")
    was_shown = perf_counter()
    assert page.status == 200, f"The page answered {page.status}."
    pressed = perf_counter()
    answer = client.post(f"/g/{key}/join/1", {"csrf_token": page.token})
    was_let_in = perf_counter()
    assert answer.status == 303, f"Join answered {answer.status}."
    client.close()
    return Visit((was_shown - came) * 1000, (was_let_in - pressed) * 1000)
