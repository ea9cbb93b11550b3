"""A coordinator's term: families come in from a file, a group is opened, parcels get out."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from programme.app import ROOT
from tests.journeys.conftest import OpenHouse, Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

FILE = ROOT / "tests" / "people" / "imports" / "samples" / "families-autumn.csv"


def test_families_come_in_and_a_group_is_opened_for_them(
    open_house: OpenHouse, visit: Visit
) -> None:
    coordinator = visit(open_house())
    coordinator.sign_in("Coordinator")
    families_come_in(coordinator)
    first_conversation(coordinator, "Lea")
    a_cohort_is_opened(coordinator)
    people_are_enrolled(coordinator)
    coordinator.go("/outbox")
    coordinator.look("outbox")


def families_come_in(coordinator: Visitor) -> None:
    coordinator.go("/people")
    coordinator.follow("Bring in families from a file")
    coordinator.look("choose a file")
    coordinator.page.get_by_label("Which partner sent it?").select_option(label="Harbour Families")
    coordinator.page.get_by_label("The file").set_input_files(FILE)
    coordinator.press("Look through the file")
    coordinator.sees("10 of 13 can come in; 2 need mending; 1 is here twice")
    coordinator.look("preview")
    row = coordinator.page.locator("#row-13")
    expect(row).to_contain_text("The postcode PL4 8 is not complete.")
    row.get_by_label("Phone").fill("07700 900119")
    row.get_by_label("E-mail").fill("lea.w@example.org")
    row.get_by_label("Postcode").fill("PL4 8AB")
    coordinator.press("Mend row 13")
    coordinator.sees("11 of 13 can come in")
    coordinator.press("Leave out", within=coordinator.page.locator("#row-14"))
    expect(coordinator.page.get_by_role("heading", name="Left out for now")).to_be_visible()
    coordinator.press("Bring in 11 people")
    coordinator.sees("11 people are in")
    coordinator.look("families are in")
    coordinator.follow("See whom to ring")
    coordinator.look("whom to ring")


def first_conversation(coordinator: Visitor, now_called: str) -> None:
    page = coordinator.page
    coordinator.go("/people?q=Whitmore&state=not_spoken_to")
    coordinator.follow("Open", within=page.locator("main .line"))
    coordinator.sees("Nothing is sent or posted to Leanne before somebody has spoken with them.")
    coordinator.look("not spoken to")
    coordinator.follow("Record the first conversation")
    coordinator.look("first conversation")
    page.get_by_label("When did you speak?").fill("2026-10-12")
    page.get_by_label("Who spoke with them?").fill("Ruth Amos")
    page.get_by_label("Name to use").fill(now_called)
    page.get_by_role("group", name="The safe way to reach them").get_by_label("E-mail").check()
    for box in page.get_by_role("group", name="They agree to").get_by_role("checkbox").all():
        box.check()
    coordinator.press("Keep this conversation")
    expect(page.get_by_role("heading", name=now_called, exact=True)).to_be_visible()
    coordinator.sees("What we agreed")
    coordinator.look("spoken to")


def a_cohort_is_opened(coordinator: Visitor) -> None:
    page = coordinator.page
    coordinator.go("/term")
    coordinator.follow("Open a cohort")
    page.get_by_label("Name of the group").fill("Wednesday group")
    page.get_by_label("Organisation").select_option(label="Harbour Families")
    page.get_by_label("Term", exact=True).select_option(label="Autumn 2026, Mondays")
    page.get_by_label("First session").fill("2026-11-04")
    page.get_by_label("Begins at").fill("19:30")
    page.get_by_label("Minutes").fill("90")
    page.get_by_label("Places").fill("8")
    page.get_by_label("Join link").fill("https://zoom.us/j/5550199")
    page.get_by_label("Amina Yusuf").check()
    coordinator.look("open a cohort")
    page.get_by_role("button", name="Show the dates").last.click()
    dates = page.locator("#dates")
    expect(dates).to_contain_text("Wednesday 2 December: no session, Half-term")
    weeks = dates.locator("li").all_inner_texts()
    assert [week.split(" Wednesday")[0] for week in weeks if "Week" in week] == [
        f"Week {number}" for number in range(1, 11)
    ]
    coordinator.look("its dates")
    coordinator.press("Open this cohort")
    expect(page.get_by_role("heading", name="Wednesday group")).to_be_visible()


def people_are_enrolled(coordinator: Visitor) -> None:
    page = coordinator.page
    if not page.get_by_label("Name begins with").is_visible():
        page.locator("details").filter(has=page.locator("#find")).locator("summary").click()
    page.get_by_label("Lea ").or_(page.get_by_label("Lea\n")).first.check()
    coordinator.press("Enrol those ticked")
    coordinator.sees("1 of 8 places")
    page.get_by_text("later than in two weeks").click()
    coordinator.sees("Parcel")
    coordinator.look("cohort")


def test_a_parcels_address_is_confirmed_and_it_is_packed_and_posted(
    open_house: OpenHouse, visit: Visit
) -> None:
    house = open_house()
    coordinator, packer = visit(house), visit(house)
    coordinator.sign_in("Coordinator")
    coordinator.go("/parcels")
    coordinator.follow("Confirm address", within=parcel(coordinator, "Rosie"))
    coordinator.sees("Ring Rosie")
    assert "8 The Crescent" not in coordinator.page.content()
    coordinator.look("confirm an address")
    coordinator.press("Yes, it is right")
    packer.sign_in("Packer")
    packer.go("/parcels")
    packer.look("parcels of a packer")
    packer.follow("Open", within=parcel(packer, "Rosie"))
    packer.sees("8 The Crescent")
    packer.look("a parcel")
    packer.go("/parcels")
    assert "8 The Crescent, York, YO1 7AA" in carriers_list(packer)
    assert "YO1 7AA" in labels(packer)
    packer.press("Mark as packed", within=parcel(packer, "Rosie"))
    expect(parcel(packer, "Rosie")).to_contain_text("Packed")
    packer.press("Mark as posted", within=parcel(packer, "Rosie"))
    expect(parcel(packer, "Rosie")).to_have_count(0)


def parcel(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator("li.line").filter(has_text=name)


def carriers_list(packer: Visitor) -> str:
    with packer.page.expect_download() as started:
        packer.follow("List for Click & Drop")
    rows = csv.reader(io.StringIO(started_text(started.value.path())))
    return "\n".join(", ".join(cell for cell in row if cell) for row in rows)


def started_text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def labels(packer: Visitor) -> str:
    with packer.page.expect_download() as started:
        packer.press("Print labels")
    return "\n".join(page.extract_text() for page in PdfReader(started.value.path()).pages)
