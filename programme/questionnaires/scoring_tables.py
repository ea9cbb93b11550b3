"""Scoring a table: one row for each participant, one column for each item."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from programme.questionnaires.instrument import Instrument, Item
from programme.questionnaires.scoring import score_all
from programme.questionnaires.tables import Problem, Table, TableError, fold, read_number


@dataclass(frozen=True)
class Scored:
    """One participant's scores by id. None: too few items were answered."""

    participant: str
    scores: Mapping[str, float | None]


@dataclass(frozen=True)
class ScoredTable:
    """What came of a table. A cell that could not be used counts as not answered."""

    scored: tuple[Scored, ...]
    problems: tuple[Problem, ...]


def score_table(instrument: Instrument, table: Table) -> ScoredTable:
    """Every participant's scores.

    Raises:
        TableError: there is no column of participants, or none of items.
    """
    problems: list[Problem] = []
    columns = _columns(instrument, table, problems)
    scored = []
    for participant, row in table.people(problems):
        answers = {}
        for column, item in columns.items():
            value, why = read_answer(table.cell(row, column), item)
            answers[item.id] = value
            if why:
                problems.append(Problem(row.number, table.headings[column], why))
        scored.append(Scored(participant, score_all(instrument, answers)))
    return ScoredTable(tuple(scored), tuple(sorted(problems, key=lambda problem: problem.row)))


def read_answer(text: str, item: Item) -> tuple[int | None, str | None]:
    """The value chosen, from its number or its words; and why not, in a sentence."""
    if not text:
        return None, None
    for option in item.options:
        if text.casefold() == option.label.casefold() and read_number(text) is None:
            return option.value, None
    value = read_number(text)
    if value is None:
        return None, f"“{text}” is not a number, nor one of the answers."
    if value not in {option.value for option in item.options}:
        return None, f"{text} is not one of {_values(item)}."
    return int(value), None


def _values(item: Item) -> str:
    return ", ".join(str(value) for value in sorted(option.value for option in item.options))


def _columns(instrument: Instrument, table: Table, problems: list[Problem]) -> dict[int, Item]:
    """Which column holds which item; whatever is left over or missing becomes a problem."""
    found: dict[int, Item] = {}
    who, row = table.column_of_participants(), table.heading_row
    for column, heading in enumerate(table.headings):
        item = _item_called(instrument, heading)
        if column == who or not heading:
            continue
        if item is None:
            why = f"There is no such item in {instrument.id}: the column is not read."
            problems.append(Problem(row, heading, why))
        elif item in found.values():
            why = f"There is a column for {item.id} already: this one is not read."
            problems.append(Problem(row, heading, why))
        else:
            found[column] = item
    if not found:
        raise TableError(f"No column is an item of {instrument.id}: {_called(instrument)}.")
    missing = [item for item in instrument.items if item not in found.values()]
    problems += [Problem(row, one.id, "There is no column for this item.") for one in missing]
    return found


def _item_called(instrument: Instrument, heading: str) -> Item | None:
    """By its id (`cheerful`) or its number (`3`, `q3`, `Item 3`, `who5_3`)."""
    name = fold(heading)
    for item in instrument.items:
        if name in {fold(item.id), fold(instrument.id + item.id)}:
            return item
    number = re.fullmatch(rf"(?:{re.escape(fold(instrument.id))})?(?:q|item|question)?(\d+)", name)
    position = int(number[1]) if number else 0
    return instrument.items[position - 1] if 1 <= position <= len(instrument.items) else None


def _called(instrument: Instrument) -> str:
    """How its columns may be called."""
    return f"they are called {instrument.items[0].id} …, or 1 to {len(instrument.items)}"
