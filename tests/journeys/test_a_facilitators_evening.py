"""Tonight: the register is taken on a phone and on a desk, with scripts and without."""

import re
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.house import LONDON, House
from tests.journeys.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.journey

EVENING = datetime(2026, 10, 13, 19, 40, tzinfo=LONDON)
"""Ten minutes in."""
CANNOT_GET_IN = """
    INSERT INTO cannot_get_in (session_id, participant_id, at)
    SELECT group_sessions.id, participants.id, '2026-10-13 18:31:00'
    FROM group_sessions JOIN cohorts ON cohorts.id = cohort_id, participants
    WHERE day = '2026-10-13' AND public_name = 'Tuesday group' AND known_as = 'Leanne'
"""
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
    if not scripts:
        change_without_scripts(facilitator)


def test_an_evening_of_two_facilitators_from_a_quarter_past_seven(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house(at_clock(19, 15))
    change(house, "UPDATE grants SET role = 'facilitator' WHERE role = 'helper'")
    first, second = visit(house), visit(house, size=PHONE)
    for each, name in ((first, "Amina Yusuf"), (second, "Tom Lacey")):
        each.sign_in(name)
        each.follow("Open the session")
        each.sees("Starts in 1")  # a clock set to the minute may be one off
        expect(each.page.locator(".next-thing").get_by_role("link")).to_contain_text("Open the")
    second.look("a quarter past seven")

    house.open(at_clock(19, 31))
    change(house, CANNOT_GET_IN)
    ask_for_news(first, second)
    for each in (first, second):
        each.sees("Leanne cannot get in")
        each.sees("Mark who is here")
    second.look("somebody cannot get in")
    second.press("Helped")
    expect(second.page.locator(".tonight-bar")).not_to_contain_text("cannot get in")
    ask_for_news(first)
    expect(first.page.locator(".tonight-bar")).not_to_contain_text("cannot get in")
    line(first, "Maureen").get_by_label("Present").focus()
    first.page.keyboard.press("2")
    expect(line(first, "Maureen").get_by_label("Late")).to_be_checked()
    mark(second, "Leanne", "Late")
    first.page.keyboard.press("Tab")
    saved(first, second)
    ask_for_news(first, second)
    expect(saved_sign(first, "Leanne")).to_contain_text("Marked by Tom Lacey")
    expect(line(second, "Maureen").get_by_label("Late")).to_be_checked()
    first.press("Mark everyone else present")
    saved(first)
    first.look("half past seven")
    first.sees("Now: ")

    house.open(at_clock(20, 45))
    ask_for_news(second)
    mark(second, "Leanne", "Caught up")
    second.page.keyboard.press("Tab")
    second.page.keyboard.press("3")
    saved(second)
    second.look("caught up")
    first.page.reload()
    expect(line(first, "Leanne").get_by_label("One-to-one")).to_be_checked()
    first.page.locator("#text").fill("Went well.")
    first.press("Save the notes")
    first.press("Close the register")
    first.sees("Closed by Amina Yusuf")
    mark(first, "Maureen", "Present")
    why = first.page.get_by_label("Why does it change?")
    why.fill("She had been there, without a picture.")
    first.look("a change after closing")
    first.press("Change it")
    saved(first)
    ask_for_news(second)
    mark(second, "Maureen", "Absent")
    expect(second.page.get_by_label("Why does it change?")).to_be_visible()
    first.page.reload()
    first.sees("Was “Late” until Amina Yusuf changed it on Tuesday 13 October")
    first.look("after closing")


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


def change_without_scripts(facilitator: Visitor) -> None:
    """One form: the mark, how, the reason, and the checklist below it."""
    mark(facilitator, "Leanne", "Caught up")
    line(facilitator, "Leanne").get_by_text(re.compile(r"^\s*Call\s*$")).click()
    facilitator.press("Save the register")
    facilitator.sees("Say why it becomes “Caught up (call)”.")
    facilitator.page.get_by_label("Why it changes").fill("We rang her on Wednesday.")
    facilitator.press("Save the register")
    facilitator.sees("Was “Absent” until Amina Yusuf changed it")
    expect(line(facilitator, "Leanne").get_by_label("Call", exact=True)).to_be_checked()
    turns = facilitator.page.get_by_role("group", name=re.compile("had a turn"))
    turns.get_by_text(re.compile(r"^\s*Partly\s*$")).click()
    facilitator.press("Save my answers")
    expect(turns.get_by_label("Partly")).to_be_checked()
    facilitator.look("after closing")


def at_clock(hour: int, minute: int) -> datetime:
    return EVENING.replace(hour=hour, minute=minute)


def change(house: House, statement: str) -> None:
    with closing(sqlite3.connect(house.folder / "programme.db")) as database, database:
        database.execute(statement)


def ask_for_news(*visitors: Visitor) -> None:
    """As when somebody comes back to the page."""
    for each in visitors:
        each.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def saved(*visitors: Visitor) -> None:
    for each in visitors:
        expect(each.page.locator("[data-all-saved]")).to_have_text("Everything is saved")


def line(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("group", name=name, exact=True)


def mark(visitor: Visitor, name: str, choice: str) -> None:
    line(visitor, name).get_by_text(re.compile(rf"^\s*{choice}\s*$")).click()


def saved_sign(visitor: Visitor, name: str) -> Locator:
    return line(visitor, name).locator(".saved")


def nothing_waits(visitor: Visitor) -> None:
    """Whether or not scripts run, nothing waits to be saved now."""
    expect(visitor.page.locator(".saved[data-state=waiting]")).to_have_count(0)
