"""A parent on a cheap phone: her own page, this week's handout, the room, a few questions."""

import gzip
import io
import re
from datetime import datetime

import pytest
from playwright.sync_api import Response, expect
from pypdf import PdfReader

from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.house import LONDON, House
from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.journey

AT_TEN = datetime(2026, 10, 13, 10, 0, tzinfo=LONDON)
BEFORE_THE_SESSION = datetime(2026, 10, 13, 19, 20, tzinfo=LONDON)
WEATHER = "https://www.bbc.co.uk/weather"
HEAVIEST = 60_000
REVEALS = ("prison", "offence", "court", "abuse", "parenting", "behaviour", "custody", "inmate")
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@BOTH
def test_a_parent_reads_the_week_and_finds_the_room_closed_until_it_opens(
    open_house: OpenHouse, visit: Visit, scripts: bool
) -> None:
    house = open_house(AT_TEN, ticks=2)
    parent = follow_a_message(house, visit, "Michelle", scripts=scripts)
    parent.sees("Hello, Michelle")
    parent.sees("Opens at 7.15 pm")
    expect(parent.page.get_by_role("button", name="Join")).to_be_disabled()
    parent.look("my-group")
    parent.press("Read")
    parent.sees("Back to my group")
    parent.look("week")
    with parent.page.expect_response(re.compile(r"\.pdf$")) as kept:
        parent.press("Keep or print")
    assert kept.value.status == 303
    file = parent.page.request.get(kept.value.url)
    assert not reveals(file.headers["content-disposition"])
    assert len(PdfReader(io.BytesIO(file.body())).pages) >= 1


def test_the_room_opens_a_quarter_of_an_hour_before_and_the_button_leads_there(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house(BEFORE_THE_SESSION)
    parent = follow_a_message(house, visit, "Michelle", scripts=False)
    parent.sees("today, 7.30 pm")
    parent.look("room-is-open")
    answers: list[Response] = []
    parent.page.on("response", lambda each: answers.append(each))
    with parent.page.expect_response(lambda answer: "/join/" in answer.url):
        parent.page.get_by_role("button", name="Join").click(no_wait_after=True)
    joined = next(answer for answer in answers if "/join/" in answer.url)
    assert joined.status == 303
    assert joined.header_value("location") == "https://zoom.us/j/5550100"
    parent.expected_elsewhere = ("https://zoom.us/",)
    facilitator = visit(house)
    facilitator.sign_in("Facilitator")
    facilitator.follow("Open the session")
    facilitator.sees("1 of 11 pressed Join: Michelle")


@BOTH
def test_questions_are_answered_one_a_screen_and_carried_on_elsewhere(
    open_house: OpenHouse, visit: Visit, scripts: bool
) -> None:
    house = open_house(AT_TEN)
    first = follow_a_message(house, visit, "Callum", what="question", scripts=scripts)
    first.look("begin")
    first.press("Start")
    for number in (1, 2, 3):
        first.sees(f"{number} of 10")
        if number == 1:
            first.look("question")
        answer(first, number)
    link = first.page.url.split("/q/")[1].split("/")[0]
    first.close()
    second = visit(house, size=PHONE, scripts=scripts)
    second.go(f"/q/{link}")
    second.sees("3 of 10 are answered and kept")
    second.look("carry-on")
    second.press("Carry on")
    for number in range(4, 11):
        second.sees(f"{number} of 10")
        if number == 6:
            second.press("Skip")
        else:
            answer(second, number)
    second.sees("You left 1 out")
    second.look("left-out")
    second.press("Finish as it is")
    second.sees("Thank you")
    second.look("end")
    second.go(f"/q/{link}")
    second.sees("There is nothing more to do")


def test_the_button_leaves_the_page_and_back_does_not_return(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house(AT_TEN)
    for scripts in (True, False):
        parent = follow_a_message(house, visit, "Michelle", scripts=scripts)
        parent.expected_elsewhere = (WEATHER,)
        parent.page.route(
            WEATHER, lambda asked: asked.fulfill(body="Sunny", content_type="text/plain")
        )
        link = parent.page.url
        parent.page.get_by_role("link", name="Leave this page").click()
        expect(parent.page).to_have_url(WEATHER)
        if scripts:
            parent.page.go_back()
            assert parent.page.url != link


def test_my_group_and_all_it_loads_is_light(open_house: OpenHouse, visit: Visit) -> None:
    house = open_house(AT_TEN)
    reader = follow_a_message(house, visit, "Michelle", scripts=True)
    link = reader.page.url
    reader.close()
    parent = visit(house, size=PHONE)
    answers: list[Response] = []
    parent.page.on("response", lambda each: answers.append(each))
    parent.go(link)
    parent.page.wait_for_load_state("networkidle")
    weights = {each.url: len(gzip.compress(each.body())) for each in answers}
    assert len(weights) >= 4, weights
    assert sum(weights.values()) < HEAVIEST, weights


def follow_a_message(
    house: House, visit: Visit, name: str, *, what: str = "", scripts: bool
) -> Visitor:
    """The coordinator opens the newest message to somebody; whom it is for follows its link."""
    staff = visit(house)
    staff.sign_in("Coordinator")
    staff.go(f"/outbox?name={name}")
    line = staff.page.locator(".line").filter(has_text=name)
    if what:
        line = line.filter(has_text=what)
    line.first.get_by_role("link", name="Read").click()
    href = staff.page.locator("blockquote a").first.get_attribute("href")
    assert href
    staff.look("message")
    staff.close()
    parent = visit(house, size=PHONE, scripts=scripts)
    parent.go(href)
    assert not reveals(parent.page.title() + parent.page.url)
    return parent


def answer(parent: Visitor, number: int) -> None:
    choices = parent.page.get_by_role("radio")
    choices.nth(number % (choices.count() - 1)).check()
    parent.press("Next")


def reveals(words: str) -> list[str]:
    return [word for word in REVEALS if word in words.lower()]
