"""The blocks of a report that tell of attendance, and in which of three forms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from programme.people.imports.tables import SheetRow
from programme.registers.reports.blocks import Block, blocks_of, cell_of
from programme.registers.reports.columns import Columns, columns_of, is_renaming
from programme.registers.reports.durations import says_units
from programme.registers.reports.names import name_key
from programme.registers.reports.words import Column, column_called, is_no, is_placeholder, is_yes


class Form(StrEnum):
    """From the one that tells most to the one that tells least."""

    STAYS = "a row for each stay"
    EVENTS = "a row for each joining and leaving"
    TOTALS = "a row for each person, without times"


@dataclass(frozen=True, slots=True)
class AttendanceTable:
    block: Block
    columns: Columns
    form: Form
    tells_guests_apart: bool = False
    """Zoom calls those guests who are not on the host's account: parents are, staff are not."""

    def text(self, row: SheetRow, column: Column) -> str:
        return cell_of(row, self.columns.get(column))

    def full_name(self, row: SheetRow) -> str:
        """From one column, or from two."""
        if not is_placeholder(name := self.text(row, Column.NAME)):
            return name
        parts = (self.text(row, Column.FIRST_NAME), self.text(row, Column.LAST_NAME))
        return " ".join(part for part in parts if not is_placeholder(part))


@dataclass(frozen=True, slots=True)
class Tables:
    """`others` are the blocks about the meeting itself."""

    attendance: tuple[AttendanceTable, ...] = ()
    others: tuple[Block, ...] = ()


def tables_in(rows: Sequence[SheetRow]) -> Tables:
    blocks = blocks_of(rows)
    found = [table for block in blocks if (table := _table(block))]
    found = _without_meeting(found)
    best = next((form for form in Form if any(table.form is form for table in found)), None)
    chosen = _without_summaries([table for table in found if table.form is best])
    kept = [table.block for table in found]
    return Tables(tuple(chosen), tuple(block for block in blocks if block not in kept))


def _table(block: Block) -> AttendanceTable | None:
    columns = columns_of(block)
    form = _form(block, columns)
    return AttendanceTable(block, columns, form, _has_guests(block, columns)) if form else None


def _has_guests(block: Block, columns: Columns) -> bool:
    if Column.GUEST not in columns:
        return False
    answers = block.values(columns[Column.GUEST])
    return 0 < sum(map(is_no, answers)) < sum(map(is_yes, answers))


def _form(block: Block, columns: Columns) -> Form | None:
    if not columns.keys() & {Column.NAME, Column.FIRST_NAME, Column.EMAIL}:
        return None
    if Column.JOINED in columns or Column.LEFT in columns:
        if columns.keys() & {Column.LEFT, Column.DURATION} and len(columns) > 2:
            return Form.STAYS
        return Form.EVENTS if Column.ACTION in columns else None
    if Column.DURATION in columns and _is_all_durations(block, columns[Column.DURATION]):
        return Form.TOTALS
    return None


def _is_all_durations(block: Block, column: int) -> bool:
    """A column of numbers counts when its heading says what of, or the names' heading is Zoom's."""
    rows = [row for row in block.rows if len(row.cells) > 1]
    filled = [row for row in rows if cell_of(row, column)]
    if not rows or len(filled) < len(rows) * 0.6:
        return False
    is_named = column_called(block.heading(column)) is Column.DURATION
    return (
        is_named or is_renaming(block) or all(says_units(value) for value in block.values(column))
    )


def _without_meeting(tables: list[AttendanceTable]) -> list[AttendanceTable]:
    """One row above everything else is about the meeting, whatever its headings look like."""
    if len(tables) < 2 or len(tables[0].block.rows) > 1 or is_renaming(tables[0].block):
        return tables
    first, *rest = tables
    is_again = any(table.block.headings == first.block.headings for table in rest)
    return tables if is_again else rest


def _without_summaries(tables: list[AttendanceTable]) -> list[AttendanceTable]:
    """Of first join and last leave, with every stay in the table that follows."""
    kept = []
    for position, table in enumerate(tables):
        following = tables[position + 1] if position + 1 < len(tables) else None
        if following is None or not _is_summary(table, following):
            kept.append(table)
            continue
        names = {name_key(following.full_name(row)) for row in following.block.rows}
        missing = [row for row in table.block.rows if name_key(table.full_name(row)) not in names]
        if missing:
            block = Block(table.block.headings, table.block.title, missing)
            kept.append(replace(table, block=block))
    return kept


def _is_summary(table: AttendanceTable, following: AttendanceTable) -> bool:
    firsts, details = _first_joins(table), _first_joins(following)
    shared = firsts.keys() & details.keys()
    same = sum(
        firsts[name] <= details[name] and bool(firsts[name] & details[name]) for name in shared
    )
    return bool(shared) and same * 5 >= len(details) * 4


def _first_joins(table: AttendanceTable) -> dict[str, set[str]]:
    joins: dict[str, set[str]] = {}
    for row in table.block.rows:
        if joined := table.text(row, Column.JOINED):
            joins.setdefault(name_key(table.full_name(row)), set()).add(joined)
    return joins
