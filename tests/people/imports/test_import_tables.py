"""One table, however it is written: the people in it are the same."""

import codecs
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.people.imports.columns import Field, guess_columns
from programme.people.imports.rows import Candidate, Reading
from programme.people.imports.sheets import UnreadableFile, read_sheet

Read = Callable[[bytes], Reading]
Write = Callable[..., bytes]

HEADER = ("First name", "Surname", "Mobile", "E-mail", "Address", "Children", "Notes")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "mac_roman")
DELIMITERS = (",", "\t", ";", "|")

letters = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
first_names = st.builds(
    lambda middle, accent, end: f"A{middle}{accent}{end}",
    st.text(letters, min_size=1, max_size=5),
    st.sampled_from("éëèáçñöü"),
    st.sampled_from(["", "l", "na"]),
)
surnames = st.builds(lambda rest: f"O'B{rest}", st.text(letters, min_size=2, max_size=8))
people = st.builds(
    lambda first, surname, number, child, age: (
        first,
        surname,
        f"07700 {900_000 + number}",
        f"person{number}@example.org",
        f"{number % 90 + 1} Mill Lane, Leeds, LS1 1AA",
        f"{child} {age}; Ann {age % 7}",
        "one, two; three | four",
    ),
    first_names,
    surnames,
    st.integers(0, 999),
    first_names,
    st.integers(1, 17),
)
tables = st.lists(people, min_size=1, max_size=8, unique_by=lambda row: row[2])
relaxed = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def told(reading: Reading) -> list[Candidate]:
    return [replace(person, row=0, problems=(), notices=()) for person in reading.candidates]


@relaxed
@given(tables)
def test_a_table_is_the_same_in_every_encoding_and_delimiter_and_as_a_workbook(
    read: Read, as_csv: Write, as_xlsx: Write, rows: list[tuple[str, ...]]
) -> None:
    table = [HEADER, *rows]
    expected = told(read(as_csv(table)))
    assert [person.first_name for person in expected] == [row[0] for row in rows]
    for encoding in ENCODINGS:
        for delimiter in DELIMITERS:
            written = as_csv(table, delimiter=delimiter, encoding=encoding)
            assert told(read(written)) == expected, (encoding, delimiter)
    assert told(read(as_xlsx(table))) == expected


@relaxed
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused_with_one_sentence(read: Read, data: bytes) -> None:
    sentence = ""
    try:
        read(data)
    except UnreadableFile as error:
        sentence = str(error)
    assert sentence[-1:] in ("", ".")


@relaxed
@given(
    st.lists(st.lists(st.text(max_size=30), min_size=5, max_size=9), min_size=1, max_size=12),
    st.sampled_from(DELIMITERS),
)
def test_any_cells_below_good_headings_become_people_or_skipped_rows(
    read: Read, as_csv: Write, rows: list[list[str]], delimiter: str
) -> None:
    encoded = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    try:
        reading = read(as_csv([HEADER, *encoded], delimiter=delimiter))
    except UnreadableFile:
        return
    numbers = [person.row for person in reading.candidates] + [row.row for row in reading.skipped]
    assert len(numbers) == len(set(numbers))


def test_old_mac_and_unix_line_ends_are_read(read: Read, as_csv: Write) -> None:
    rows = [HEADER, ("Zoë", "Lee", "07700900101", "", "", "", "")]
    for end in (b"\n", b"\r"):
        (person,) = read(as_csv(rows, encoding="mac_roman").replace(b"\r\n", end)).candidates
        assert (person.row, person.first_name) == (2, "Zoë")


def test_cells_of_several_lines_count_as_one_row(as_csv: Write) -> None:
    rows = [HEADER, ("Ann", "Lee", "", "", "1 Mill Lane\nLeeds", "", ""), ("Bo", *[""] * 6)]
    sheet = read_sheet(as_csv(rows), "families.csv")
    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.rows[0].cells[4] == "1 Mill Lane\nLeeds"


def test_text_that_was_read_wrongly_once_before_is_put_right(read: Read, as_csv: Write) -> None:
    twice = "Zoë".encode().decode("cp1252")
    (person,) = read(as_csv([HEADER, (twice, "Lee", "07700900101", "", "", "", "")])).candidates
    assert person.first_name == "Zoë"


def test_an_order_to_excel_in_the_first_line_is_obeyed_and_not_counted() -> None:
    sheet = read_sheet(b"sep=;\r\nName;Phone\r\nAnn Lee;07700900101\r\n", "families.csv")
    assert sheet.header == ("Name", "Phone")
    assert [row.number for row in sheet.rows] == [2]


def test_an_unmarked_utf16_file_is_known_by_its_noughts(as_csv: Write) -> None:
    data = as_csv([HEADER, ("Ann", *[""] * 6)], encoding="utf-16-be")
    assert not data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
    assert read_sheet(data, "families.csv").header == HEADER


def test_a_workbook_named_csv_and_a_csv_named_xlsx_are_judged_by_content(
    as_csv: Write, as_xlsx: Write
) -> None:
    rows = [HEADER, ("Ann", "Lee", "07700900101", "", "", "", "")]
    assert read_sheet(as_xlsx(rows), "families.csv") == read_sheet(as_csv(rows), "families.xlsx")


@pytest.mark.parametrize("trick", ['="07700900101"', "'07700900101"])
def test_tricks_that_keep_a_nought_are_opened(read: Read, as_csv: Write, trick: str) -> None:
    (person,) = read(as_csv([HEADER, ("Ann", "Lee", trick, "", "", "", "")])).candidates
    assert person.phone == "+447700900101"


def test_every_column_has_a_field(as_csv: Write) -> None:
    sheet = read_sheet(as_csv([HEADER, ("Ann", *[""] * 6)]), "families.csv")
    assert list(guess_columns(sheet).values()) == [
        Field.FIRST_NAME,
        Field.SURNAME,
        Field.PHONE,
        Field.EMAIL,
        Field.FULL_ADDRESS,
        Field.CHILDREN,
        Field.NOTES,
    ]
