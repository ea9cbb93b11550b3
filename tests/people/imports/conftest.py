import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from programme.people.imports.columns import guess_columns
from programme.people.imports.rows import Reading, read_people
from programme.people.imports.sheets import read_sheet

Rows = Sequence[Sequence[object]]


@pytest.fixture(scope="session")
def on() -> date:
    return date(2026, 9, 14)


@pytest.fixture(scope="session")
def sample() -> Callable[[str], bytes]:
    folder = Path(__file__).parent / "samples"
    return lambda name: (folder / name).read_bytes()


@pytest.fixture(scope="session")
def as_csv() -> Callable[..., bytes]:
    def write(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        return text.getvalue().encode(encoding)

    return write


@pytest.fixture(scope="session")
def as_xlsx() -> Callable[..., bytes]:
    """`arrange` is given the workbook before it is saved."""

    def write(rows: Rows, arrange: Callable[[Workbook], None] = lambda book: None) -> bytes:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(list(row))
        arrange(book)
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    return write


@pytest.fixture(scope="session")
def read(on: date) -> Callable[[bytes], Reading]:
    def reading(data: bytes) -> Reading:
        sheet = read_sheet(data, "families")
        return read_people(sheet, guess_columns(sheet), on=on)

    return reading
