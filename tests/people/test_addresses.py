"""Addresses: tidied once, said on a label, and their problems in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.people.addresses import Address, address_of, problem_with, read_address
from programme.people.models import Household, Participant


def address(**others: object) -> Address:
    plain = {
        "name": "Dawn Example",
        "lines": ("14 Alder Close",),
        "town": "Liverpool",
        "postcode": "L8 1TJ",
        "country": "GB",
    }
    return Address(**(plain | others))


def recorded(lines: str, **others: object) -> Address:
    home = Household(
        address_lines=lines,
        town=others.pop("town", "Liverpool"),
        postcode=others.pop("postcode", "l81tj"),
        country="GB",
    )
    return address_of(Participant(known_as="Dawn", surname="Example"), home)


def test_an_address_is_tidied_from_what_is_recorded() -> None:
    found = recorded("  Flat 2,\n\n14  Alder Close , ")
    assert found.lines == ("Flat 2", "14 Alder Close")
    assert found.postcode == "L8 1TJ"
    assert found.name == "Dawn Example"


def test_a_line_cannot_begin_with_what_a_spreadsheet_would_calculate() -> None:
    assert recorded("=HYPERLINK(1)\n@home\n- 2 Alder Close").lines == (
        "HYPERLINK(1)",
        "home",
        "2 Alder Close",
    )


def test_a_label_has_the_town_in_capitals_and_neither_commas_nor_full_stops() -> None:
    said = address(lines=("Flat 2, Alder Ct.", "14, Alder Close"), town="St. Helens").for_a_label()
    assert said == (
        "Dawn Example",
        "Flat 2",
        "Alder Ct",
        "14 Alder Close",
        "ST HELENS",
        "L8 1TJ",
    )


def test_a_hint_gives_number_and_three_letters_and_no_more() -> None:
    assert address().hint() == "number 14, postcode ending 1TJ"
    assert address(lines=("The Old Mill",)).hint() == "no house number, postcode ending 1TJ"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines": ()}, "The street is missing. Ask for it."),
        ({"town": ""}, "The town is missing. Ask for it."),
        ({"postcode": "PL4 8"}, "The postcode is not complete. Ask for it."),
        ({"postcode": "ZZ99 3VZ"}, "The postcode is not complete. Ask for it."),
        ({"lines": ("x" * 101,)}, "One line of the address is longer than 100 letters. Divide it."),
        ({"name": "x" * 201}, "The name is longer than 200 letters. Shorten it."),
        ({"postcode": "W1P 1HQ"}, None),
        ({"postcode": "GIR 0AA"}, None),
        ({"town": "", "postcode": "75001 Paris", "country": "FR"}, None),
    ],
)
def test_a_problem_is_one_sentence(change: dict[str, object], sentence: str | None) -> None:
    assert problem_with(address(**change)) == sentence


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts, st.lists(texts, max_size=4).map(tuple), texts, texts)
def test_a_frozen_address_comes_back_as_it_was(
    name: str, lines: tuple[str, ...], town: str, postcode: str
) -> None:
    before = Address(name, lines, town, postcode, "GB")
    assert read_address(before.to_text()) == before


def test_the_same_door_is_recognised_however_it_is_written() -> None:
    other = address(name="Somebody else", lines=("14  alder close,",), postcode="L81TJ")
    assert address().is_same_place(other)
    assert not address().is_same_place(address(lines=("41 Alder Close",)))
