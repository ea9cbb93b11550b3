"""Paper drawn to the tenth of a millimetre, in our own letters, a hundred times faster than HTML.

fpdf2 is imported when something is drawn, and without numpy, so that web processes stay small.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from programme.foundation.lean import without_numpy

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

STATIC = Path(__file__).parents[2] / "static" / "fonts"
CONDENSED = {"condensed": Path(__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"}
"""Narrow, with the letters of nearly every language."""
LEGIBLE = {
    "legible": STATIC / "hyperlegible-latin-400.woff2",
    "legible-more": STATIC / "hyperlegible-latin-ext-400.woff2",
} | CONDENSED
"""What families read; letters that it does not have come from the narrow one."""
POINT = 25.4 / 72
"""Millimetres."""
BASELINE = 0.3
"""How far below the middle of its cell the library puts a line, in sizes of the letters."""
NOT_DRAWN = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u0900-\u0dff\u0e00-\u0eff]")
"""Scripts whose letters must be joined or turned, which cannot be done here."""


@contextmanager
def empty_pdf(title: str, fonts: Mapping[str, Path], at: datetime) -> Iterator["FPDF"]:
    """A document on A4 without pages, margins or properties that tell anything.

    The first font is chosen; the others are for letters that it does not have. Their files
    are closed in the end: the library forgets to.
    """
    with without_numpy():
        from fpdf import FPDF
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_margin(0)
    pdf.set_auto_page_break(False)
    for name, path in fonts.items():
        pdf.add_font(name, fname=path)
    first, *others = fonts
    pdf.set_font(first)
    pdf.set_fallback_fonts(others)
    pdf.set_title(title)
    pdf.set_producer("")
    pdf.set_creation_date(at)
    try:
        yield pdf
    finally:
        for font in _fonts(pdf):
            font.ttfont.close()


def can_draw(pdf: "FPDF", lines: Iterable[str]) -> bool:
    """Whether every letter of these lines can be drawn as it is written."""
    known = [font.cmap for font in _fonts(pdf)]
    signs = {sign for line in lines for sign in line}
    return all(
        any(ord(sign) in each for each in known) and not NOT_DRAWN.match(sign) for sign in signs
    )


def broken(pdf: "FPDF", lines: Sequence[str], width: float) -> tuple[str, ...]:
    """Lines broken between words where they are wider than `width` mm; no letter is lost."""
    found: list[str] = []
    for line in lines:
        words, current = line.split(), ""
        for word in words:
            longer = f"{current} {word}".strip()
            if current and pdf.get_string_width(longer) > width:
                found.append(current)
                longer = word
            current = longer
        found.append(current)
    return tuple(found)


def write(pdf: "FPDF", left: float, baseline: float, words: str) -> None:
    """One line at that place, in mm, with letters from the other fonts where they are needed."""
    pdf.c_margin = 0
    pdf.set_xy(left, baseline - BASELINE * pdf.font_size)
    pdf.cell(h=0, text=words)


def _fonts(pdf: "FPDF") -> list["TTFFont"]:
    from fpdf.fonts import TTFFont

    return [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]
