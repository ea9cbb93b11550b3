"""Files that are broken, enormous or something else: one sentence each, and quickly."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest

from programme.people.imports.sheets import UnreadableFile, read_sheet

Write = Callable[..., bytes]
ROWS = (("Name", "Phone"), ("Ann Lee", "07700900101"))
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = b"</sheetData></worksheet>"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMORY = 200 * 1024 * 1024
SECONDS = 8  # twice what a busy machine of two cores needs


@pytest.fixture(autouse=True)
def _is_quick_and_small() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < SECONDS


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_sheet(data, "families.xlsx")
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    return sentence


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return changed.getvalue()


def zip_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b",,,\r\n,,,\r\n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n...", "picture"),
        (b"\xff\xd8\xff\xe0...", "picture"),
        (b"<!DOCTYPE html><table><tr><td>Name", "web page"),
        (b"\n <html><body>", "web page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:o">', "saved as XML"),
        (OLD_OFFICE + b"\x00" * 600, "old spreadsheet"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, "password"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"Name,Phone\r\nAnn\x00Lee,07700900101\r\n", "neither a spreadsheet nor text"),
        (b"\xff\xfeN\x00a", "neither a spreadsheet nor text"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (zip_of("holiday.jpg"), "archive"),
        (zip_of("word/document.xml", "[Content_Types].xml"), "text document"),
        (zip_of("content.xml", "mimetype"), "OpenDocument"),
        (zip_of("xl/workbook.bin", "[Content_Types].xml"), "binary workbook"),
        (zip_of("xl/workbook.xml", "[Content_Types].xml"), "damaged"),
    ],
)
def test_other_kinds_of_file_are_named(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_a_file_over_five_megabytes_is_refused() -> None:
    assert "5 MB" in refusal(b"a," * (3 * 1024 * 1024))


def test_a_quotation_mark_never_closed_is_refused() -> None:
    assert "quotation mark" in refusal(b'Name,Phone\r\n"Ann Lee,07700900101\r\nBo,07700900102\r\n')


def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_row() -> None:
    header = b"Name,Phone,Email,Town,Postcode,Notes\r\n"
    rows = b'Ann,"Lee,,,,\r\nBo,07700900102,,,,\r\nCy,1,,,,"x"\r\n'
    assert "row 2" in refusal(header + rows)


def test_a_hundred_thousand_rows_are_refused() -> None:
    assert "rows" in refusal(b"Name,Phone\r\n" + b"Ann Lee,07700900101\r\n" * 100_000)


def test_more_than_five_thousand_people_are_refused_and_five_thousand_are_not() -> None:
    head, person = b"Name,Phone\r\n", b"Ann Lee,07700900101\r\n"
    assert "5,000" in refusal(head + person * 5_001)
    assert len(read_sheet(head + person * 5_000 + b"TOTAL,5000\r\n", "f").rows) == 5_001


def test_a_million_blank_rows_are_refused() -> None:
    assert "20,000 rows" in refusal(b"Name,Phone\r\n" + b"\r\n" * 1_000_000)


def test_sixteen_thousand_columns_are_refused(as_csv: Write) -> None:
    assert "columns" in refusal(as_csv([["Name"] * 16_384, ["Ann"] * 16_384]))


def test_a_cell_in_the_last_row_or_column_of_a_workbook_is_refused(as_xlsx: Write) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    for place, says in (("A1048576", "20,000 rows"), ("XFD1", "columns")):
        row = place.lstrip("AXFD").encode()
        cell = b'<row r="%s"><c r="%s" t="str"><v>x</v></c></row>' % (row, place.encode())
        assert says in refusal(with_part(as_xlsx(ROWS), sheet, SHEET + cell + SHEET_END))


@pytest.mark.parametrize(
    "content",
    [
        SHEET + b" " * 100_000_000 + SHEET_END,
        SHEET + b'<row r="1">' + b"<c/>" * 3_000_000 + b"</row>" + SHEET_END,
        SHEET + b'<row r="1">' + b"<x/>" * 1_400_000 + b"</row>" + SHEET_END,
        SHEET + b"<row><c/></row><x/><x/><x/><x/>" * 20_000 + SHEET_END,
        SHEET + b"<row>" * 300_000 + b"</row>" * 300_000 + SHEET_END,
    ],
    ids=["blanks", "cells", "tags in a row", "tags between rows", "rows in rows"],
)
def test_a_zip_bomb_is_weighed_before_it_is_opened(as_xlsx: Write, content: bytes) -> None:
    bomb = with_part(as_xlsx(ROWS), "xl/worksheets/sheet1.xml", content)
    del content
    tracemalloc.start()
    try:
        assert "far larger" in refusal(bomb)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_entities_in_a_workbook_are_never_expanded(as_xlsx: Write) -> None:
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>'
    cell = b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
    content = entities + SHEET + cell + SHEET_END
    assert "damaged" in refusal(with_part(as_xlsx(ROWS), "xl/worksheets/sheet1.xml", content))


def test_merged_cells_over_a_whole_sheet_cost_nothing(as_xlsx: Write) -> None:
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 5_000 + b"</mergeCells>"
    head = b'<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Phone</v></c></row>'
    content = SHEET + head + b"</sheetData>" + merges + b"</worksheet>"
    data = with_part(as_xlsx(ROWS), "xl/worksheets/sheet1.xml", content)
    assert read_sheet(data, "f").header == ("Name", "Phone")


def test_a_workbook_cut_off_or_scrambled_is_refused(as_xlsx: Write) -> None:
    data = as_xlsx(ROWS)
    assert "damaged" in refusal(data[: len(data) // 2])
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        assert "damaged" in refusal(with_part(data, part, b"<not xml"))


def test_a_workbook_with_any_byte_changed_is_read_or_refused(as_xlsx: Write) -> None:
    data = as_xlsx(ROWS)
    for position in range(0, len(data), 97):
        changed = data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :]
        assert what_was_refused(changed)[-1:] in ("", ".")


def what_was_refused(data: bytes) -> str:
    """The sentence, or nothing when the file is read after all."""
    try:
        read_sheet(data, "f")
    except UnreadableFile as error:
        return str(error)
    return ""


def test_an_empty_workbook_is_refused(as_xlsx: Write) -> None:
    assert "empty" in refusal(as_xlsx([]))
