"""Rows to people: `read_one` is the only place where a row becomes a candidate."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from programme.people.imports import cautions
from programme.people.imports.addresses import Address, read_address
from programme.people.imports.answers import (
    read_allergies,
    read_do_not_post,
    read_large_print,
    read_may_text,
)
from programme.people.imports.candidates import Candidate, Notice, Problem, Reading, SkippedRow
from programme.people.imports.cells import is_more_of_the_same, read_cells, why_not_a_person
from programme.people.imports.children import Child, read_children
from programme.people.imports.dates import is_month_first, may_be_month_first, read_consent_date
from programme.people.imports.emails import read_email
from programme.people.imports.fields import ADDRESS_FIELDS, Field
from programme.people.imports.found import is_formula, is_nothing
from programme.people.imports.languages import read_language
from programme.people.imports.names import Name, read_name
from programme.people.imports.phones import is_landline, read_phone
from programme.people.imports.relationships import read_relationship
from programme.people.imports.remarks import Remarks
from programme.people.imports.sheets import Sheet
from programme.people.rules import Relationship

__all__ = [
    "Address", "Candidate", "Child", "Notice", "Problem", "Reading", "Relationship", "SkippedRow",
    "mend", "read_one", "read_people",
]  # fmt: skip

_LONGEST_CELL = 300
_LONGEST_NOTE = 5_000
_LONG_FIELDS = {Field.NOTES, Field.ACCESS_NEEDS}
_NAME_FIELDS = (Field.FIRST_NAME, Field.FULL_NAME)


def read_people(sheet: Sheet, mapping: Mapping[int, Field], *, on: date) -> Reading:
    """`on` is the reference day for ages and for consents in the future."""
    people: dict[int, dict[Field, str]] = {}
    skipped: list[SkippedRow] = []
    last = 0
    for row in sheet.rows:
        cells = read_cells(sheet, row, mapping)
        if why := why_not_a_person(sheet, row, cells):
            skipped.append(SkippedRow(row.number, why))
        elif last and is_more_of_the_same(people[last], cells):
            people[last][Field.CHILDREN] += f"; {cells[Field.CHILDREN]}"
            skipped.append(SkippedRow(row.number, f"Read as another child of row {last}."))
        else:
            people[row.number], last = cells, row.number
    read = [read_one(cells, row=number, on=on) for number, cells in people.items()]
    return Reading(tuple(_with_doubtful_dates(read)), tuple(skipped))


def _with_doubtful_dates(people: list[Candidate]) -> Iterator[Candidate]:
    """Where other dates of the file can only be month first, `9/3/2026` may be so too."""
    dates = {one.row: one.cells.get(Field.CONSENT_DATE, "") for one in people if one.consent_date}
    are_month_first = any(map(is_month_first, dates.values()))
    for one in people:
        text = dates.get(one.row, "")
        if are_month_first and may_be_month_first(text):
            sentence = f"Row {one.row}: the date {text} was read day first; others are month first."
            doubt = Notice(one.row, Field.CONSENT_DATE.value, sentence)
            yield replace(one, notices=(*one.notices, doubt))
        else:
            yield one


def mend(
    cells: Mapping[Field, str], changes: Mapping[Field, str], *, row: int, on: date
) -> Candidate:
    """The row read again, with what a person has typed in place of what the file says."""
    return read_one({**cells, **changes}, row=row, on=on)


def read_one(cells: Mapping[Field, str], *, row: int, on: date) -> Candidate:
    remarks = Remarks(row)
    texts = _texts(cells, remarks)
    name = _name(texts, remarks)
    phone, email = _ways_to_reach(texts, remarks)
    large_print, other_format = read_large_print(texts[Field.LARGE_PRINT])
    do_not_post = _do_not_post(texts, remarks)
    return Candidate(
        row=row,
        first_name=name.first,
        surname=name.surname,
        known_as=_known_as(texts, name),
        relationship=remarks.take(Field.RELATIONSHIP, read_relationship(texts[Field.RELATIONSHIP])),
        relationship_word=texts[Field.RELATIONSHIP],
        phone=phone,
        email=email,
        may_text=_may_text(texts, phone, remarks),
        address=_address(texts, do_not_post, remarks),
        children=remarks.take(Field.CHILDREN, read_children(texts[Field.CHILDREN], on)),
        language=remarks.take(Field.LANGUAGE, read_language(texts[Field.LANGUAGE])),
        large_print=large_print,
        allergies=read_allergies(texts[Field.ALLERGIES]),
        do_not_post=do_not_post,
        consent_date=remarks.take(
            Field.CONSENT_DATE, read_consent_date(texts[Field.CONSENT_DATE], on)
        ),
        notes=_notes(texts, remarks),
        access_needs=_access_needs(texts, other_format),
        problems=tuple(remarks.problems),
        notices=tuple(remarks.notices),
        cells=dict(cells),
    )


def _texts(cells: Mapping[Field, str], remarks: Remarks) -> dict[Field, str]:
    """Every field's text, blank where the cell is absent or a formula."""
    texts = dict.fromkeys(Field, "")
    for field, text in cells.items():
        text = text.strip()
        if not is_formula(text):
            texts[field] = _shortened(field, text, remarks)
        elif not (field is Field.FULL_NAME and _has_own_first_name(cells)):
            remarks.stop_formula(field, text)
    return texts


def _shortened(field: Field, text: str, remarks: Remarks) -> str:
    longest = _LONGEST_NOTE if field in _LONG_FIELDS else _LONGEST_CELL
    if len(text) > longest:
        remarks.note(field, f"only the first {longest} letters of a very long cell are read.")
    return text[:longest]


def _has_own_first_name(cells: Mapping[Field, str]) -> bool:
    """Then a formula over the whole name, Excel's first & last, is not needed."""
    first = cells.get(Field.FIRST_NAME, "").strip()
    return bool(first) and not is_formula(first)


def _name(texts: Mapping[Field, str], remarks: Remarks) -> Name:
    found = read_name(
        first=texts[Field.FIRST_NAME],
        surname=texts[Field.SURNAME],
        full=texts[Field.FULL_NAME],
    )
    if remarks.has_stopped(*_NAME_FIELDS):
        return found.value
    is_whole = texts[Field.FULL_NAME] and not texts[Field.FIRST_NAME]
    return remarks.take(Field.FULL_NAME if is_whole else Field.FIRST_NAME, found)


def _known_as(texts: Mapping[Field, str], name: Name) -> str:
    given = texts[Field.KNOWN_AS]
    return name.known_as if is_nothing(given) else given.strip("\"'“”‘’ ")


def _ways_to_reach(texts: Mapping[Field, str], remarks: Remarks) -> tuple[str | None, str | None]:
    phone = remarks.take(Field.PHONE, read_phone(texts[Field.PHONE]))
    email = remarks.take(Field.EMAIL, read_email(texts[Field.EMAIL]))
    if not (phone or email or remarks.has_stopped(Field.PHONE, Field.EMAIL)):
        remarks.stop(
            Field.PHONE,
            "there is neither a phone number nor an e-mail address."
            " Ask for one, or leave this person out for now.",
        )
    return phone, email


def _may_text(texts: Mapping[Field, str], phone: str | None, remarks: Remarks) -> bool:
    said = remarks.take(Field.OK_TO_TEXT, read_may_text(texts[Field.OK_TO_TEXT]))
    if said and cautions.says_not_to_text(texts[Field.NOTES]):
        remarks.note(Field.OK_TO_TEXT, "the notes ask for no texts, so none will be sent.")
        return False
    if said and phone and is_landline(phone):
        remarks.note(Field.OK_TO_TEXT, "the phone is a landline, which may not take texts.")
    return said


def _do_not_post(texts: Mapping[Field, str], remarks: Remarks) -> bool:
    said = remarks.take(Field.DO_NOT_POST, read_do_not_post(texts[Field.DO_NOT_POST]))
    for where, text in (("notes ask", texts[Field.NOTES]), ("address asks", _written(texts))):
        if not said and cautions.says_not_to_post(text):
            remarks.note(
                Field.DO_NOT_POST,
                f"the {where} for nothing to be posted, so it is taken as do not post.",
            )
            said = True
    return said


def _written(texts: Mapping[Field, str]) -> str:
    """The whole address as the file has it."""
    return "\n".join(texts[field] for field in ADDRESS_FIELDS)


def _address(texts: Mapping[Field, str], do_not_post: bool, remarks: Remarks) -> Address:
    address = remarks.take(Field.POSTCODE, read_address(texts))
    _note_what_to_beware_of(_written(texts), remarks)
    if not do_not_post and not remarks.has_stopped(Field.POSTCODE):
        _note_what_a_parcel_lacks(address, remarks)
    return address


def _note_what_to_beware_of(written: str, remarks: Remarks) -> None:
    if cautions.is_a_prison(written):
        remarks.note(
            Field.FULL_ADDRESS,
            "the address looks like that of a prison: ask where the family lives.",
        )
    if cautions.says_to_be_careful(written):
        remarks.note(Field.FULL_ADDRESS, "the address asks for care: read it before it is used.")


def _note_what_a_parcel_lacks(address: Address, remarks: Remarks) -> None:
    if not address.lines:
        remarks.note(Field.ADDRESS1, "there is no address, so no parcel can be posted.")
    elif not address.postcode:
        remarks.note(Field.POSTCODE, "there is no postcode, so no parcel can be posted.")
    elif not address.town:
        remarks.note(Field.TOWN, "no town could be told from the address.")


def _notes(texts: Mapping[Field, str], remarks: Remarks) -> str:
    notes = texts[Field.NOTES]
    if cautions.says_phone_is_shared(notes):
        remarks.note(Field.NOTES, "the notes say that the phone is shared.")
    if cautions.says_to_be_careful(notes):
        remarks.note(Field.NOTES, "the notes ask for care: read them before anyone gets in touch.")
    return notes


def _access_needs(texts: Mapping[Field, str], other_format: str) -> str:
    given = texts[Field.ACCESS_NEEDS]
    needs = "" if is_nothing(given) else given
    language = texts[Field.LANGUAGE]
    interpreter = language if cautions.asks_for_an_interpreter(language) else ""
    return "; ".join(filter(None, (needs, other_format, interpreter)))
