"""Files for the carrier: its headings, its lengths, and nothing that reveals or calculates."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from programme.foundation.csv_tables import safe_cell
from programme.parcels.carrier import CLICK_AND_DROP, click_and_drop, plain_table
from programme.people.addresses import Address, address_of, problem_with
from programme.people.models import Household, Participant
from tests.parcels.test_papers import row


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_parcel_is_one_row_under_the_carriers_own_headings() -> None:
    text, warnings = click_and_drop([row()])
    assert warnings == ()
    assert read(text) == [
        {
            "Order reference": "R1",
            "Date": "27/10/2026",
            "Full name": "Dawn Example",
            "Address Line 1": "14 Alder Close",
            "Address Line 2": "",
            "Address Line 3": "",
            "City": "Liverpool",
            "County": "",
            "Postcode": "L8 1TJ",
            "Country": "United Kingdom",
            "Service Code": "",
            "Package Format": "",
            "Weight": "0.340",
        }
    ]


def test_neither_phone_nor_email_is_in_the_file() -> None:
    assert not {"Phone", "Email"} & set(CLICK_AND_DROP)


def test_more_lines_than_the_carrier_has_are_joined_and_not_lost() -> None:
    text, _ = click_and_drop([row(lines=("Flat 1", "The Court", "2 Hill Road", "Village"))])
    assert read(text)[0]["Address Line 3"] == "2 Hill Road, Village"


def test_accents_are_written_plainly_and_said() -> None:
    text, warnings = click_and_drop([row(name="Nguyễn Kőszegi Łuk")])
    assert read(text)[0]["Full name"] == "Nguyen Koszegi Luk"
    assert warnings == ("R1: written without its accents.",)


def test_another_script_is_left_out_and_said() -> None:
    text, warnings = click_and_drop([row(1, name="Олена"), row(2)])
    assert [line["Order reference"] for line in read(text)] == ["R2"]
    assert warnings == ("R1: left out, because the carrier takes Roman letters only.",)


def test_a_cell_is_never_a_formula() -> None:
    for start in "=+-@\t\r":
        assert safe_cell(f"{start}1").startswith("'")
    text, _ = plain_table([row(name="=cmd()")])
    assert read(text)[0]["Name"] == "'=cmd()"


words = st.text(st.characters(categories=["L", "N", "Zs", "Po", "Pd"], max_codepoint=0x17F))


@given(words, st.lists(words, min_size=1, max_size=3), words)
def test_an_address_without_problems_goes_through_the_plain_file_and_back(
    name: str, lines: list[str], town: str
) -> None:
    home = Household(address_lines="\n".join(lines), town=town, postcode="L8 1TJ", country="GB")
    before = address_of(Participant(known_as="Dawn", first_name=name, surname="Example"), home)
    if problem_with(before):
        return
    text, _ = plain_table([row(**vars(before))])
    (after,) = read(text)
    assert after["Name"] == before.name
    assert after["Address"] == ", ".join(before.lines)
    assert (after["Town"], after["Postcode"]) == (before.town, before.postcode)


def test_no_row_is_longer_than_the_carrier_takes() -> None:
    long = Address("N" * 200, ("L" * 100,) * 3, "T" * 100, "L8 1TJ", "GB")
    assert problem_with(long) is None
    (line,) = read(click_and_drop([row(**vars(long))])[0])
    assert len(line["Full name"]) == 200
    assert len(line["Address Line 3"]) <= 100
    joined = Address("N", ("L" * 60,) * 4, "T", "L8 1TJ", "GB")
    assert problem_with(joined) is not None
