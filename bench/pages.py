"""What pages and saves cost: milliseconds beside the floor's page, and their queries."""

import json
from collections.abc import Callable
from itertools import cycle
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from bench.client import Client
from bench.figures import Figure
from bench.instance import Instance, Known, look_around
from bench.rounds import in_turn
from bench.servers import floor_server, product_server
from tests.counting import counted_queries

FLOORS = 6
PAGE_QUERIES = 12
SAVE_QUERIES = 20
BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE")


def measure(instance: Instance) -> list[Figure]:
    """Every page in turn with the floor; then the queries of each, counted in this process."""
    known = look_around(instance)
    pages, register = paths(known), f"/tonight/{known.session_id}"
    with floor_server(instance.folder) as bare, product_server(instance.folder) as ours:
        floor = Client(bare.port)
        figures = []
        for name, (path, cookie, has_goal) in pages.items():
            client = Client(ours.port, cookie)
            figures.append(_page(name, floor, client, path, has_goal))
        client = Client(ours.port, known.facilitator)
        figures.append(_save("register save", floor, client, register, known))
    return figures + list(_queries(instance, known))


def paths(known: Known) -> dict[str, tuple[str, str, bool]]:
    """Path, cookie, and whether a goal is set."""
    return {
        "my group page": (f"/g/{known.key}", "", True),
        "tonight page": (f"/tonight/{known.session_id}", known.facilitator, True),
        "Today page": ("/", known.coordinator, False),
        "term page": ("/term", known.coordinator, False),
        "cohort page": (f"/cohorts/{known.cohort_id}", known.coordinator, False),
    }


def _page(name: str, floor: Client, client: Client, path: str, has_goal: bool) -> Figure:
    def ask() -> float:
        answer = client.get(path)
        assert answer.status == 200, f"{path} answered {answer.status}."
        return answer.milliseconds

    return _figure(name, floor, ask, has_goal)


def _save(name: str, floor: Client, client: Client, path: str, known: Known) -> Figure:
    token, taps = client.get(path).token, _Taps(known, client.get(f"{path}/news").body)

    def save() -> float:
        answer = client.post(f"{path}/taps", {"csrf_token": token} | taps.another())
        assert answer.status == 200, f"The save answered {answer.status}."
        taps.seen = json.loads(answer.body)["saved"]["seen"]
        return answer.milliseconds

    return _figure(name, floor, save, True)


class _Taps:
    """One person's mark as the page's script sends it, another every time: each save writes."""

    def __init__(self, known: Known, news: str | bytes) -> None:
        told = json.loads(news)
        lines = (line for line in told["lines"] if line["participant"] == known.participant_id)
        self.seen: str = next(lines)["seen"]
        self.whose = {"account": told["account"], "participant": str(known.participant_id)}
        self.marks = cycle(("late", "left_early"))

    def another(self) -> dict[str, str]:
        """`reason`: the register may be closed."""
        made = {"key": str(uuid4()), "mark": next(self.marks), "reason": "To measure."}
        return self.whose | made | {"seen": self.seen}


def _figure(name: str, floor: Client, ask: Callable[[], float], has_goal: bool) -> Figure:
    pair = in_turn(lambda: floor.get("/").milliseconds, ask)
    goal = FLOORS if has_goal else None
    return Figure(name=name, ours=pair.ours, floor=pair.floor, goal=goal, is_ratio=True)


def _queries(instance: Instance, known: Known) -> list[Figure]:
    with instance.opened() as app:
        app.config["WTF_CSRF_ENABLED"] = False
        figures = [
            _counted(f"{name}: queries", PAGE_QUERIES if has_goal else None, app, cookie, path)
            for name, (path, cookie, has_goal) in paths(known).items()
        ]
        path, cookie = f"/tonight/{known.session_id}", known.facilitator
        form = _Taps(known, _asked(app, cookie, f"{path}/news").get_data()).another()
        save = _counted("register save: queries", SAVE_QUERIES, app, cookie, f"{path}/taps", form)
        return [*figures, save]


def _counted(
    name: str,
    goal: int | None,
    app: Flask,
    cookie: str,
    path: str,
    form: dict[str, str] | None = None,
) -> Figure:
    with app.app_context(), counted_queries() as statements:
        answer = _asked(app, cookie, path, form)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}."
    asked = [each for each in statements if not each.startswith(BEGINNINGS)]
    return Figure(name=name, ours=len(asked), unit="queries", goal=goal)


def _asked(app: Flask, cookie: str, path: str, form: dict[str, str] | None = None) -> TestResponse:
    browser = app.test_client()
    browser.set_cookie("session", cookie.removeprefix("session="))
    return browser.open(path, method="POST" if form else "GET", data=form)
