"""A sheet cut into blocks: a row of headings and what stands below it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from programme.people.imports.tables import SheetRow
from programme.registers.reports.durations import read_number, read_seconds
from programme.registers.reports.moments import read_moment
from programme.registers.reports.report import NotAReport
from programme.registers.reports.words import column_called, is_no, is_placeholder, is_yes

_PHONE = re.compile(r"\+?[\d\s()•*xX.\-]{6,}")
_NUMBERED = re.compile(r"\d\.\s?[^\W\d_]")  # `2. Participants`
_LONGEST_HEADING = 80
ENOUGH = 500
"""So many rows tell what a column holds."""
_MOST_COLUMNS = 64
_MOST_BLOCKS = 100
_MEETING_ROWS = 2
"""So many rows are said of the meeting itself; the headings may follow at once."""


@dataclass(slots=True, eq=False)
class Block:
    """`title` is what stands alone in the last row above the headings."""

    headings: tuple[str, ...] = ()
    title: str = ""
    rows: list[SheetRow] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows[:ENOUGH]), default=0)

    def heading(self, column: int) -> str:
        return self.headings[column] if column < len(self.headings) else ""

    def values(self, column: int) -> list[str]:
        """Enough of what stands in a column to know it by, without blanks and dashes."""
        cells = (cell_of(row, column) for row in self.rows[:ENOUGH])
        return [cell for cell in cells if not is_placeholder(cell)]


def cell_of(row: SheetRow, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def blocks_of(rows: Iterable[SheetRow]) -> list[Block]:
    """Cut at headings and at numbered titles. What has the same headings again is one block.

    The first block has no headings where a sheet begins without any. Raises NotAReport.
    """
    cut = _Cutting()
    for row in rows:
        filled = [cell for cell in row.cells if cell]
        if len(row.cells) > _MOST_COLUMNS or len(cut.blocks) > _MOST_BLOCKS:
            raise NotAReport("This is not an attendance report: it holds far too much for one.")
        cut.take(row, filled)
    return [block for block in cut.blocks.values() if block.rows]


class _Cutting:
    """Row by row: the block that grows now, and what stood in the row before."""

    def __init__(self) -> None:
        self.now = Block()
        self.blocks: dict[tuple[tuple[str, ...], str], Block] = {((), ""): self.now}
        self.title = ""
        self.is_below_data = self.is_below_header = False

    def take(self, row: SheetRow, filled: list[str]) -> None:
        if not filled:
            self.is_below_data = self.is_below_header = False
        elif self._is_new_header(filled):
            self._begin(row.cells)
        elif len(filled) == 1 and _NUMBERED.match(filled[0]):
            self.title = filled[0]
            self._begin(())
            self.title = filled[0]
        else:
            self.now.rows.append(row)
            self.title = filled[0] if len(filled) == 1 else ""
            self.is_below_data = not self.title

    def _is_new_header(self, filled: list[str]) -> bool:
        """Words alone may be a row that went wrong: then they are none that we know."""
        if not is_header(filled):
            return False
        is_doubtful = self.is_below_data and len(self.now.rows) > _MEETING_ROWS
        if self.is_below_header and not self.now.rows:
            is_doubtful = _has_known_words([cell for cell in self.now.headings if cell])
        return not is_doubtful or _has_known_words(filled)

    def _begin(self, headings: tuple[str, ...]) -> None:
        """The title above the headings belongs to them, not to the rows before."""
        if self.title and self.now.rows and headings:
            self.now.rows.pop()
        block = Block(headings, self.title)
        self.now = self.blocks.setdefault((headings, self.title), block)
        self.title, self.is_below_data, self.is_below_header = "", False, bool(headings)


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
