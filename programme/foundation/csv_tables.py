"""Tables as CSV, for spreadsheets that take a cell beginning with a sign for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_table(heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """A table with its heading; text cells are made safe, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe_cell(text: str) -> str:
    """What a spreadsheet would take for a formula stays text."""
    return f"'{text}" if text.startswith(RISKY) else text


def _cell(cell: str | int) -> str | int:
    return safe_cell(cell) if isinstance(cell, str) else cell
