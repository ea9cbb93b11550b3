"""Text with a delimiter: CSV, TSV and their cousins."""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from programme.people.imports.tables import SheetRow, Table, row_of, without_blank_end
from programme.people.imports.unreadable import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    UnreadableFile,
    too_many_columns,
    too_many_rows,
)

_DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 200
_END = "\x1fend of file\x1f"


def read_text(text: str) -> Table:
    declared, text = _declared_delimiter(text.rstrip("\x1a\x00"))
    delimiter = declared or _likely_delimiter(text)
    try:
        return Table("", without_blank_end(list(_rows(text, delimiter))))
    except csv.Error as error:
        raise _unclosed_quote() from error


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel takes a first line `sep=;` as an order, and neither shows nor counts it."""
    first, _, rest = text.partition("\n")
    order = first.strip().strip('"').lower()
    if order.startswith("sep=") and len(order) == 5:
        return order[-1], rest
    return None, text


def _likely_delimiter(text: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> float:
    """High when most rows are cut into the same large number of cells."""
    try:
        rows = list(islice(_records(text, delimiter), _SAMPLE_ROWS))
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0.0
    return max(count * math.log(width) for width, count in widths.items()) / widths.total()


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _rows(text: str, delimiter: str) -> Iterator[SheetRow]:
    ends_line = text.endswith(("\n", "\r"))
    records = _records(text + ("" if ends_line else "\n") + _END, delimiter)
    filled = 0
    for number, record in enumerate(records, start=1):
        if record == [_END]:
            return
        filled += len(record)
        _refuse_excess(number, record, filled)
        _refuse_swallowed_rows(number, record, delimiter)
        yield row_of(number, record)
    raise _unclosed_quote()


def _refuse_excess(number: int, record: list[str], filled: int) -> None:
    if number > MAX_ROWS or filled > MAX_CELLS * 8:
        raise too_many_rows()
    if len(record) > MAX_COLUMNS and any(record[MAX_COLUMNS:]):
        raise too_many_columns()


def _refuse_swallowed_rows(number: int, record: list[str], delimiter: str) -> None:
    """A stray quotation mark makes one cell of many rows: their delimiters give it away."""
    for cell in record:
        if "\n" in cell and cell.count(delimiter) > 8:
            lines = cell.splitlines()[1:]
            if any(line.count(delimiter) >= 4 for line in lines):
                raise _unclosed_quote(number)


def _unclosed_quote(number: int | None = None) -> UnreadableFile:
    where = f"in row {number}" if number else "in this file"
    return UnreadableFile(
        f"A quotation mark {where} is opened and never closed:"
        " open the file in a spreadsheet program, save it as XLSX, and send that."
    )
