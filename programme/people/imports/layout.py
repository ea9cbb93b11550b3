"""What openpyxl's read-only mode leaves out: hidden columns and rows, merged cells."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from posixpath import join, normpath

from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import column_index_from_string

_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*\bhidden="(?:1|true)"')
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"'
)
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_MERGES = 5_000
_TALLEST_MERGE = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """`merged_down` holds (column from 0, first row, last row), rows counted from 1."""

    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: int = 0
    merged_down: tuple[tuple[int, int, int], ...] = ()


def layouts_of(data: bytes) -> dict[str, Layout]:
    """By the sheet's name. The archive must have been checked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
        return {
            name: _layout(archive.read(part))
            for name, part in _parts_of_sheets(archive)
            if part in parts
        }


def _parts_of_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {
        relation.get("Id"): normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet") and element.get(_RELATION) in targets:
            yield element.get("name", ""), targets[element.get(_RELATION)]


def _layout(content: bytes) -> Layout:
    return Layout(
        hidden_columns=frozenset(_hidden_columns(content)),
        hidden_rows=len(_HIDDEN_ROW.findall(content)),
        merged_down=tuple(_merges(content)),
    )


def _hidden_columns(content: bytes) -> Iterator[int]:
    head = content.partition(b"<sheetData")[0]
    for tag in islice(_COLUMN.findall(head), 1_000):
        values = dict(_ATTRIBUTE.findall(tag))
        is_hidden = values.get(b"hidden") in {b"1", b"true"} or values.get(b"width") == b"0"
        if is_hidden and values.get(b"min", b"").isdigit() and values.get(b"max", b"").isdigit():
            yield from range(int(values[b"min"]) - 1, min(int(values[b"max"]), 16_384))


def _merges(content: bytes) -> Iterator[tuple[int, int, int]]:
    for found in islice(_MERGE.finditer(content), _MAX_MERGES):
        column = column_index_from_string(found.group(1).decode()) - 1
        first, last = int(found.group(2)), int(found.group(3))
        if last > first:
            yield column, first, min(last, first + _TALLEST_MERGE)
