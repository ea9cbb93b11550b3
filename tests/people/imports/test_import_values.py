"""What single cells are read as."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.people.imports.addresses import Address, read_address
from programme.people.imports.answers import read_do_not_post, read_large_print, read_may_text
from programme.people.imports.children import read_children
from programme.people.imports.dates import read_consent_date, read_date
from programme.people.imports.emails import read_email
from programme.people.imports.fields import Field
from programme.people.imports.found import is_formula
from programme.people.imports.languages import read_language
from programme.people.imports.names import Name, put_comma_after_surname, split_full_name
from programme.people.imports.phones import normalise_phone, read_phone
from programme.people.imports.relationships import Relationship, read_relationship

ON = date(2026, 9, 14)


@pytest.mark.parametrize(
    "written",
    [
        "7700900101", "7700900101.0", "7.700900101E+09", "07700 900 101", "07700-900-101",
        "+44 (0)7700 900101", "0044 (0) 7700 900 101", "447700900101", "+4407700900101",
        "mob: 07700900101", "O7700 9OO1O1", "07700/900101", "07700 900101 (after 6)",
    ],
)  # fmt: skip
def test_one_mobile_has_many_spellings(written: str) -> None:
    assert read_phone(written).value == "+447700900101"


def test_a_mobile_is_taken_before_a_landline_and_the_other_is_named() -> None:
    found = read_phone("01632 960001 or 07700 900101")
    assert found.value == "+447700900101"
    assert "01632 960001 is not" in found.notices[0]


@pytest.mark.parametrize("written", ["07700 90011", "7.7009E+09", "ask mum", "077009001011", "999"])
def test_a_phone_that_nobody_can_ring_is_a_problem(written: str) -> None:
    found = read_phone(written)
    assert found.value is None
    assert len(found.problems) == 1


@given(st.text(alphabet="0123456789+()- /oOxeE.;,", max_size=70))
def test_a_normal_phone_is_normal(text: str) -> None:
    phone = normalise_phone(text)
    assert phone is None or normalise_phone(phone) == phone


@given(st.from_regex(r"7[0-9]{9}", fullmatch=True))
def test_a_mobile_without_its_nought_is_the_same_mobile(digits: str) -> None:
    written = (digits, f"0{digits}", f"+44{digits}", f"0044{digits}", f"{digits}.0")
    assert {normalise_phone(phone) for phone in written} == {f"+44{digits}"}


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("DONNA@EXAMPLE.ORG", "donna@example.org"),
        ("mailto:ann@example.org;", "ann@example.org"),
        ("Ann Lee <ann@example.org>", "ann@example.org"),
        ("ann@family.test", "ann@family.test"),
        ("o'neill+group@example.org", "o'neill+group@example.org"),
        ("n/a", None),
    ],
)
def test_emails_are_kept_in_lower_case(written: str, address: str | None) -> None:
    assert read_email(written).value == address


@pytest.mark.parametrize("written", ["leanne.w@example", "leanne.w", "a b@", "a..b@example.org"])
def test_half_an_email_is_a_problem(written: str) -> None:
    assert read_email(written).problems


@pytest.mark.parametrize(
    "written",
    [
        "3/9/26", "03/09/2026", "03.09.26", "2026-09-03", "46268", "3 Sept 2026", "20260903",
        "3rd September 2026", "Thu 3 Sep 26", "Sept 3, 2026", "2026-09-03T00:00:00",
    ],
)  # fmt: skip
def test_a_day_is_written_in_many_ways(written: str) -> None:
    assert read_date(written) == date(2026, 9, 3)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_day_comes_before_month_whatever_the_day(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year}") == day
    assert read_date(f"{day:%d-%m-%Y}") == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize("written", ["31/13/2026", "30/02/2026", "tomorrow", "3/9"])
def test_what_is_no_day_in_the_calendar_is_a_problem(written: str) -> None:
    assert read_consent_date(written, ON).problems


def test_month_first_is_read_only_where_day_first_cannot_be_and_says_so() -> None:
    found = read_consent_date("09/13/2026", ON)
    assert found.value == date(2026, 9, 13)
    assert "month first" in found.notices[0]


def test_a_consent_without_a_day_refused_or_in_the_future_is_pointed_out() -> None:
    assert read_consent_date("yes", ON).notices
    assert read_consent_date("No", ON).problems
    assert "future" in read_consent_date("1/10/2026", ON).notices[0]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Bethan Price", Name("Bethan", "Price")),
        ("Wilson, Karen", Name("Karen", "Wilson")),
        ("PRICE Bethan", Name("Bethan", "Price")),
        ("VAN DER BERG Anna", Name("Anna", "van der Berg")),
        ("Gwenllian ap Rhys", Name("Gwenllian", "ap Rhys")),
        ("Anna van der Berg", Name("Anna", "van der Berg")),
        ("DONNA O'NEILL", Name("Donna", "O'Neill")),
        ("Mrs Donna O’Neill", Name("Donna", "O’Neill")),
        ('Karen "Kaz" Wilson', Name("Karen", "Wilson", "Kaz")),
        ("Karen (Kaz) Wilson", Name("Karen", "Wilson", "Kaz")),
        ("Mary Jane Smith", Name("Mary Jane", "Smith")),
        ("de la Cruz, Maria", Name("Maria", "de la Cruz")),
    ],
)
def test_whole_names_are_split(written: str, name: Name) -> None:
    assert split_full_name(written) == name


def test_surname_first_without_a_comma_is_known_from_the_heading() -> None:
    assert put_comma_after_surname("van der Berg Anna") == "van der Berg, Anna"
    assert put_comma_after_surname("Price Bethan") == "Price, Bethan"


@pytest.mark.parametrize(
    ("written", "children"),
    [
        ("Nicholas 16; Ellie 9; Sam 6", [("Nicholas", 2010), ("Ellie", 2017), ("Sam", 2020)]),
        ("Ola (4)", [("Ola", 2022)]),
        ("Zoe (12) and Cara, 8", [("Zoe", 2014), ("Cara", 2018)]),
        ("Zoe, 12, Cara, 8", [("Zoe", 2014), ("Cara", 2018)]),
        ("Ellie b. 2017 / Sam 2019", [("Ellie", 2017), ("Sam", 2019)]),
        ("Ellie (born 12/05/2017)", [("Ellie", 2017)]),
        ("Zoe 12yrs, Cara 8 years old", [("Zoe", 2014), ("Cara", 2018)]),
        ("Tobi 18 months", [("Tobi", 2025)]),
        ("TOM is 9 & ANA is 7", [("Tom", 2017), ("Ana", 2019)]),
        ("1. Zoë 12\n2. Jean-Luc 8", [("Zoë", 2014), ("Jean-Luc", 2018)]),
    ],
)
def test_children_are_a_first_name_and_a_birth_year(
    written: str, children: list[tuple[str, int]]
) -> None:
    found = read_children(written, ON)
    assert [(child.first_name, child.birth_year) for child in found.value] == children
    assert not found.notices


def test_children_without_an_age_or_with_a_surname_are_pointed_out() -> None:
    assert "Jayden" in read_children("Jayden & Kiera (3)", ON).notices[0]
    found = read_children("Ellie Hargreaves 9", ON)
    assert [child.first_name for child in found.value] == ["Ellie"]
    assert "first names" in found.notices[0]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (
            "Flat 3, 27 Mill Lane, Banbury, OX16 5AB",
            Address(("Flat 3", "27 Mill Lane"), "Banbury", "", "OX16 5AB"),
        ),
        ("4 Oak Terrace Wrexham ll111ab", Address(("4 Oak Terrace",), "Wrexham", "", "LL11 1AB")),
        (
            "27, Mill Lane\nBanbury\nOxfordshire\nOX16 5AB\nUK",
            Address(("27 Mill Lane",), "Banbury", "Oxfordshire", "OX16 5AB"),
        ),
        (
            "12 Green Lane St Albans AL1 1AA",
            Address(("12 Green Lane",), "St Albans", "", "AL1 1AA"),
        ),
    ],
)
def test_an_address_in_one_cell_is_taken_apart(written: str, address: Address) -> None:
    assert read_address({Field.FULL_ADDRESS: written}).value == address


def test_an_address_in_columns_keeps_its_lines() -> None:
    cells = {
        Field.ADDRESS1: "Flat 3",
        Field.ADDRESS2: "27 Mill Lane",
        Field.TOWN: "Banbury OX16 5AB",
    }
    assert read_address(cells).value == Address(
        ("Flat 3", "27 Mill Lane"), "Banbury", "", "OX16 5AB"
    )


def test_half_a_postcode_at_the_end_of_an_address_is_a_problem() -> None:
    found = read_address({Field.FULL_ADDRESS: "33 Chapel Row, Plymouth PL4 8"})
    assert found.value.town == "Plymouth"
    assert "the postcode PL4 8 is not complete" in found.problems[0]


def test_a_nought_for_the_letter_o_is_put_right_and_said() -> None:
    found = read_address({Field.POSTCODE: "0X16 5AB"})
    assert found.value.postcode == "OX16 5AB"
    assert found.notices


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Mum", Relationship.MOTHER), ("Nain", Relationship.GRANDPARENT),
        ("Nan", Relationship.GRANDPARENT),
        ("Step-dad", Relationship.STEP_PARENT), ("step mum", Relationship.STEP_PARENT),
        ("Aunty", Relationship.AUNT_OR_UNCLE), ("kinship carer", Relationship.OTHER_CARER),
        ("foster mum", Relationship.FOSTER_CARER), ("big sister", Relationship.SIBLING),
        ("Dad’s mum", Relationship.GRANDPARENT), ("Mum's partner", Relationship.OTHER_CARER),
        ("Mother-in-law", Relationship.OTHER_CARER), ("Mam-gu", Relationship.GRANDPARENT),
    ],
)  # fmt: skip
def test_relationship_words_are_known(word: str, kind: Relationship) -> None:
    assert read_relationship(word).value is kind


def test_an_unknown_relationship_is_another_carer_and_worth_a_look() -> None:
    found = read_relationship("zzz")
    assert found.value is Relationship.OTHER_CARER
    assert found.notices


@pytest.mark.parametrize(
    ("word", "code"),
    [("Cymraeg", "cy"), ("English", "en"), ("", "en"), ("Türkçe", "tr"), ("اردو", "ur"),
     ("English/Urdu", "ur"), ("हिन्दी", "hi"), ("Język polski", "pl"), ("cy", "cy")],
)  # fmt: skip
def test_languages_are_known_by_their_own_names_too(word: str, code: str) -> None:
    assert read_language(word).value == code


def test_an_unknown_language_is_kept_with_a_problem() -> None:
    found = read_language("Klingon")
    assert found.value == "Klingon"
    assert found.problems


@pytest.mark.parametrize("word", ["Y", "yes", "TRUE", "1", "x", "✓", "Yes please"])
def test_yes_is_said_in_many_ways(word: str) -> None:
    assert read_may_text(word).value is True


@pytest.mark.parametrize("word", ["", "N", "no", "FALSE", "0", "No, email her"])
def test_no_and_blank_are_no(word: str) -> None:
    assert read_may_text(word).value is False


def test_what_is_neither_yes_nor_no_is_taken_the_safe_way() -> None:
    assert read_may_text("sometimes").value is False
    assert read_do_not_post("sometimes").value is True
    assert read_do_not_post("sometimes").notices


def test_a_format_other_than_large_print_becomes_an_access_need() -> None:
    assert read_large_print("Large print") == (True, "")
    assert read_large_print("Braille") == (False, "Braille")


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.org","Rob")', "=A1&B1", "@SUM(A1)", "+cmd|' /C calc'!A0"]
)
def test_formulas_are_known_by_their_beginning(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", ["+44 7700 900101", "@annlee", "- none -"])
def test_signs_alone_make_no_formula(text: str) -> None:
    assert not is_formula(text)


@pytest.mark.parametrize(
    "written",
    ["SMITH, Jane (Mrs)", "Smith, Jane Mrs", "Jane Smith (she/her)", "Jane (gran) Smith",
     "Mrs. Jane Smith (née Jones)"],
)  # fmt: skip
def test_a_title_and_what_one_is_to_a_child_are_nothing_to_be_called_by(written: str) -> None:
    assert split_full_name(written) == Name("Jane", "Smith", "")


def test_a_childs_birthday_as_a_spreadsheet_counts_days_gives_the_year() -> None:
    (child,) = read_children("Ben 43000", ON).value
    assert child.birth_year == 2017
