"""The oldest form: a row when somebody joins, another when they leave."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from programme.registers.reports.names import name_key
from programme.registers.reports.stays import Reader, Stay, wall_time
from programme.registers.reports.tables import AttendanceTable
from programme.registers.reports.words import Column, is_leaving


@dataclass(frozen=True, slots=True)
class Event:
    stay: Stay
    at: datetime
    verb: str


def stays_from_events(table: AttendanceTable, reader: Reader) -> Iterator[Stay]:
    """A stay for each joining. Whoever never left stayed until the meeting ended."""
    by_person: dict[str, list[Event]] = defaultdict(list)
    for event in _events(table, reader):
        by_person[event.stay.email or name_key(event.stay.name)].append(event)
    leaving = _leaving_verbs(by_person)
    first_of_all = min(
        (event.at for events in by_person.values() for event in events), default=None
    )
    for events in by_person.values():
        ordered = sorted(events, key=lambda event: (event.at, leaving[event.verb]))
        yield from _paired(ordered, leaving, first_of_all, reader.ends_at)


def _events(table: AttendanceTable, reader: Reader) -> Iterator[Event]:
    for row in table.block.rows:
        if stay := reader.person(table, row):
            at = wall_time(table, row, Column.JOINED, reader.dating)
            if at is None:
                reader.ignore(stay.name, row, "The time of this row cannot be read.")
            else:
                yield Event(stay, at, table.text(row, Column.ACTION))


def _leaving_verbs(by_person: Mapping[str, Sequence[Event]]) -> dict[str, bool]:
    """A verb that we do not know is of leaving when people seldom begin with it."""
    begun: dict[str, int] = defaultdict(int)
    everybody: dict[str, set[str]] = defaultdict(set)
    for person, events in by_person.items():
        begun[min(events, key=lambda event: event.at).verb] += 1
        for event in events:
            everybody[event.verb].add(person)
    known = {verb: is_leaving(verb) for verb in everybody}
    return {
        verb: begun[verb] * 2 < len(everybody[verb]) if is_left is None else is_left
        for verb, is_left in known.items()
    }


def _paired(
    events: Sequence[Event],
    leaving: Mapping[str, bool],
    first_of_all: datetime | None,
    ends_at: datetime,
) -> Iterator[Stay]:
    """Two joinings and one leaving are two devices, one of which stayed."""
    open_events: list[Event] = []
    for event in events:
        if not leaving[event.verb]:
            open_events.append(event)
        elif open_events:
            began = open_events.pop(0)
            yield replace(began.stay, joined=began.at, left=event.at)
        else:
            yield replace(event.stay, joined=first_of_all, left=event.at)
    for event in open_events:
        yield replace(event.stay, joined=event.at, left=max(event.at, ends_at))
