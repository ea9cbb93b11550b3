"""A partner's file as it would come in now: every row, with what is to do about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from programme.access.viewer import Viewer
from programme.people.already_here import Likeness, find_already_here
from programme.people.imports.candidates import Candidate, SkippedRow
from programme.people.imports.columns import guess_columns
from programme.people.imports.fields import FIELD_LABELS, Field
from programme.people.imports.likeness import find_repeats
from programme.people.imports.rows import mend, read_people
from programme.people.imports.sheets import Sheet, read_sheet
from programme.people.models import Upload
from programme.people.rules import RELATIONSHIP_LABELS, Relationship
from programme.people.uploads import Choices, choices_of

SAMPLES = 3
LONGEST_SAMPLE = 30


class Verdict(StrEnum):
    """What becomes of a row."""

    READY = "ready"
    MEND = "mend"
    TWICE = "twice"
    HERE = "here"
    ASK = "ask"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class MendField:
    """A cell to mend in place."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of the file as it would come in, or why it does not."""

    number: int
    name: str
    fact: str
    verdict: Verdict
    sentences: list[str]
    fields: list[MendField]
    person_id: int | None
    candidate: Candidate


@dataclass(frozen=True)
class Column:
    """A column of the file, what it is taken for, and the first things in it."""

    index: int
    heading: str
    holds: Field
    samples: str


@dataclass(frozen=True)
class Preview:
    """The whole file as it would come in now."""

    rows: list[PreviewRow]
    columns: list[Column]
    skipped: tuple[SkippedRow, ...]
    notes: tuple[str, ...]
    counts: Mapping[Verdict, int]

    @property
    def ready(self) -> list[Candidate]:
        return [row.candidate for row in self.rows if row.verdict is Verdict.READY]

    @property
    def words(self) -> str:
        """ "11 of 14 can come in; 2 need mending; 1 is here twice." """
        return say_counts(self.counts)

    @property
    def dated(self) -> int:
        """How many of those who are ready have a date of consent in the file."""
        return sum(candidate.consent_date is not None for candidate in self.ready)

    def of(self, *verdicts: Verdict) -> list[PreviewRow]:
        return [row for row in self.rows if row.verdict in verdicts]


def say_counts(counts: Mapping[Verdict, int]) -> str:
    """What becomes of the rows, in one sentence."""
    total = sum(counts.values())
    parts = [f"{counts.get(Verdict.READY, 0)} of {total} can come in"]
    for verdict, one, many in (
        (Verdict.MEND, "needs mending", "need mending"),
        (Verdict.TWICE, "is here twice", "are here twice"),
        (Verdict.HERE, "may be here already", "may be here already"),
        (Verdict.ASK, "is to ask us about", "are to ask us about"),
        (Verdict.LEFT_OUT, "is left out", "are left out"),
    ):
        if count := counts.get(verdict, 0):
            parts.append(f"{count} {one if count == 1 else many}")
    return f"{'; '.join(parts)}."


def preview(upload: Upload, *, viewer: Viewer, on: date) -> Preview:
    """Read the file with the person's choices; `on` is the day that ages are reckoned from."""
    sheet, choices = read_sheet(upload.content, upload.filename), choices_of(upload)
    mapping = choices.mapping or guess_columns(sheet)
    reading = read_people(sheet, mapping, on=on)
    people = [_mended(candidate, choices, on) for candidate in reading.candidates]
    rows = _rows(people, choices, viewer)
    return Preview(
        rows=rows,
        columns=_columns(sheet, mapping),
        skipped=tuple(each for each in reading.skipped if each.why != "Blank."),
        notes=sheet.notes,
        counts=Counter(row.verdict for row in rows),
    )


def _mended(candidate: Candidate, choices: Choices, on: date) -> Candidate:
    changes = choices.mended.get(candidate.row)
    return mend(candidate.cells, changes, row=candidate.row, on=on) if changes else candidate


def _rows(people: list[Candidate], choices: Choices, viewer: Viewer) -> list[PreviewRow]:
    staying = [one for one in people if one.row not in choices.left_out]
    twice = {repeat.row: repeat.why for repeat in find_repeats(staying)}
    here = find_already_here(staying, viewer=viewer)
    for row in choices.as_another:
        twice.pop(row, None)
        here.pop(row, None)
    return [_row(one, choices, twice.get(one.row, ""), here.get(one.row)) for one in people]


def _row(
    candidate: Candidate, choices: Choices, repeats: str, likeness: Likeness | None
) -> PreviewRow:
    is_left_out = candidate.row in choices.left_out
    verdict = Verdict.LEFT_OUT if is_left_out else _verdict(candidate, repeats, likeness)
    problems = candidate.problems or candidate.notices
    told = [remark.message for remark in problems]
    told += [each for each in (repeats, likeness.message if likeness else "") if each]
    return PreviewRow(
        number=candidate.row,
        name=f"{candidate.first_name} {candidate.surname}".strip() or "No name",
        fact=say_candidate(candidate),
        verdict=verdict,
        sentences=[without_row(sentence) for sentence in told],
        fields=_fields(candidate, [remark.field for remark in problems]),
        person_id=likeness.person_id if likeness else None,
        candidate=candidate,
    )


def without_row(sentence: str) -> str:
    """As it stands under the row's own heading: without `Row 12: ` before it."""
    bare = sentence.partition(": ")[2] if sentence.startswith("Row ") else sentence
    return bare[:1].upper() + bare[1:]


def _verdict(candidate: Candidate, repeats: str, likeness: Likeness | None) -> Verdict:
    if not candidate.is_ready:
        return Verdict.MEND
    if repeats:
        return Verdict.TWICE
    if likeness:
        return Verdict.HERE if likeness.person_id else Verdict.ASK
    return Verdict.READY


def _fields(candidate: Candidate, names: list[str]) -> list[MendField]:
    return [
        MendField(field.value, FIELD_LABELS[field], candidate.cells.get(field, ""))
        for field in map(Field, dict.fromkeys(names))
    ]


def say_candidate(candidate: Candidate) -> str:
    """ "Grandparent, phone ends 101, 3 children, consent 3 September 2026" """
    parts = [RELATIONSHIP_LABELS[candidate.relationship or Relationship.OTHER_CARER]]
    parts.append(f"phone ends {candidate.phone[-3:]}" if candidate.phone else "no phone")
    if not candidate.email:
        parts.append("no e-mail")
    if count := len(candidate.children):
        parts.append(f"{count} {'child' if count == 1 else 'children'}")
    if candidate.do_not_post:
        parts.append("do not post")
    if day := candidate.consent_date:
        parts.append(f"consent {day.day} {day:%B %Y}")
    return ", ".join(parts)


def _columns(sheet: Sheet, mapping: Mapping[int, Field]) -> list[Column]:
    return [
        Column(
            index, heading or "No heading", mapping.get(index, Field.IGNORE), _samples(sheet, index)
        )
        for index, heading in enumerate(sheet.header)
    ]


def _samples(sheet: Sheet, index: int) -> str:
    texts = list(dict.fromkeys(row.cells[index] for row in sheet.rows if any(row.cells)))
    filled = [" ".join(text.split())[:LONGEST_SAMPLE] for text in texts if text]
    return " · ".join(filled[:SAMPLES]) or "empty"
