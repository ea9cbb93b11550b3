"""What pages and saves cost: milliseconds beside the floor's page, and their queries."""

import json
from collections.abc import Callable
from itertools import cycle

from flask import Flask

from bench.client import Client
from bench.figures import Figure
from bench.instance import Instance, Known, look_around
from bench.rounds import in_turn
from bench.servers import floor_server, product_server
from tests.counting import counted_queries

FLOORS = 6
PAGE_QUERIES = 10
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
    token, marks = client.get(path).token, _marks(known)

    def save() -> float:
        answer = client.post(f"{path}/marks", {"csrf_token": token} | next(marks))
        assert answer.status == 200, f"The save answered {answer.status}."
        assert json.loads(answer.body)["saved"], "Nothing was saved."
        return answer.milliseconds

    return _figure(name, floor, save, True)


def _marks(known: Known) -> "cycle[dict[str, str]]":
    """One person's mark, another one every time, so that each save writes."""
    number = known.participant_id
    plain = {f"was-{number}": "", f"seen-{number}": ""}
    return cycle([{f"mark-{number}": mark} | plain for mark in ("late", "present")])


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
        form, path = next(_marks(known)), f"/tonight/{known.session_id}/marks"
        name = "register save: queries"
        return [*figures, _counted(name, SAVE_QUERIES, app, known.facilitator, path, form)]


def _counted(
    name: str,
    goal: int | None,
    app: Flask,
    cookie: str,
    path: str,
    form: dict[str, str] | None = None,
) -> Figure:
    browser = app.test_client()
    browser.set_cookie("session", cookie.removeprefix("session="))
    headers = {"Accept": "application/json" if form else "text/html"}
    with app.app_context(), counted_queries() as statements:
        method = "POST" if form else "GET"
        answer = browser.open(path, method=method, data=form, headers=headers)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}."
    asked = [each for each in statements if not each.startswith(BEGINNINGS)]
    return Figure(name=name, ours=len(asked), unit="queries", goal=goal)
