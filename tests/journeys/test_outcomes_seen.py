"""What changed: the evaluator sees three times compared, drawn and as a table."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenHouse, Visit

pytestmark = pytest.mark.journey


def test_the_evaluator_sees_before_after_and_three_months_drawn_and_as_a_table(
    open_house: OpenHouse, visit: Visit
) -> None:
    evaluator = visit(open_house(ticks=1))
    evaluator.sign_in("Evaluator")
    evaluator.go("/outcomes")
    evaluator.follow("Thursday group")
    for words in ("Before", "After", "Three months later", "95 %"):
        evaluator.sees(words)
    expect(evaluator.page.get_by_role("img").first).to_be_visible()
    compared = evaluator.page.get_by_role("table", name="The same people, compared").first
    expect(compared.get_by_role("row")).to_have_count(3)
    assert "Tracy" not in evaluator.page.content()
    evaluator.look("outcomes")
