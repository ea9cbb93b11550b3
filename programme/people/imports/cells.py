"""One row's cells by what they hold, and whether the row is a person at all."""

import re
from collections.abc import Mapping

from programme.people.imports.answers import answer
from programme.people.imports.fields import Field
from programme.people.imports.headings import is_refusal, is_surname_first
from programme.people.imports.names import put_comma_after_surname
from programme.people.imports.shapes import is_footer, is_total
from programme.people.imports.sheets import Sheet
from programme.people.imports.tables import SheetRow

_JOINED_BY = {Field.FULL_ADDRESS: "\n", Field.NOTES: "; ", Field.PHONE: " / ", Field.EMAIL: " "}
_TELLS_OF_A_PERSON = frozenset(Field) - {
    Field.OK_TO_TEXT, Field.LARGE_PRINT, Field.DO_NOT_POST, Field.LANGUAGE, Field.IGNORE,
}  # fmt: skip
_NAMES = (Field.FIRST_NAME, Field.SURNAME, Field.FULL_NAME)
_REACHES = (Field.PHONE, Field.EMAIL)


def read_cells(sheet: Sheet, row: SheetRow, mapping: Mapping[int, Field]) -> dict[Field, str]:
    """Every mapped field, blank ones too. A field in several columns is read in their order."""
    cells: dict[Field, str] = {}
    for index, field in sorted(mapping.items()):
        if field is Field.IGNORE:
            continue
        heading = sheet.header[index] if index < len(sheet.header) else ""
        text = row.cells[index] if index < len(row.cells) else ""
        cells[field] = _joined(field, cells.get(field, ""), _in_words(field, heading, text))
    return cells


def why_not_a_person(sheet: Sheet, row: SheetRow, cells: Mapping[Field, str]) -> str | None:
    if not any(row.cells):
        return "Blank."
    if is_total(row.cells):
        return "A total or a count, not a person."
    if is_footer(row.cells):
        return "A remark about the file, not a person."
    if _is_header_again(sheet, row):
        return "The headings once more."
    if not any(text for field, text in cells.items() if field in _TELLS_OF_A_PERSON):
        return "Nothing about a person in the columns that are read."
    return None


def is_more_of_the_same(person: Mapping[Field, str], cells: Mapping[Field, str]) -> bool:
    """A family written over several rows, one child in each."""
    children = cells.get(Field.CHILDREN, "")
    if not children or children == person.get(Field.CHILDREN):
        return False
    others = {field: text for field, text in cells.items() if field is not Field.CHILDREN and text}
    if any(person.get(field) != text for field, text in others.items()):
        return False
    is_named_again = any(field in others for field in (*_NAMES, *_REACHES))
    return is_named_again or not others.keys() & _TELLS_OF_A_PERSON


def _is_header_again(sheet: Sheet, row: SheetRow) -> bool:
    texts = [" ".join(cell.split()) for cell in row.cells]
    same = sum(bool(text) and text == head for text, head in zip(texts, sheet.header, strict=False))
    return same >= 2 and same * 2 > sum(map(bool, texts))


def _joined(field: Field, before: str, text: str) -> str:
    if not before or not text:
        return before or text
    if field is Field.CHILDREN:
        return _children_joined(before, text)
    return f"{before}{_JOINED_BY[field]}{text}" if field in _JOINED_BY else before


def _children_joined(before: str, text: str) -> str:
    """A column of ages belongs to the column of names before it, or else to the one after."""
    if re.match(r"\(?\d", text):
        return f"{before} {text}"
    is_age_alone = not re.search(r"[^\W\d_]", before)
    return f"{text} {before}" if is_age_alone else f"{before}; {text}"


def _in_words(field: Field, heading: str, text: str) -> str:
    """What yes means depends on the heading: from here on the text says it by itself."""
    if field is Field.DO_NOT_POST:
        return _posting(heading, text)
    if field is Field.OK_TO_TEXT and is_refusal(heading) and text:
        return {True: "no", False: "yes", None: text}[answer(text)]
    if field is Field.FULL_NAME and is_surname_first(heading):
        return put_comma_after_surname(text)
    return text


def _posting(heading: str, text: str) -> str:
    said = answer(text) if text else None
    if said is None:
        return text
    return "do not post" if said == is_refusal(heading) else "post"
