"""Signing in: each role finds its pages, and only its own."""

import re

import pytest
from playwright.sync_api import expect

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


def test_each_role_finds_its_own_pages(open_house: OpenHouse, visit: Visit) -> None:
    house = open_house()
    for role, expected in ROLES.items():
        somebody = visit(house)
        somebody.sign_in(role)
        links = somebody.page.locator("nav[aria-label=Main] a")
        assert expected <= set(links.all_inner_texts()), role


def test_a_copied_session_is_dead_after_signing_out(open_house: OpenHouse, visit: Visit) -> None:
    house = open_house()
    owner, thief = visit(house), visit(house)
    owner.sign_in("Coordinator")
    thief.context.add_cookies(owner.context.cookies())  # type: ignore[arg-type]
    thief.go("/people")
    owner.press("Sign out")
    expect(owner.page).to_have_url(f"{house.url}/sign-in")
    thief.go("/people")
    expect(thief.page).to_have_url(re.compile("/sign-in"))


def test_a_practitioner_sees_only_families_of_her_own_partner(
    open_house: OpenHouse, visit: Visit
) -> None:
    practitioner = visit(open_house())
    practitioner.sign_in("Partner practitioner")
    practitioner.go("/families")
    practitioner.sees("Callum")
    seen = practitioner.page.locator("main").inner_text()
    assert not [name for name in ("Maureen", "Tariq", "Fatima", "Shanice") if name in seen]
    for path in ("/people", "/people/1", "/outcomes", "/responses"):
        assert practitioner.page.request.get(practitioner.url + path).status in (403, 404), path
