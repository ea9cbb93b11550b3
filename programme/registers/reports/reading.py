"""Bytes in, the people of one evening out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from programme.people.imports.shapes import is_email_like
from programme.registers.reports.blocks import Block, moments_in
from programme.registers.reports.comings import stays_from_events
from programme.registers.reports.dating import Dating, dating_of, days_said
from programme.registers.reports.moments import Moment, read_moment
from programme.registers.reports.people import people_in
from programme.registers.reports.report import Evening, NotAReport, Report
from programme.registers.reports.sources import Sheets, read_sheets
from programme.registers.reports.stays import (
    Reader,
    Stay,
    moment_in,
    off_the_day,
    stays_of,
    totals_of,
)
from programme.registers.reports.tables import AttendanceTable, Form, Tables, tables_in
from programme.registers.reports.words import Column

_READ = {Form.STAYS: stays_of, Form.EVENTS: stays_from_events, Form.TOTALS: totals_of}
_LATE = timedelta(hours=8)


def read_report(data: bytes, evening: Evening) -> Report:
    """Any report of Zoom, Teams or Google Meet, whatever program saved it last.

    Raises:
        NotAReport: the file is none, or it is of another day; `str()` is one sentence.
    """
    sheets = read_sheets(data)
    tables = _best_tables(sheets)
    moments = [*_told_in(tables.attendance), *_told_beside(tables.others)]
    dating = dating_of(moments, evening, is_workbook=sheets.is_workbook)
    reader = Reader(dating, _ends_at(tables, dating), frozenset(_hosts(tables)))
    read = chain.from_iterable(_READ[table.form](table, reader) for table in tables.attendance)
    stays = list(off_the_day(list(read), reader))
    _refuse_other_days(stays, moments, reader)
    ignored = sorted(reader.ignored, key=lambda each: each.row)
    return Report(tuple(people_in(stays, evening)), tuple(ignored))


def _best_tables(sheets: Sheets) -> Tables:
    """Of the sheet that tells most; raises NotAReport when none tells anything."""
    tops = [tables_in(top) for top in sheets.tops]
    best = max(range(len(tops)), key=lambda index: _size(tops[index]), default=None)
    if best is None or not tops[best].attendance:
        raise NotAReport(
            "This is not an attendance report of Zoom, Teams or Google Meet:"
            " nobody's joining, leaving or duration can be found in it."
        )
    return tables_in(sheets.whole(best)) if sheets.is_workbook else tops[best]


def _size(tables: Tables) -> int:
    return sum(len(table.block.rows) for table in tables.attendance)


def _told_in(tables: Iterable[AttendanceTable]) -> Iterator[Moment]:
    for table in tables:
        for row in table.block.rows:
            for column in (Column.JOINED, Column.LEFT):
                if moment := moment_in(table, row, column):
                    yield moment


def _told_beside(blocks: Iterable[Block]) -> Iterator[Moment]:
    """When the meeting itself began and ended."""
    for block in blocks:
        for text in (*block.headings, *moments_in(block.rows)):
            if moment := read_moment(text):
                yield moment


def _ends_at(tables: Tables, dating: Dating) -> datetime:
    """When the meeting ended, or else the last that happened in it; not before the session's end
    where nobody wrote it down."""
    evening = dating.evening
    walls = [dating.wall_time(moment) for moment in _told_beside(tables.others)]
    ends = [wall for wall in walls if wall and evening.starts_at < wall < evening.ends_at + _LATE]
    if ends:
        return max(ends)
    happened = (dating.wall_time(moment) for moment in _told_in(tables.attendance))
    return max([evening.ends_at, *(at for at in happened if at and at < evening.ends_at + _LATE)])


def _hosts(tables: Tables) -> Iterator[str]:
    """Addresses and names that stand in what is said of the meeting itself."""
    for block in tables.others:
        for row in block.rows:
            for cell in row.cells:
                if is_email_like(cell):
                    name, _, address = cell.rpartition("(")
                    yield address.strip(" )").lower()
                    yield name.strip().casefold()


def _refuse_other_days(stays: Sequence[Stay], moments: Sequence[Moment], reader: Reader) -> None:
    dated = [moment for moment in moments if moment.days]
    is_of_the_day = any(reader.dating.day(moment) == reader.dating.evening.day for moment in dated)
    if dated and not is_of_the_day and not any(stay.joined for stay in stays):
        raise NotAReport(f"This report is of {days_said(dated)[0]}, not of the session's day.")
    if not stays and not reader.ignored:
        raise NotAReport("This report tells of nobody: there is no row in it that can be read.")
