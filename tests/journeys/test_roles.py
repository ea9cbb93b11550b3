"""Signing in: each role finds its pages, and only its own."""

import pytest

from tests.journeys.conftest import OpenHouse, Visit

pytestmark = pytest.mark.journey

ROLES = {
    "Coordinator": {"Today", "People", "Parcels", "Outbox", "Staff"},
    "Facilitator": {"Today", "Term", "Handouts", "Questions"},
    "Group helper": {"Today"},
    "Packer": {"Today", "Parcels"},
    "Evaluator": {"Today", "Outcomes"},
    "Safeguarding lead": {"Today", "Concerns"},
    "Partner practitioner": {"Today", "Families"},
}


def test_each_role_opens_today_and_every_page_of_its_own(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house()
    for role, expected in ROLES.items():
        somebody = visit(house)
        somebody.sign_in(role)
        somebody.look(f"today-{role}")
        links = somebody.page.locator("nav[aria-label=Main] a")
        ways = {link.inner_text(): link.get_attribute("href") for link in links.all()}
        assert expected <= set(ways), role
        for name, path in ways.items():
            somebody.go(path or "")
            somebody.look(f"{name}-{role}")
