"""Every page that a link leads to, for every role: HTML, width on a phone, and who can use it."""

import re
from urllib.parse import urlsplit

import pytest

from programme.app import create_app
from programme.foundation.settings import Settings
from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.test_roles import ROLES
from tests.journeys.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.journey

NOT_FOLLOWED = re.compile(r"\.(pdf|csv|ics|css|ico|svg)$|/details/leave$")
"""Files, and the way out to another site."""
OF_A_STORY = {
    "access.invitation", "calls.card", "cohorts.new_plan", "desk.tonight_offline",
    "details.confirm", "details.old", "families_in.look", "portal.week", "questionnaires.ask",
    "questionnaires.begin", "questionnaires.left_out", "replies.reply", "safeguarding.concern",
    "stopping.ask",
}  # fmt: skip
"""Pages that need something done first, by a link in a message or by somebody else."""
NO_PAGES = {
    "desk.brand", "desk.icon", "desk.news", "desk.tonight_worker", "details.leave",
    "figures.of_cohorts_file", "figures.of_families_file", "handouts.printed",
    "messages.healthz", "parcels.label_sheet", "parcels.table", "portal.dates",
    "portal.followed_dates", "portal.picture", "portal.week_file", "static",
}  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, pytest.param(DESK, marks=pytest.mark.long)])
def test_every_page_that_a_link_leads_to_can_be_read_and_used(
    open_house: OpenHouse, visit: Visit, size: tuple[int, int]
) -> None:
    house = open_house()
    seen: dict[str, str] = {}
    for role in ROLES:
        somebody = visit(house, size=size)
        somebody.sign_in(role)
        walk(somebody, role, seen)
    parent = visit(house, size=size)
    parent.go("/sign-in")
    walk(parent, "nobody", seen)
    parent.press("A parent")
    walk(parent, "parent", seen)
    type_the_code(parent)
    del seen[kind_of(parent.page.url)]  # it was closed before
    walk(parent, "parent", seen)
    assert pages_not_met(set(seen.values())) == set()


def type_the_code(parent: Visitor) -> None:
    """Open a parent's details with the code that the demonstration shows."""
    parent.go("/sign-in")
    parent.press("A parent")
    parent.go(f"{parent.page.url}/details")
    parent.press("Send me a code")
    shown = re.search(r"The code is (\d+)", parent.page.locator("main").inner_text())
    assert shown
    parent.page.get_by_label("Six numbers").fill(shown[1])
    parent.press("Go on")
    parent.sees("What you agreed to")


def walk(somebody: Visitor, role: str, seen: dict[str, str]) -> None:
    """Look at one page of each kind that can be reached from here and was not seen before."""
    waiting = [somebody.page.url]
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        kind = role if path == "/" else kind_of(url)
        if kind in seen or not url.startswith(somebody.url) or NOT_FOLLOWED.search(path):
            continue
        seen[kind] = path
        somebody.go(url)
        somebody.look(f"{role}{path.replace('/', '-')}")
        waiting += somebody.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.href.split('#')[0])"
        )


def kind_of(url: str) -> str:
    """Pages that differ in a number or a key only are of one kind."""
    return re.sub(r"\d+", "N", re.sub(r"/(g|q)/[^/?]+", r"/\1/KEY", url))


def pages_not_met(paths: set[str]) -> set[str]:
    rules = create_app(Settings(demonstration=True)).url_map
    pages = {rule.endpoint for rule in rules.iter_rules() if "GET" in (rule.methods or ())}
    met = {rules.bind("").match(path)[0] for path in paths}
    return pages - met - OF_A_STORY - NO_PAGES
