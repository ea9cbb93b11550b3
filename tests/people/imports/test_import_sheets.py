"""Titles, totals, several sheets, hidden and merged cells, headings of every sort."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from programme.people.imports.columns import FIELD_LABELS, Field, guess_columns
from programme.people.imports.headings import field_for
from programme.people.imports.rows import Reading
from programme.people.imports.sheets import UnreadableFile, read_sheet

Read = Callable[[bytes], Reading]
Write = Callable[..., bytes]
ANN = ("Ann Lee", "07700900101", "LS1 1AA")


def fields(data: bytes) -> list[Field]:
    return list(guess_columns(read_sheet(data, "f")).values())


def test_titles_and_blank_rows_above_the_headings_are_passed_over(as_xlsx: Write) -> None:
    rows = [("CHILDREN & FAMILIES: group",), (), ("Name", "Phone", "Postcode"), (), ANN]
    sheet = read_sheet(as_xlsx(rows), "f")
    assert sheet.header_row == 3
    assert [(row.number, any(row.cells)) for row in sheet.rows] == [(4, False), (5, True)]


@pytest.mark.parametrize(
    "total", [("TOTAL", "1", ""), ("", "1", ""), ("Total families:", "", "1"), ("", "=COUNTA(B2)")]
)
def test_totals_are_known_by_their_shape(read: Read, as_csv: Write, total: tuple[str]) -> None:
    reading = read(as_csv([("Name", "Phone", "Postcode"), ANN, total]))
    assert len(reading.candidates) == 1
    assert [row.row for row in reading.skipped] == [3]


def test_headings_again_and_remarks_below_are_no_people(read: Read, as_csv: Write) -> None:
    header = ("Name", "Phone", "Postcode")
    reading = read(as_csv([header, ANN, header, ("Printed 11/09/2026", "", "")]))
    assert [row.row for row in reading.skipped] == [3, 4]


def test_the_sheet_of_people_is_chosen_and_the_others_named(as_xlsx: Write) -> None:
    def arrange(book: Workbook) -> None:
        book.create_sheet("Read me", 0).append(["How to fill this in"])
        book.create_sheet("South").append(["Name", "Phone"])
        book["South"].append(["Bo Day", "07700900102"])

    sheet = read_sheet(as_xlsx([("Name", "Phone", "Postcode"), ANN], arrange), "f")
    assert sheet.header == ("Name", "Phone", "Postcode")
    assert any("“South” may hold people" in note for note in sheet.notes)
    assert any("“Read me”" in note for note in sheet.notes)


def test_a_hidden_column_is_named_and_gives_way_to_one_that_is_seen(as_xlsx: Write) -> None:
    def arrange(book: Workbook) -> None:
        book.worksheets[0].column_dimensions["B"].hidden = True

    rows = [("Name", "Mobile", "Phone", "Email"), ("Ann Lee", "07700900109", "07700900101", "")]
    sheet = read_sheet(as_xlsx(rows, arrange), "f")
    assert "column B (“Mobile”)" in sheet.notes[0]
    assert guess_columns(sheet)[1] is Field.IGNORE
    assert guess_columns(sheet)[2] is Field.PHONE


def test_a_cell_merged_over_two_people_counts_for_both(read: Read, as_xlsx: Write) -> None:
    def arrange(book: Workbook) -> None:
        book.worksheets[0].merge_cells("C2:C3")

    rows = [
        ("Name", "Phone", "Address"),
        ("Sam Patel", "07700900107", "5 Quarry Hill, Telford, TF1 1AB"),
        ("Priya Patel", "07700900107", None),
    ]
    one, other = read(as_xlsx(rows, arrange)).candidates
    assert one.address == other.address
    assert other.address.postcode == "TF1 1AB"


def test_excel_cells_are_read_as_their_values(read: Read, as_xlsx: Write) -> None:
    rows = [
        ("Name", "Phone", "OK to text", "Consent date", "Notes"),
        ("Ann Lee", 7700900101, True, datetime(2026, 9, 3), 12.5),  # noqa: DTZ001
        ("Bo Day", 7700900102.0, False, date(2026, 9, 4), None),
        ("Cy Fox", "07700900103", None, 46268, None),
    ]
    ann, bo, cy = read(as_xlsx(rows)).candidates
    assert (ann.phone, ann.may_text, ann.notes) == ("+447700900101", True, "12.5")
    assert (bo.phone, bo.may_text, bo.consent_date) == ("+447700900102", False, date(2026, 9, 4))
    assert cy.consent_date == date(2026, 9, 3)


def test_a_formula_in_a_workbook_is_text_that_asks_for_the_name(read: Read, as_xlsx: Write) -> None:
    rows = [("Name", "Phone"), ('=HYPERLINK("http://example.org","Rob")', "07700900101")]
    (person,) = read(as_xlsx(rows)).candidates
    assert "is a formula" in person.problems[0].message
    assert person.first_name == ""


def test_a_size_that_the_file_states_wrongly_is_not_believed(read: Read, as_xlsx: Write) -> None:
    data = as_xlsx([("Name", "Phone"), ("Ann Lee", "07700900101"), ("Bo Day", "07700900102")])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:B3"', b'ref="A1"'))
    assert len(read(changed.getvalue()).candidates) == 2


def test_a_row_of_groups_tells_two_names_apart(read: Read, as_xlsx: Write) -> None:
    rows = [
        ("Carer", None, "Child", None),
        ("Name", "Phone", "Name", "Age"),
        ("Ann Lee", "07700900101", "Zoe", 12),
    ]
    (person,) = read(as_xlsx(rows)).candidates
    assert person.first_name == "Ann"
    assert [(c.first_name, c.birth_year) for c in person.children] == [("Zoe", 2014)]


def test_children_in_columns_of_their_own_are_read_together(read: Read, as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Child 1", "Age", "Child 2", "Age"),
        ("Ann Lee", "07700900101", "Zoe", "12", "Cara", "8"),
    ]
    (person,) = read(as_csv(rows)).candidates
    assert [c.first_name for c in person.children] == ["Zoe", "Cara"]
    assert [c.birth_year for c in person.children] == [2014, 2018]


def test_a_family_over_several_rows_is_one_person(read: Read, as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Child"),
        ("Ann Lee", "07700900101", "Zoe 12"),
        ("", "", "Cara 8"),
        ("Ann Lee", "07700900101", "Dev 6"),
    ]
    reading = read(as_csv(rows))
    assert [len(person.children) for person in reading.candidates] == [3]
    assert [row.row for row in reading.skipped] == [3, 4]


def test_a_file_without_headings_is_read_by_the_shape_of_its_values(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Ann Lee", "07700900101", "ann@example.org", "LS1 1AA", "Zoe 12"),
        ("Bo Day", "07700900102", "bo@example.org", "LS1 1AB", "Cara 8"),
    ]
    data = as_csv(rows)
    assert fields(data) == [
        Field.FULL_NAME, Field.PHONE, Field.EMAIL, Field.POSTCODE, Field.CHILDREN,
    ]  # fmt: skip
    assert read_sheet(data, "f").header_row == 0
    assert [person.row for person in read(data).candidates] == [1, 2]


def test_a_heading_that_says_little_is_settled_by_its_values(as_csv: Write) -> None:
    rows = [("Name", "Contact", "Number"), ("Ann Lee", "ann@example.org", "07700900101")]
    assert fields(as_csv(rows)) == [Field.FULL_NAME, Field.EMAIL, Field.PHONE]


def test_name_beside_surname_is_the_first_name(as_csv: Write) -> None:
    rows = [("Name", "Surname", "Phone"), ("Ann", "Lee", "07700900101")]
    assert fields(as_csv(rows))[:2] == [Field.FIRST_NAME, Field.SURNAME]


def test_address_beside_town_is_its_first_line(as_csv: Write) -> None:
    rows = [("Name", "Phone", "Address", "Town", "Postcode"), ("A B", "", "1 High St", "Leeds", "")]
    assert fields(as_csv(rows))[2] is Field.ADDRESS1


def test_house_number_and_street_are_two_lines_in_the_file_s_order(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Name", "Phone", "House no", "Street", "Town", "Postcode"),
        ("Ann Lee", "07700900101", "27", "Mill Lane", "Banbury", "OX16 5AB"),
    ]
    assert fields(as_csv(rows))[2:4] == [Field.ADDRESS1, Field.ADDRESS2]
    assert read(as_csv(rows)).candidates[0].address.lines == ("27 Mill Lane",)


def test_address_beside_address_2_is_the_first_of_two_lines(as_csv: Write) -> None:
    rows = [("Name", "Phone", "Address", "Address 2"), ("Ann Lee", "", "1 Mill Lane", "Ely")]
    assert fields(as_csv(rows))[2:] == [Field.ADDRESS1, Field.ADDRESS2]


def test_an_address_under_one_heading_over_several_columns_is_whole(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Name", "Phone", "Address", "", ""),
        ("Ann Lee", "07700900101", "1 The Green", "Ely", "CB7 4AA"),
    ]
    address = read(as_csv(rows)).candidates[0].address
    assert (address.lines, address.town, address.postcode) == (("1 The Green",), "Ely", "CB7 4AA")


def test_a_home_phone_and_a_mobile_of_one_person_are_read_together(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Name", "Tel (home)", "Tel (mobile)", "Parent 2 phone"),
        ("Ann Lee", "01632 960111", "07700900101", "07700900109"),
        ("Bo Day", "", "07700900102", "07700900108"),
    ]
    assert fields(as_csv(rows))[1:] == [Field.PHONE, Field.PHONE, Field.IGNORE]
    phones = [person.phone for person in read(as_csv(rows)).candidates]
    assert phones == ["+447700900101", "+447700900102"]


def test_the_questions_of_a_web_form_are_headings_too(as_csv: Write) -> None:
    rows = [
        (
            "Timestamp", "Your full name", "What's your mobile number?", "Email Address",
            "Are you happy for us to text you?", "What is your relationship to the child?",
            "Names and ages of your children", "Home address (including postcode)",
            "Would you like large print?", "Any food allergies we should know about?",
            "Which language do you prefer?", "Is there anything else you'd like us to know?",
        ),
        ("11/09/2026 10:22:11", "Ann Lee", "07700900101", *[""] * 9),
    ]  # fmt: skip
    assert fields(as_csv(rows)) == [
        Field.IGNORE, Field.FULL_NAME, Field.PHONE, Field.EMAIL, Field.OK_TO_TEXT,
        Field.RELATIONSHIP, Field.CHILDREN, Field.FULL_ADDRESS, Field.LARGE_PRINT,
        Field.ALLERGIES, Field.LANGUAGE, Field.NOTES,
    ]  # fmt: skip


def test_columns_about_somebody_else_are_left_out(as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Prisoner name", "Referrer email", "Emergency contact number", "HMP"),
        ("Ann Lee", "07700900101", "Tom Lee", "w@example.org", "07700900999", "Anywhere"),
    ]
    assert fields(as_csv(rows))[2:] == [Field.IGNORE] * 4


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Parent/Carer's full name", Field.FULL_NAME), ("Best contact no.", Field.PHONE),
        ("E-Mail Adress", Field.EMAIL), ("Post-code", Field.POSTCODE),
        ("Kids + ages", Field.CHILDREN), ("Child 1 DOB", Field.CHILDREN),
        ("Relationship to child", Field.RELATIONSHIP), ("No. of children", Field.IGNORE),
        ("Is it OK to text this number? Y/N", Field.OK_TO_TEXT),
        ("Mobile number (with permission to text)", Field.PHONE),
        ("Dietry requirements", Field.ALLERGIES), ("Surname, First name", Field.FULL_NAME),
        ("Date consent form signed", Field.CONSENT_DATE), ("Enw cyntaf", Field.FIRST_NAME),
        ("Cod post", Field.POSTCODE), ("Any access requirements?", Field.ACCESS_NEEDS),
        ("What language do you speak at home?", Field.LANGUAGE), ("Wing", Field.IGNORE),
    ],
)  # fmt: skip
def test_headings_are_known_in_many_words(heading: str, field: Field) -> None:
    assert field_for(heading)[0] is field


def test_every_field_has_a_label_in_plain_english() -> None:
    assert set(FIELD_LABELS) == set(Field)


def test_a_file_without_any_people_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no row of headings"):
        read_sheet(b"Dear all\nthank you for coming\nsee you soon\n", "f")


def test_a_formula_is_read_as_what_it_last_came_to(read: Read, as_xlsx: Write) -> None:
    rows = [
        ("Name", "Phone"),
        ('=A9&" "&B9', '=CONCATENATE("07700","900101")'),
        ("=COUNTA(A2:A2)",),
    ]
    results = {b"A2": b"Ann Lee", b"B2": b"07700900101", b"A3": b"1"}
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(rows))) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, _with_results(old.read(name), results))
    reading = read(changed.getvalue())
    assert [(p.first_name, p.surname, p.phone) for p in reading.candidates] == [
        ("Ann", "Lee", "+447700900101")
    ]


def _with_results(part: bytes, results: dict[bytes, bytes]) -> bytes:
    for cell, result in results.items():
        pattern = rb'<c r="' + cell + rb'"[^>]*>(<f>.*?</f>)<v ?/?>(?:</v>)?</c>'
        part = re.sub(pattern, rb'<c r="' + cell + rb'" t="str">\1<v>' + result + b"</v></c>", part)
    return part
