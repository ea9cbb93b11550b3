"""A sheet cut into blocks: a row of headings and what stands below it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from programme.people.imports.tables import SheetRow
from programme.registers.reports.durations import read_number, read_seconds
from programme.registers.reports.moments import read_moment
from programme.registers.reports.words import column_called, is_no, is_placeholder, is_yes

_PHONE = re.compile(r"\+?[\d\s()•*xX.\-]{6,}")
_LONGEST_HEADING = 80
_MEETING_ROWS = 2
"""So many rows are said of the meeting itself; the headings may follow at once."""


@dataclass(slots=True)
class Block:
    """`title` is what stands alone in the last row above the headings."""

    headings: tuple[str, ...] = ()
    title: str = ""
    rows: list[SheetRow] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)

    def heading(self, column: int) -> str:
        return self.headings[column] if column < len(self.headings) else ""

    def values(self, column: int) -> list[str]:
        """What stands in a column, without blanks and dashes."""
        cells = (cell_of(row, column) for row in self.rows)
        return [cell for cell in cells if not is_placeholder(cell)]


def cell_of(row: SheetRow, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def blocks_of(rows: Iterable[SheetRow]) -> list[Block]:
    """The first block has no headings where a sheet begins without any."""
    blocks = [Block()]
    is_below_data, title = False, ""
    for row in rows:
        filled = [cell for cell in row.cells if cell]
        is_here = not is_below_data or len(blocks[-1].rows) <= _MEETING_ROWS
        if is_header(filled) and (is_here or _has_known_words(filled)):
            if title and blocks[-1].rows:
                blocks[-1].rows.pop()
            blocks.append(Block(row.cells, title))
            is_below_data, title = False, ""
        elif filled:
            blocks[-1].rows.append(row)
            is_below_data = len(filled) > 1
            title = filled[0] if len(filled) == 1 else ""
        else:
            is_below_data = False
    return [block for block in blocks if block.rows]


def is_header(filled: list[str]) -> bool:
    """Words only, and no word twice."""
    return len(filled) > 1 and all(map(_is_words, filled)) and not _is_said_twice(filled)


def _is_said_twice(filled: list[str]) -> bool:
    return len(set(filled)) < len(filled) - 2


def _is_words(cell: str) -> bool:
    if len(cell) > _LONGEST_HEADING or "@" in cell or is_placeholder(cell):
        return False
    if is_yes(cell) or is_no(cell) or read_number(cell) is not None or _PHONE.fullmatch(cell):
        return False
    return read_moment(cell) is None and read_seconds(cell) is None


def _has_known_words(filled: list[str]) -> bool:
    return sum(column_called(cell) is not None for cell in filled) * 2 >= len(filled)


def moments_in(rows: Iterable[SheetRow]) -> Iterator[str]:
    for row in rows:
        yield from (cell for cell in row.cells if read_moment(cell))
