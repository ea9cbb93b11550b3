"""Tonight on a bad network: no mark is lost, none counts twice, and nobody's is overwritten."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.house import LONDON, House
from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.journey

EVENING = datetime(2026, 10, 13, 19, 40, tzinfo=LONDON)
MARKS = ("Late", "Absent", "Present", "Left early")
TAPS = "**/tonight/*/taps"


@pytest.mark.parametrize("points", [5, pytest.param(20, marks=pytest.mark.long)])
def test_wherever_the_network_drops_each_mark_counts_once(
    open_house: OpenHouse, visit: Visit, points: int
) -> None:
    house = open_house(EVENING)
    facilitator = on_tonight(visit, house)
    page = facilitator.page
    names = page.locator(".person__name").all_inner_texts()
    for point in range(points):
        name, choice = names[point % len(names)], MARKS[point // len(names) % 4]
        before = len(taps_in(house))
        DROPS[point % len(DROPS)](facilitator, name, choice)
        expect(overall(facilitator)).to_have_text("Everything is saved")
        assert len(taps_in(house)) == before + 1, (point, name, choice)
    page.reload()
    for point in range(max(0, points - len(names)), points):
        name, choice = names[point % len(names)], MARKS[point // len(names) % 4]
        expect(line(facilitator, name).get_by_label(choice)).to_be_checked()


def before_the_server(facilitator: Visitor, name: str, choice: str) -> None:
    """The tap never arrives the first time."""
    facilitator.page.route(TAPS, lambda route: route.abort(), times=1)
    mark(facilitator, name, choice)


def after_the_server(facilitator: Visitor, name: str, choice: str) -> None:
    """The tap arrives, and the answer is lost."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    facilitator.page.route(TAPS, lose, times=1)
    mark(facilitator, name, choice)


def broken_server(facilitator: Visitor, name: str, choice: str) -> None:
    """Something between here and there answers in the server's place."""
    facilitator.page.route(TAPS, lambda route: route.fulfill(status=502, body="-"), times=1)
    mark(facilitator, name, choice)


def no_network(facilitator: Visitor, name: str, choice: str) -> None:
    """The device has no network when it is tapped, and gets it back."""
    facilitator.context.set_offline(True)
    mark(facilitator, name, choice)
    expect(overall(facilitator)).to_contain_text("1 mark waits on this device")
    facilitator.context.set_offline(False)


def opened_again(facilitator: Visitor, name: str, choice: str) -> None:
    """The answer is lost, and the page is opened anew before the tap goes again."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page = facilitator.page
    page.route(TAPS, lose, times=1)
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_event("requestfailed"):
        mark(facilitator, name, choice)
    page.reload()


DROPS: tuple[Callable[[Visitor, str, str], None], ...] = (
    before_the_server,
    after_the_server,
    no_network,
    opened_again,
    broken_server,
)


def test_marks_made_without_network_wait_through_a_closed_page_and_a_new_sign_in(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house(EVENING)
    facilitator = on_tonight(visit, house)
    page, context = facilitator.page, facilitator.context
    page.evaluate("navigator.serviceWorker.ready")
    page.once("dialog", lambda dialog: dialog.accept())
    context.set_offline(True)
    mark(facilitator, "Leanne", "Absent")
    expect(saved_sign(facilitator, "Leanne")).to_have_attribute("data-state", "waiting")
    page.reload()
    facilitator.sees("The register, without the network")
    facilitator.look("without the network")
    assert "Captions" not in page.content()
    expect(line(facilitator, "Leanne").get_by_label("Absent")).to_be_checked()
    mark(facilitator, "Maureen", "Late")
    expect(overall(facilitator)).to_contain_text("2 marks wait on this device")
    assert kept_on(facilitator) == {"tap": 2, "page": 1}
    end_every_sign_in(house)
    context.set_offline(False)
    expect(overall(facilitator)).to_contain_text("You were signed out.")
    another = context.new_page()
    another.goto(f"{house.url}/sign-in")
    another.get_by_role("button", name=re.compile("Group helper")).click()
    expect(another).to_have_url(f"{house.url}/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(overall(facilitator)).to_contain_text("signed in as somebody who cannot send these")
    assert not marked_in(house, "Leanne")
    another.goto(f"{house.url}/sign-in")
    another.get_by_role("button", name=re.compile("Facilitator")).click()
    expect(another).to_have_url(f"{house.url}/")
    another.close()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(overall(facilitator)).to_have_text("Everything is saved")
    assert marked_in(house, "Leanne") == ["absent"]
    assert marked_in(house, "Maureen") == ["late"]
    page.reload()
    facilitator.press("Sign out")
    expect(page).to_have_url(f"{house.url}/sign-in")
    assert kept_on(facilitator) == {"tap": 0, "page": 0}
    facilitator.complaints = [each for each in facilitator.complaints if not expected(each)]


def test_a_mark_that_waited_asks_before_it_replaces_a_newer_one(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house(EVENING)
    facilitator, helper = on_tonight(visit, house), on_tonight(visit, house, "Group helper", PHONE)
    facilitator.context.set_offline(True)
    mark(facilitator, "Leanne", "Present")
    mark(facilitator, "Maureen", "Present")
    mark(helper, "Leanne", "Late")
    expect(saved_sign(helper, "Leanne")).to_have_attribute("data-state", "saved")
    facilitator.context.set_offline(False)
    asks = line(facilitator, "Leanne").locator("[data-asks]")
    expect(asks).to_contain_text("Tom Lacey marked Leanne “Late”")
    expect(saved_sign(facilitator, "Maureen")).to_have_attribute("data-state", "saved")
    facilitator.look("asked after the network came back")
    facilitator.page.once("dialog", lambda dialog: dialog.accept())
    facilitator.page.reload()
    expect(asks).to_contain_text("Tom Lacey marked Leanne “Late”")
    mark(facilitator, "Leanne", "Present")
    expect(overall(facilitator)).to_have_text("Everything is saved")
    assert marked_in(house, "Leanne") == ["present"]
    helper.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(line(helper, "Leanne").get_by_label("Present")).to_be_checked()
    expect(saved_sign(helper, "Leanne")).to_contain_text("Amina Yusuf")
    facilitator.complaints = [each for each in facilitator.complaints if not expected(each)]


@pytest.fixture(autouse=True)
def the_network_is_expected_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chromium writes every request that failed on the console."""
    lost = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "status of 502", "status of 409")
    monkeypatch.setattr("tests.journeys.visitor.HARMLESS", ("status of 422", *lost))


def expected(complaint: str) -> bool:
    """Sending as somebody else, or with the key of a session that is over."""
    return any(f"status of {code}" in complaint for code in (400, 403, 409))


def on_tonight(
    visit: Visit, house: House, role: str = "Facilitator", size: tuple[int, int] = (1280, 900)
) -> Visitor:
    somebody = visit(house, size=size)
    somebody.sign_in(role)
    somebody.follow("Open the session")
    somebody.sees("Tuesday group, week 4")
    return somebody


def line(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("group", name=name, exact=True)


def mark(visitor: Visitor, name: str, choice: str) -> None:
    line(visitor, name).get_by_text(re.compile(rf"^\s*{choice}\s*$")).click()


def saved_sign(visitor: Visitor, name: str) -> Locator:
    return line(visitor, name).locator(".saved")


def overall(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-all-saved]")


def kept_on(visitor: Visitor) -> dict[str, int]:
    names: list[str] = visitor.page.evaluate("Object.keys(localStorage)")
    return {kind: sum(f"tonight.{kind}." in name for name in names) for kind in ("tap", "page")}


def taps_in(house: House) -> list[tuple[str]]:
    return asked(house, "SELECT key FROM taps")


def marked_in(house: House, name: str) -> list[str]:
    return [
        row[0]
        for row in asked(
            house,
            "SELECT attendance FROM taps JOIN participants ON participants.id = participant_id"
            " WHERE known_as = ? ORDER BY taps.id DESC LIMIT 1",
            name,
        )
    ]


def asked(house: House, query: str, *values: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(house.folder / "programme.db")) as database:
        return database.execute(query, values).fetchall()


def end_every_sign_in(house: House) -> None:
    with closing(sqlite3.connect(house.folder / "programme.db")) as database, database:
        database.execute("UPDATE sign_ins SET ended_at = began_at WHERE ended_at IS NULL")
