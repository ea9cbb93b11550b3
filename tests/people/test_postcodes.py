import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.people.postcodes import is_postcode, take_postcode, tidy_postcode


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("l8 1tj", "L8 1TJ"),
        ("OX165AB", "OX16 5AB"),
        (" e13  9aa ", "E13 9AA"),
        ("W1P 1AA", "W1P 1AA"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("gir 0aa", "GIR 0AA"),
        ("BF1 1AA", "BF1 1AA"),
        ("LL55 1AB", "LL55 1AB"),
        ("M1 1AE", "M1 1AE"),
    ],
)
def test_a_whole_postcode_is_written_in_capitals_with_one_space(written: str, tidy: str) -> None:
    assert tidy_postcode(written) == tidy


@pytest.mark.parametrize(
    "written",
    ["", "PL4 8", "PL4", "ZZ99 3WZ", "L8 1TC", "QA1 1AA", "12345", "L8 1TJ L8 1TJ", "Ｌ8 1TJ"],
)
def test_half_and_made_up_postcodes_are_refused(written: str) -> None:
    assert not is_postcode(written)


def test_a_postcode_is_taken_out_of_the_text_around_it() -> None:
    assert take_postcode("Liverpool L8 1tj") == ("Liverpool ", "L8 1TJ")
    assert take_postcode("Flat 3, 27 Mill Lane") == ("Flat 3, 27 Mill Lane", None)


@given(st.text())
def test_a_tidy_postcode_is_tidied_to_itself(text: str) -> None:
    tidy = tidy_postcode(text)
    assert tidy is None or tidy_postcode(tidy) == tidy
