"""A table of people and figures as a file holds it, and what is wrong in it, row by row."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from programme.people.imports.encodings import decode
from programme.people.imports.kinds import Kind, kind_of
from programme.people.imports.tables import SheetRow, row_of
from programme.people.imports.unreadable import MAX_BYTES, UnreadableFile
from programme.people.imports.workbook import read_tables, read_whole_table

DELIMITERS = ",\t;|"
ROWS_TO_CHOOSE_BY = 5
WHO = {"participant", "participantid", "participantcode", "id", "code", "person", "pseudonym"}
"""Headings of the column that says who answered, folded."""
NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,15})?|\.\d{1,15})")


class TableError(ValueError):
    """A file holds no such table; the message is one sentence."""


@dataclass(frozen=True)
class Problem:
    """Something in a file that was not used. Rows are counted as a spreadsheet does."""

    row: int
    field: str
    message: str


@dataclass(frozen=True)
class Table:
    """Headings from the first row that is not blank, and the rows below it."""

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[SheetRow, ...]

    def cell(self, row: SheetRow, column: int) -> str:
        return row.cells[column] if column < len(row.cells) else ""

    def column_of_participants(self) -> int:
        """Raises TableError: no column says who answered."""
        for column, heading in enumerate(self.headings):
            if fold(heading) in WHO:
                return column
        raise TableError(
            "There is no column `participant` in this file: its first row must name the columns."
        )

    def people(self, problems: list[Problem]) -> Iterator[tuple[str, SheetRow]]:
        """Each participant with their row, once; the other rows become problems."""
        column = self.column_of_participants()
        seen: dict[str, int] = {}
        for row in self.rows:
            name = self.cell(row, column)
            why = _why_not_counted(name, row, seen)
            if why:
                problems.append(Problem(row.number, self.headings[column], why))
            elif name:
                seen[name] = row.number
                yield name, row


def _why_not_counted(name: str, row: SheetRow, seen: dict[str, int]) -> str | None:
    if not name:
        return "The row says nobody's name or number, so it is left out." if row.cells else None
    if name in seen:
        return f"{name} stands in row {seen[name]} already: this row is left out."
    return None


def fold(heading: str) -> str:
    """A heading without case, spaces and signs."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def read_number(text: str) -> float | None:
    """A plain number, or None. A true minus is a minus; 3.0 is 3."""
    plain = text.replace("−", "-").replace(" ", "")
    return float(plain) if NUMBER.fullmatch(plain) else None


def read_table(data: bytes) -> Table:
    """From CSV (any common delimiter and encoding) or XLSX (its first sheet with anything in it).

    Raises:
        TableError: the file is neither, or there is nothing in it.
    """
    try:
        rows = _rows(data)
    except UnreadableFile as error:
        raise TableError(str(error)) from error
    filled = [row for row in rows if row.cells and not row.cells[0].startswith("sep=")]
    if not filled:
        raise _empty()
    return Table(filled[0].cells, filled[0].number, tuple(filled[1:]))


def _rows(data: bytes) -> Sequence[SheetRow]:
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise _empty()
    if len(data) > MAX_BYTES:
        raise TableError(f"This file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if kind_of(data) is Kind.TEXT:
        return _rows_of_text(decode(data))
    filled = [table.name for table in read_tables(data, rows=ROWS_TO_CHOOSE_BY) if table.rows]
    return read_whole_table(data, filled[0]).rows if filled else ()


def _rows_of_text(text: str) -> list[SheetRow]:
    """Strictly: a quotation mark that is never closed would swallow the people after it."""
    lines = StringIO(text, newline="")
    try:
        records = list(csv.reader(lines, delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise TableError(f"This file is not a readable table: {error}.") from error
    return [row_of(number, record) for number, record in enumerate(records, start=1)]


def _delimiter(text: str) -> str:
    """The one that the headings are parted by."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _empty() -> TableError:
    return TableError("This file is empty.")
