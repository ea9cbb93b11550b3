"""Bytes in, sheets of rows out, whatever program saved the report last."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from programme.people.imports.delimited import read_text
from programme.people.imports.encodings import decode
from programme.people.imports.kinds import Kind, kind_of
from programme.people.imports.tables import SheetRow
from programme.people.imports.unreadable import MAX_BYTES, UnreadableFile
from programme.people.imports.workbook import read_tables, read_whole_table
from programme.registers.reports.report import NotAReport

_ROWS_TO_CHOOSE_BY = 60
_MOST_SHEETS = 4
_WRAPPED = re.compile(r'"((?:[^"]|"")*)"[,;\t]*')
_DIVIDED = re.compile(r"[,;\t]")
_SAMPLE = 60
_LONGEST_LINE = 100_000
_AGAIN = "download the report from the meeting service again, and bring in that."


@dataclass(frozen=True, slots=True)
class Sheets:
    """Every sheet with anything in it. Of a workbook the first rows only: `whole` has the rest."""

    data: bytes
    names: tuple[str, ...]
    tops: tuple[tuple[SheetRow, ...], ...]
    is_workbook: bool

    def whole(self, index: int) -> tuple[SheetRow, ...]:
        if not self.is_workbook:
            return self.tops[index]
        try:
            return read_whole_table(self.data, self.names[index]).rows
        except UnreadableFile as error:
            raise _in_our_words(error) from error


def read_sheets(data: bytes) -> Sheets:
    """Judged by content. Raises NotAReport."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise NotAReport("This file is empty.")
    if len(data) > MAX_BYTES:
        raise NotAReport(
            f"This file is larger than {MAX_BYTES // 1024 // 1024} MB:"
            " no report of one evening is so large."
        )
    try:
        if kind_of(data) is Kind.TEXT:
            return Sheets(data, ("",), (_rows_of_text(_decoded(data)),), is_workbook=False)
        tables = [table for table in read_tables(data, rows=_ROWS_TO_CHOOSE_BY) if table.rows]
    except UnreadableFile as error:
        raise _in_our_words(error) from error
    shown = sorted(tables, key=lambda table: table.is_hidden)[:_MOST_SHEETS]
    names = tuple(table.name for table in shown)
    return Sheets(data, names, tuple(table.rows for table in shown), is_workbook=True)


def _in_our_words(error: UnreadableFile) -> NotAReport:
    """What is wrong stands before the colon; what to do is another thing than for a list."""
    return NotAReport(f"{str(error).partition(':')[0].rstrip('.')}: {_AGAIN}")


def _decoded(data: bytes) -> str:
    """Without half a letter at the end, which a program cut off or put there."""
    try:
        return decode(data)
    except UnreadableFile:
        if len(data) % 2 == 0:
            raise
        return decode(data[:-1])


def _rows_of_text(text: str) -> tuple[SheetRow, ...]:
    if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
        raise NotAReport(f"A line of this file is longer than that of any report: {_AGAIN}")
    text = _unwrapped(text)
    lines = text.splitlines(keepends=True)
    delimiter = _delimiter(lines)
    said = f'"sep={delimiter}"\n' if delimiter else ""
    try:
        return read_text(said + "".join(_without_stray_marks(lines, delimiter or ","))).rows
    except UnreadableFile:
        return read_text(said + text.replace('"', "")).rows


def _delimiter(lines: Iterable[str]) -> str | None:
    """Moments hold commas, and rows are of many widths: evenness alone would choose wrongly.

    It is said to the reader as spreadsheet programs say it, in a first line that is no row.
    """
    sample = list(islice((line for line in lines if line.strip()), _SAMPLE))
    for delimiter in "\t;":
        if sum(delimiter in line for line in sample) >= max(len(sample) * 0.4, 1):
            return delimiter
    return None


def _without_stray_marks(lines: Sequence[str], delimiter: str) -> Iterator[str]:
    """A name may hold one quotation mark: it must not swallow the rows that follow."""
    widths = Counter(count for line in lines if (count := line.count(delimiter)))
    usual = widths.most_common(1)[0][0] if widths else 1
    is_inside = False
    for line in lines:
        if line.count('"') % 2 == 0:
            yield line
        elif not is_inside and line.count(delimiter) >= usual > 1:
            yield line.replace('"', "")
        else:
            is_inside = not is_inside
            yield line


def _unwrapped(text: str) -> str:
    """A spreadsheet program that knew one column only puts every whole line in quotation marks."""
    lines = text.splitlines()
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    wrapped = [found for line in sample if (found := _WRAPPED.fullmatch(line))]
    divided = sum(bool(_DIVIDED.search(found[1])) for found in wrapped)
    if divided < 2 or divided < len(sample) * 0.6:
        return text
    return "\n".join(_without_wrapping(line) for line in lines)


def _without_wrapping(line: str) -> str:
    found = _WRAPPED.fullmatch(line)
    return found[1].replace('""', '"') if found else line.rstrip(",;\t")
