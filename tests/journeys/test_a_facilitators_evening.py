"""Tonight: the register is taken on a phone and on a desk, with scripts and without."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.house import LONDON
from tests.journeys.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.journey

EVENING = datetime(2026, 10, 13, 19, 40, tzinfo=LONDON)
SURNAMES = ("Patel", "Fielding", "Whitmore", "Fraser", "Hussain", "Mahmood")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_register_is_taken_and_closed(
    open_house: OpenHouse, visit: Visit, size: tuple[int, int], scripts: bool
) -> None:
    facilitator = visit(open_house(EVENING), size=size, scripts=scripts)
    facilitator.sign_in("Facilitator")
    facilitator.follow("Open the session")
    facilitator.sees("Tuesday group, week 4")
    facilitator.look("tonight")
    mark(facilitator, "Leanne", "Absent")
    mark(facilitator, "Maureen", "Late")
    if scripts:
        expect(facilitator.page.locator("[data-all-saved]")).to_have_text("Everything is saved")
    else:
        facilitator.press("Save the register")
    expect(saved_sign(facilitator, "Leanne")).to_have_attribute("data-state", "saved")
    facilitator.page.reload()
    expect(line(facilitator, "Leanne").get_by_label("Absent")).to_be_checked()
    expect(line(facilitator, "Maureen").get_by_label("Late")).to_be_checked()
    facilitator.sees("Still to mark: ")
    nothing_waits(facilitator)
    facilitator.press("Mark everyone else present")
    facilitator.sees("Everybody is marked.")
    expect(line(facilitator, "Leanne").get_by_label("Absent")).to_be_checked()
    facilitator.press("Close the register")
    facilitator.sees("Closed by Amina Yusuf")
    facilitator.look("closed")


def test_two_who_mark_at_once_lose_nothing(open_house: OpenHouse, visit: Visit) -> None:
    house = open_house(EVENING)
    facilitator, helper = visit(house), visit(house, size=PHONE)
    for each, role in ((facilitator, "Facilitator"), (helper, "Group helper")):
        each.sign_in(role)
        each.follow("Open the session")
    mark(helper, "Leanne", "Present")
    expect(saved_sign(helper, "Leanne")).to_have_attribute("data-state", "saved")
    mark(facilitator, "Leanne", "Absent")
    expect(line(facilitator, "Leanne").locator("[data-asks]")).to_contain_text("Tom Lacey")
    facilitator.look("marked by two")


def test_a_helper_sees_names_and_the_register_and_nothing_else(
    open_house: OpenHouse, visit: Visit
) -> None:
    helper = visit(open_house(EVENING))
    helper.sign_in("Group helper")
    helper.follow("Open the session")
    helper.look("tonight of a helper")
    seen = helper.page.content()
    assert "Maureen" in seen
    assert not [name for name in SURNAMES if name in seen]
    assert "07700" not in seen
    for words in ("Notes", "Your time", "Close the register"):
        expect(helper.page.get_by_role("heading", name=words)).to_have_count(0)
    for path in ("/people", "/cohorts", "/parcels", "/outbox", "/outcomes"):
        answer = helper.page.request.get(helper.url + path)
        assert answer.status in (403, 404), path


def line(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("group", name=name, exact=True)


def mark(visitor: Visitor, name: str, choice: str) -> None:
    line(visitor, name).get_by_text(re.compile(rf"^\s*{choice}\s*$")).click()


def saved_sign(visitor: Visitor, name: str) -> Locator:
    return line(visitor, name).locator(".saved")


def nothing_waits(visitor: Visitor) -> None:
    """Whether or not scripts run, nothing waits to be saved now."""
    expect(visitor.page.locator(".saved[data-state=waiting]")).to_have_count(0)
