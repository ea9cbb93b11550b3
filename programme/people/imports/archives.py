"""What is inside an XLSX, weighed before anything of it is opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from programme.people.imports.unreadable import (
    MAX_CELLS,
    UnreadableFile,
    damaged,
    too_many_columns,
)

_MAX_UNPACKED = 60 * 1024 * 1024
_MAX_SHEET = 25 * 1024 * 1024
_MAX_OTHER_PART = 8 * 1024 * 1024
_MAX_PARTS = 500
_MAX_TAGS = 1_500_000
_MAX_TEXT_TAGS = 600_000
_MAX_TAGS_AT_ONCE = 60_000
_SHEET_DATA = re.compile(rb"<(\w+:)?sheetData")
_FAR_RIGHT = re.compile(rb'<(?:x:)?c r="[A-Z]{3}[0-9]+"[^>]*[^/]>')
_OTHER_ZIPS = (
    ("xl/workbook.bin", "This is a binary workbook (.xlsb)"),
    ("word/document.xml", "This is a text document, not a spreadsheet"),
    ("ppt/presentation.xml", "This is a presentation, not a spreadsheet"),
    ("content.xml", "This is an OpenDocument or other file"),
    ("Index/Document.iwa", "This is a Numbers or Pages file"),
)
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def check_archive(data: bytes) -> None:
    """Raises UnreadableFile unless it is a workbook of a size that is safe to open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_weight(archive)
            _refuse_other_kinds(set(archive.namelist()))
            _refuse_crowds(archive)
    except _TROUBLE as error:
        raise damaged() from error


def _refuse_weight(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS or total > _MAX_UNPACKED:
        raise _too_heavy()
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(
            "This file is locked with a password: save it without one, and send it again."
        )


def _refuse_other_kinds(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for name, what in _OTHER_ZIPS:
        if name in names:
            raise UnreadableFile(f"{what}: open it in its program and save it as XLSX.")
    if "[Content_Types].xml" not in names:
        raise UnreadableFile("This is a packed archive: unpack it and send the spreadsheet in it.")


def _refuse_crowds(archive: zipfile.ZipFile) -> None:
    """What is held whole while it is read is weighed by its tags, 300 bytes each."""
    for part in _opened_parts(archive):
        is_sheet = "sheets/" in part.filename
        if part.file_size > (_MAX_SHEET if is_sheet else _MAX_OTHER_PART):
            raise _too_heavy()
        content = archive.read(part)
        if content.count(b"<") > _most_tags(part.filename):
            raise _too_heavy()
        if is_sheet:
            _refuse_crowded_sheet(content)


def _most_tags(filename: str) -> int:
    if "sheets/" in filename:
        return _MAX_TAGS
    return _MAX_TEXT_TAGS if "sharedStrings" in filename else _MAX_TAGS_AT_ONCE


def _opened_parts(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Media, drawings and pivots are never opened."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")) and "pivot" not in part.filename:
            yield part


def _refuse_crowded_sheet(content: bytes) -> None:
    """A row is let go when it ends; what stands between rows never is."""
    found = _SHEET_DATA.search(content)
    prefix = (found[1] or b"") if found else b""
    if content.count(b"<" + prefix + b"c ") > MAX_CELLS * 2:
        raise _too_heavy()
    pieces = content.split(b"</" + prefix + b"row>")
    between = sum(piece.partition(b"<" + prefix + b"row")[0].count(b"<") for piece in pieces)
    if max(between, *(piece.count(b"<") for piece in pieces)) > _MAX_TAGS_AT_ONCE:
        raise _too_heavy()
    if _FAR_RIGHT.search(content):
        raise too_many_columns()


def _too_heavy() -> UnreadableFile:
    return UnreadableFile(
        "This workbook is far larger than a list of people:"
        " copy the rows about the families to a new workbook, and send that."
    )
