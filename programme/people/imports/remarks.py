"""Problems and notices of one row, gathered while it is read."""

from typing import TypeVar

from programme.people.imports.candidates import Notice, Problem
from programme.people.imports.fields import FIELD_LABELS, Field
from programme.people.imports.found import Found, shown

T = TypeVar("T")
_NAMES = {Field.FIRST_NAME, Field.SURNAME, Field.FULL_NAME, Field.KNOWN_AS}


class Remarks:
    def __init__(self, row: int) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []

    def take(self, field: Field, found: Found[T]) -> T:
        """The value, its sentences kept with the row's number before them."""
        for sentence in found.problems:
            self.stop(field, sentence)
        for sentence in found.notices:
            self.note(field, sentence)
        return found.value

    def stop(self, field: Field, sentence: str) -> None:
        self.problems.append(Problem(self.row, field.value, f"Row {self.row}: {sentence}"))

    def note(self, field: Field, sentence: str) -> None:
        self.notices.append(Notice(self.row, field.value, f"Row {self.row}: {sentence}"))

    def stop_formula(self, field: Field, text: str) -> None:
        label = FIELD_LABELS[field].lower()
        if field in _NAMES:
            sentence = f"the {label} is a formula ({shown(text, 24)}), not a name. Ask for the name"
        else:
            sentence = (
                f"{label}: the cell is a formula ({shown(text, 24)}). Type what it should say"
            )
        self.stop(field, f"{sentence}, or leave this person out for now.")

    def has_stopped(self, *fields: Field) -> bool:
        return any(problem.field in fields for problem in self.problems)
