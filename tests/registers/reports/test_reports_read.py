"""The same evening from every service, in every dress that a program puts on it."""

from collections.abc import Callable

import pytest

from tests.registers.reports.writing import (
    MINUTES,
    SAYINGS,
    SEEN,
    Say,
    action_rows,
    as_text,
    as_workbook,
    at,
    meet_rows,
    minutes,
    people,
    teams_rows,
    zoom_meeting,
    zoom_rows,
)

FORMS = {
    "zoom": zoom_rows(SEEN),
    "zoom with its meeting": zoom_meeting() + zoom_rows(SEEN),
    "zoom with its meeting at once above": zoom_meeting()[:2] + zoom_rows(SEEN),
    "teams": teams_rows(SEEN),
    "teams without blank rows": [row for row in teams_rows(SEEN) if row],
    "teams of 2020": action_rows(SEEN),
}


def in_one_column(rows: list[list[str]], delimiter: str) -> list[list[str]]:
    return [[as_text([row], delimiter, "")] for row in rows]


def with_blanks(rows: list[list[str]]) -> list[list[str]]:
    """To the right and below, as spreadsheet programs leave them."""
    return [*([*row, "", ""] for row in rows), *([[""] * 9] * 5)]


DRESSES: dict[str, Callable[[list[list[str]]], bytes]] = {
    "comma": lambda rows: as_text(rows).encode(),
    "comma with a mark": lambda rows: as_text(rows).encode("utf-8-sig"),
    "semicolon": lambda rows: as_text(rows, ";").encode(),
    "tab in UTF-16": lambda rows: as_text(rows, "\t").encode("utf-16"),
    "tab in UTF-16 without a mark": lambda rows: as_text(rows, "\t").encode("utf-16-le"),
    "tab in cp1252": lambda rows: as_text(rows, "\t").encode("cp1252"),
    "trailing columns and rows": lambda rows: as_text(with_blanks(rows)).encode(),
    "every second row blank": lambda rows: as_text([r for row in rows for r in (row, [])]).encode(),
    "only one column": lambda rows: as_text(in_one_column(rows, ",")).encode(),
    "only one column of tabs": lambda rows: as_text(in_one_column(rows, "\t")).encode(),
    "workbook": as_workbook,
    "old line ends": lambda rows: as_text(rows, line_end="\r").encode(),
    "mojibake": lambda rows: as_text(rows).encode().decode("cp1252").encode(),
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("form", FORMS)
def test_an_evening_is_the_same_in_every_form_and_dress(form: str, dress: str) -> None:
    assert minutes(DRESSES[dress](FORMS[form])) == MINUTES


@pytest.mark.parametrize("say", SAYINGS)
@pytest.mark.parametrize("form", [zoom_rows, teams_rows, action_rows])
def test_moments_are_read_as_each_country_writes_them(
    form: Callable[..., list[list[str]]], say: Say
) -> None:
    assert minutes(as_text(form(SEEN, say), "\t")) == MINUTES


def test_people_stand_in_the_order_of_the_report_with_their_addresses() -> None:
    found = people(as_text(zoom_rows(SEEN)))
    assert list(found) == list(dict.fromkeys(each.name for each in SEEN))
    assert found["Dee O'Neal"].email == "dee@example.org"
    assert found["Dee O'Neal"].other_names == ("iPhone",)
    assert found["Amina Kahn"].other_names == ("Mina",)


def test_intervals_are_merged_and_told_whole() -> None:
    found = people(as_text(teams_rows(SEEN), "\t"))
    assert found["Zoë Adey"].intervals == ((at("19:00:00"), at("20:00:00")),)
    assert found["Bea Leader"].intervals == ((at("18:45:02"), at("20:06:30")),)
    assert [f"{joined:%H:%M}" for joined, _ in found["Dee O'Neal"].intervals] == ["19:02", "19:24"]


@pytest.mark.parametrize("form", ["zoom", "zoom with its meeting", "teams"])
def test_whoever_the_report_calls_organiser_is_staff_and_nobody_else(form: str) -> None:
    found = people(as_text(FORMS[form], "\t"))
    assert [name for name, each in found.items() if each.is_staff] == ["Bea Leader"]


def test_meet_is_read_to_the_minute() -> None:
    seen = [each for each in SEEN if each.name not in ("Dee O'Neal", "Zoë Adey", "Smith, Jo")]
    found = minutes(as_text(meet_rows(seen)))
    assert found.keys() == {each.name for each in seen}
    assert all(abs(found[name] - MINUTES[name]) <= 1 for name in found)


def test_true_dates_of_a_workbook_are_read() -> None:
    head, *rows = zoom_rows(SEEN)
    told = [
        [*row[:2], each.joined, each.left, *row[4:]] for row, each in zip(rows, SEEN, strict=True)
    ]
    assert minutes(as_workbook([head, *told])) == MINUTES


def test_seconds_lost_cost_a_minute_at_most() -> None:
    found = minutes(as_text(zoom_rows(SEEN, lambda moment: f"{moment:%d/%m/%Y %H:%M}")))
    assert all(abs(found[name] - MINUTES[name]) <= 1.5 for name in MINUTES)
