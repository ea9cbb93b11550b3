"""A table as a file holds it: numbered rows of clean text, before anyone asks what it means."""

import re
import unicodedata
from dataclasses import dataclass

from programme.people.imports.encodings import mend_mojibake

_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|_x000D_\n?|\v|\f|\x85|\u2028|\u2029")
_LITERAL = re.compile(r'="([^"]*)"')
_KEPT_AS_TEXT = re.compile(r"'(?=[=+\-@0-9])")
_SHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "########"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` counts from 1 as a spreadsheet program does; all blank is `cells == ()`."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, or the whole of a text file."""

    name: str
    rows: tuple[SheetRow, ...]
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: int = 0
    is_hidden: bool = False


def row_of(number: int, texts: list[str]) -> SheetRow:
    cells = [clean(text) if text else "" for text in texts]
    while cells and not cells[-1]:
        cells.pop()
    return SheetRow(number, tuple(cells))


def clean(text: str) -> str:
    """Single spaces, plain line ends, nothing invisible; `="077"`, Excel's own trick, opened."""
    text = text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", mend_mojibake(text))
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    if not text.isprintable():
        text = "".join(filter(_is_visible, text)).strip()
    if text in _SHEET_ERRORS:
        return ""
    if literal := _LITERAL.fullmatch(text):
        return literal.group(1).strip()
    return _KEPT_AS_TEXT.sub("", text, count=1) if text.startswith("'") else text


def _is_visible(letter: str) -> bool:
    return letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def without_blank_end(rows: list[SheetRow]) -> tuple[SheetRow, ...]:
    while rows and not rows[-1].cells:
        rows.pop()
    return tuple(rows)
