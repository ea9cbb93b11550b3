"""Journeys: a real browser, the real server, one demonstration made once and copied for each."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import fasteners
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.house import MADE_AT, House, make_demonstration
from tests.journeys.visitor import DESK, Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ON_A_MAC = "/Applications/Chromium.app/Contents/MacOS/Chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

OpenHouse = Callable[..., House]
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demonstration, made once however many processes test."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, finished = shared / "demonstration", shared / "demonstration-is-made"
    with fasteners.InterProcessLock(shared / "demonstration.lock"):
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make_demonstration(folder)
            finished.touch()
    return folder


@pytest.fixture
def open_house(demonstration: Path, tmp_path: Path) -> Iterator[OpenHouse]:
    """Opens a house of one's own at an instant, with whatever the clock does until then done."""
    house = House.copied(demonstration, tmp_path / "instance")

    def open_it(at: datetime = MADE_AT, *, ticks: int = 0) -> House:
        for _ in range(ticks):
            house.tick(at)
        house.open(at)
        return house

    yield open_it
    house.close()
    assert "Traceback" not in house.log(), house.log()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Gives somebody a browser to visit a house with."""
    visitors: list[Visitor] = []
    story = request.node.originalname.removeprefix("test_")

    def visitor(house: House, *, size: tuple[int, int] = DESK, scripts: bool = True) -> Visitor:
        visitors.append(Visitor(browser, house.url, size=size, scripts=scripts, story=story))
        return visitors[-1]

    yield visitor
    for each in visitors:
        each.close()


def browser_path() -> str:
    """Where Chromium is; `PROGRAMME_CHROMIUM` may say."""
    given = os.environ.get("PROGRAMME_CHROMIUM")
    found = given or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and Path(ON_A_MAC).exists():
        found = ON_A_MAC
    assert found, "No Chromium was found. Set PROGRAMME_CHROMIUM to where it is."
    return found
