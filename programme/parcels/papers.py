"""Sheets of address labels as PDF, drawn to the tenth of a millimetre."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from programme.foundation.drawing import CONDENSED, POINT, broken, can_draw, empty_pdf
from programme.foundation.web import Refusal
from programme.parcels.print_job import Addressed

if TYPE_CHECKING:
    from fpdf import FPDF

PADDING = 3.5
LEADING = 1.22
SIZES = [size / 2 for size in range(24, 9, -1)]
"""Points, largest first."""
WRAPS_FROM = 8
"""Larger than this, a line is rather made smaller than broken."""


@dataclass(frozen=True)
class Stock:
    """A sheet of labels on A4; everything in millimetres."""

    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float

    @property
    def count(self) -> int:
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Left and top of one label; places count from 0, row by row."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.across, self.top + row * self.down


STOCKS = {
    "L7160": Stock("L7160", 3, 7, 63.5, 38.1, 7.21, 15.15, 66.04, 38.1),
    "L7163": Stock("L7163", 2, 7, 99.1, 38.1, 4.63, 15.15, 101.64, 38.1),
}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How to print: which stock, the first label to use (from 1), and a nudge in millimetres."""

    stock: Stock = STOCKS["L7160"]
    start: int = 1
    right: float = 0.0
    down: float = 0.0


@dataclass(frozen=True)
class Labels:
    """A PDF, and a sentence for each parcel whose label could not be drawn."""

    pdf: bytes
    left_out: tuple[str, ...]


def labels(rows: Sequence[Addressed], sheet: Sheet, at: datetime) -> Labels:
    """One label for each parcel, its address shrunk to fit.

    Raises:
        Refusal: no label could be drawn.
    """
    with empty_pdf("Labels", CONDENSED, at) as pdf:
        return _labels(pdf, rows, sheet)


def _labels(pdf: "FPDF", rows: Sequence[Addressed], sheet: Sheet) -> Labels:
    fitted = {row.reference: _fit(pdf, row, sheet.stock) for row in rows}
    texts = [text for text in fitted.values() if text]
    if not texts:
        raise Refusal("None of these addresses can be drawn on a label. Write them by hand.")
    for place, text in enumerate(texts, start=sheet.start - 1):
        on_page = place % sheet.stock.count
        if on_page == 0 or place == sheet.start - 1:
            pdf.add_page()
        _draw(pdf, text, sheet, on_page)
    left_out = (f"{key}: write this label by hand." for key, text in fitted.items() if not text)
    return Labels(bytes(pdf.output()), tuple(left_out))


@dataclass(frozen=True)
class _Fitted:
    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * POINT * LEADING


def _fit(pdf: "FPDF", row: Addressed, stock: Stock) -> _Fitted | None:
    """The address in the largest letters that fit; None when it cannot be drawn."""
    lines = row.address.for_a_label()
    if not can_draw(pdf, lines):
        return None
    width, height = stock.width - 2 * PADDING, stock.height - 2 * PADDING
    for size in SIZES:
        pdf.set_font(size=size)
        fitted = _Fitted(broken(pdf, lines, width) if size <= WRAPS_FROM else lines, size)
        is_narrow = all(pdf.get_string_width(line) <= width for line in fitted.lines)
        if is_narrow and fitted.height <= height:
            return fitted
    return None


def _draw(pdf: "FPDF", text: _Fitted, sheet: Sheet, place: int) -> None:
    left, top = sheet.stock.corner(place)
    step = text.size * POINT * LEADING
    first = top + (sheet.stock.height - text.height) / 2 + text.size * POINT
    pdf.set_font(size=text.size)
    for number, line in enumerate(text.lines):
        pdf.text(left + PADDING + sheet.right, first + number * step + sheet.down, line)
