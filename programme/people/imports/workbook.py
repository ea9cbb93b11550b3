"""XLSX: every sheet's first rows to choose by, then the whole of one."""

import io
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from itertools import zip_longest

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from programme.people.imports.archives import check_archive
from programme.people.imports.found import is_formula
from programme.people.imports.layout import Layout, layouts_of
from programme.people.imports.shapes import is_count
from programme.people.imports.tables import SheetRow, Table, row_of, without_blank_end
from programme.people.imports.unreadable import (
    MAX_COLUMNS,
    MAX_ROWS,
    UnreadableFile,
    damaged,
    too_many_columns,
    too_many_rows,
)

_MAX_SHEETS = 60
_MAX_WIDTHS = 8_000_000


def read_tables(data: bytes, *, rows: int) -> list[Table]:
    """The first `rows` rows of every sheet that are not blank."""
    with _opened(data) as (workbook, layouts):
        return [_table(workbook, layouts, name, rows) for name in _sheet_names(workbook)]


def read_whole_table(data: bytes, name: str) -> Table:
    """Formulas as what they last came to, as whoever saved the file saw them."""
    with _opened(data) as (workbook, layouts):
        table = _table(workbook, layouts, name, None)
    if not any(is_formula(cell) for row in table.rows for cell in row.cells):
        return table
    with _opened(data, with_results=True) as (workbook, layouts):
        return _worked_out(table, _table(workbook, layouts, name, None))


def _worked_out(table: Table, results: Table) -> Table:
    """Where a result was saved; sums stay formulas, by which a totals row is known."""
    found = {row.number: row.cells for row in results.rows}
    rows = []
    for row in table.rows:
        pairs = zip_longest(row.cells, found.get(row.number, ()), fillvalue="")
        rows.append(replace(row, cells=tuple(_result(*pair) for pair in pairs)))
    return replace(table, rows=tuple(rows))


def _result(cell: str, result: str) -> str:
    return result if is_formula(cell) and result and not is_count(cell) else cell


@contextmanager
def _opened(
    data: bytes, *, with_results: bool = False
) -> Iterator[tuple[Workbook, dict[str, Layout]]]:
    check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which we never use
            layouts = layouts_of(data)
            book = load_workbook(
                io.BytesIO(data), read_only=True, keep_links=False, data_only=with_results
            )
            with closing(book):
                yield book, layouts
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # openpyxl raises nearly anything on a broken file
        raise damaged() from error


def _sheet_names(workbook: Workbook) -> list[str]:
    return [sheet.title for sheet in workbook.worksheets[:_MAX_SHEETS]]


def _table(workbook: Workbook, layouts: dict[str, Layout], name: str, limit: int | None) -> Table:
    layout = layouts.get(name, Layout())
    rows = without_blank_end(list(_rows(workbook, name, limit)))
    return Table(
        name=name,
        rows=_filled_down(rows, layout),
        hidden_columns=layout.hidden_columns,
        hidden_rows=layout.hidden_rows,
        is_hidden=workbook[name].sheet_state != "visible",
    )


def _rows(workbook: Workbook, name: str, limit: int | None) -> Iterator[SheetRow]:
    sheet = workbook[name]
    sheet.reset_dimensions()  # what a file says of its size is often wrong
    widths = filled = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        widths += len(values)
        if number > MAX_ROWS or widths > _MAX_WIDTHS:
            raise too_many_rows()
        row = _row(number, values)
        filled += bool(row.cells)
        yield row
        if limit is not None and filled >= limit:
            return


def _row(number: int, values: tuple[object, ...]) -> SheetRow:
    if len(values) > MAX_COLUMNS and any(value is not None for value in values[MAX_COLUMNS:]):
        raise too_many_columns()
    return row_of(number, [_text(value) for value in values[:MAX_COLUMNS]])


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
    return str(value) if isinstance(value, int | float) else f"={getattr(value, 'text', value)}"


def _filled_down(rows: tuple[SheetRow, ...], layout: Layout) -> tuple[SheetRow, ...]:
    """A cell merged over several rows says the same for each of them."""
    if not layout.merged_down:
        return rows
    cells = {row.number: list(row.cells) for row in rows}
    for column, first, last in layout.merged_down:
        _fill(cells, column, first, last)
    return tuple(replace(row, cells=tuple(cells[row.number])) for row in rows)


def _fill(cells: dict[int, list[str]], column: int, first: int, last: int) -> None:
    text = dict(enumerate(cells.get(first, []))).get(column, "")
    for number in range(first + 1, last + 1) if text else ():
        if row := cells.get(number):
            row.extend([""] * (column + 1 - len(row)))
            row[column] = row[column] or text
