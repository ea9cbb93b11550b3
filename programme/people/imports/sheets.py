"""Bytes in, one sheet out: the one that looks like people, from its headings down."""

from collections import Counter
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from programme.people.imports.delimited import read_text
from programme.people.imports.encodings import decode
from programme.people.imports.fields import Field
from programme.people.imports.headings import SURE_ENOUGH, field_for
from programme.people.imports.kinds import Kind, kind_of
from programme.people.imports.shapes import is_personal, is_total
from programme.people.imports.tables import SheetRow, Table
from programme.people.imports.unreadable import MAX_PEOPLE, UnreadableFile, too_many_people
from programme.people.imports.workbook import read_tables, read_whole_table

__all__ = ["Sheet", "SheetRow", "UnreadableFile", "read_sheet"]

_ROWS_TO_CHOOSE_BY = 60
_DEEPEST_HEADING = 40
_LONGEST_HEADING = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every row is as wide as the header. `header_row` is 0 when the file has no headings."""

    header: tuple[str, ...]
    header_row: int
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()
    hidden_columns: frozenset[int] = field(default=frozenset())


def read_sheet(data: bytes, filename: str) -> Sheet:
    """Judged by content, whatever `filename` promises. Raises UnreadableFile."""
    if kind_of(data) is Kind.WORKBOOK:
        return _from_workbook(data)
    return _sheet(read_text(decode(data)), ())


def _from_workbook(data: bytes) -> Sheet:
    tables = [table for table in read_tables(data, rows=_ROWS_TO_CHOOSE_BY) if table.rows]
    if not tables:
        raise UnreadableFile("This workbook is empty: save it again with the families in it.")
    chosen = max(tables, key=_likeness_to_people)
    notes = tuple(_other_sheets(tables, chosen))
    return _sheet(read_whole_table(data, chosen.name), notes)


def _likeness_to_people(table: Table) -> tuple[bool, int, int]:
    best = max((_headings_in(row) for row in table.rows[:_DEEPEST_HEADING]), default=0)
    people = sum(is_personal(row.cells) for row in table.rows)
    return (not table.is_hidden and people > 0, best + min(people, 10), people)


def _other_sheets(tables: list[Table], chosen: Table) -> list[str]:
    """Two sheets of people are named apart: one of them would be forgotten."""
    others = [table for table in tables if table is not chosen]
    like_people = [table.name for table in others if _likeness_to_people(table)[2]]
    rest = [table.name for table in others if table.name not in like_people]
    notes = []
    if like_people:
        notes.append(
            f"The sheet {_quoted([chosen.name])} was read."
            f" {_quoted(like_people)} may hold people too: send it as a file of its own."
        )
    if rest:
        notes.append(f"Not read, as it does not look like a list of people: {_quoted(rest)}.")
    return notes


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _sheet(table: Table, notes: tuple[str, ...]) -> Sheet:
    if not any(row.cells for row in table.rows):
        raise UnreadableFile("This file is empty: save it again with the families in it.")
    position = _position_of_header(table)
    header = _header(table, position)
    rows = tuple(_padded(row, len(header)) for row in table.rows[position + 1 :])
    _refuse_crowd(rows)
    return Sheet(
        header=header,
        header_row=table.rows[position].number if position >= 0 else 0,
        rows=rows,
        notes=(*notes, *_notes(table, header, position)),
        hidden_columns=table.hidden_columns & frozenset(range(len(header))),
    )


def _position_of_header(table: Table) -> int:
    """-1 when the people begin at once."""
    top = table.rows[:_DEEPEST_HEADING]
    best = max(range(len(top)), key=lambda position: (*_merit(top[position]), -position))
    width = max(len(row.cells) for row in table.rows)
    if _headings_in(top[best]) >= (2 if width > 2 else 1):
        return best
    if sum(is_personal(row.cells) for row in top) * 2 >= sum(bool(row.cells) for row in top):
        return -1
    raise UnreadableFile(
        "There is no row of headings such as Name, Phone and Postcode in this file:"
        " put one above the families, and send it again."
    )


def _merit(row: SheetRow) -> tuple[int, int]:
    """Of a row of groups and the headings below it, the fuller one."""
    return _headings_in(row), sum(map(bool, row.cells))


def _headings_in(row: SheetRow) -> int:
    """How many different fields its cells name; none when it is about a person."""
    if is_personal(row.cells):
        return 0
    guesses = (field_for(cell) for cell in row.cells if 0 < len(cell) <= _LONGEST_HEADING)
    return len({field for field, sure in guesses if sure >= SURE_ENOUGH} - {Field.IGNORE})


def _header(table: Table, position: int) -> tuple[str, ...]:
    width = max((len(row.cells) for row in table.rows[max(position, 0) :]), default=0)
    if position < 0:
        return tuple(f"Column {get_column_letter(number + 1)}" for number in range(width))
    header = _wide(table.rows[position], width)
    above = _wide(table.rows[position - 1], width) if position else [""] * width
    return tuple(_with_groups(header, above))


def _padded(row: SheetRow, width: int) -> SheetRow:
    return SheetRow(row.number, row.cells + ("",) * (width - len(row.cells)))


def _wide(row: SheetRow, width: int) -> list[str]:
    cells = [" ".join(cell.split()) for cell in row.cells[:width]]
    return cells + [""] * (width - len(cells))


def _with_groups(header: list[str], above: list[str]) -> list[str]:
    """`Name, Phone, Name, Age` below `Carer, , Child` are `Carer Name` … `Child Age`."""
    twice = [text for text, count in Counter(filter(None, header)).items() if count > 1]
    if not twice or sum(map(bool, above)) < 2:
        return header
    label, labelled = "", []
    for group, text in zip(above, header, strict=True):
        label = group or label
        labelled.append(text if label == text else f"{label} {text}".strip() if text else label)
    return labelled


def _refuse_crowd(rows: tuple[SheetRow, ...]) -> None:
    if sum(any(row.cells) and not is_total(row.cells) for row in rows) > MAX_PEOPLE:
        raise too_many_people()


def _notes(table: Table, header: tuple[str, ...], position: int) -> list[str]:
    notes = []
    if position < 0:
        notes.append("The file has no row of headings: check what each column holds.")
    hidden = [_column(header, index) for index in sorted(table.hidden_columns)]
    if named := [name for name in hidden if name]:
        notes.append(f"Hidden in the file, and read all the same: {', '.join(named)}.")
    if table.hidden_rows:
        notes.append(f"Rows hidden in the file, and read all the same: {table.hidden_rows}.")
    return notes


def _column(header: tuple[str, ...], index: int) -> str:
    if index >= len(header) or not header[index]:
        return ""
    return f"column {get_column_letter(index + 1)} (“{header[index]}”)"
