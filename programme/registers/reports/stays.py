"""The rows of a report as stays: who, from when, until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from programme.people.imports.shapes import is_email_like
from programme.people.imports.tables import SheetRow
from programme.registers.reports.columns import is_renaming
from programme.registers.reports.dating import Dating, in_words
from programme.registers.reports.durations import read_number, read_seconds
from programme.registers.reports.moments import Moment, read_moment
from programme.registers.reports.names import read_name
from programme.registers.reports.report import Evening, Ignored
from programme.registers.reports.tables import AttendanceTable
from programme.registers.reports.words import (
    Column,
    is_about_staff,
    is_no,
    is_organiser,
    is_placeholder,
    is_yes,
)
from programme.registers.reports.zones import zone_at_end

_HALF_A_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_SECONDS_OF = {"second": 1.0, "sekund": 1.0, "hour": 3600.0, "stund": 3600.0}


@dataclass(frozen=True, slots=True)
class Stay:
    """`seconds` is what the report says of its length, where it does."""

    name: str
    email: str
    row: int
    joined: datetime | None = None
    left: datetime | None = None
    seconds: float | None = None
    is_staff: bool = False
    shown_as: str = ""


@dataclass(slots=True)
class Reader:
    """Reads one table after another. `ends_at`: until when those stay who never left."""

    dating: Dating
    ends_at: datetime
    hosts: frozenset[str] = frozenset()
    ignored: list[Ignored] = field(default_factory=list)

    def ignore(self, who: str, row: SheetRow, reason: str) -> None:
        self.ignored.append(Ignored(who, row.number, reason))

    def person(self, table: AttendanceTable, row: SheetRow) -> Stay | None:
        """Who a row is about; None when it is about nobody, or they were not in the meeting."""
        email = _email(table, row)
        name = read_name(table.full_name(row), is_renaming=is_renaming(table.block))
        text = email if is_placeholder(name.text) else name.text
        if reason := _why_not(table, row, text):
            self.ignore(text, row, reason)
            return None
        is_staff = name.is_staff or self._is_staff(table, row, text, email)
        return Stay(text, email, row.number, is_staff=is_staff, shown_as=name.shown)

    def _is_staff(self, table: AttendanceTable, row: SheetRow, name: str, email: str) -> bool:
        taken = table.columns.values()
        rest = (cell for column, cell in enumerate(row.cells) if column not in taken)
        return (
            bool({email, name.casefold()} & self.hosts - {""})
            or is_about_staff(table.block.title)
            or any(map(is_organiser, rest))
            or (table.tells_guests_apart and is_no(table.text(row, Column.GUEST)))
        )


def stays_of(table: AttendanceTable, reader: Reader) -> Iterator[Stay]:
    for row in table.block.rows:
        if stay := reader.person(table, row):
            joined, left = _times(table, row, reader.dating)
            seconds = _seconds(table, row)
            if timed := _timed(stay, joined, left, seconds, reader):
                yield timed
            else:
                reader.ignore(stay.name, row, _why_no_time(table, row, reader.dating))


def totals_of(table: AttendanceTable, reader: Reader) -> Iterator[Stay]:
    for row in table.block.rows:
        if stay := reader.person(table, row):
            seconds = _seconds(table, row)
            if seconds is None:
                reader.ignore(stay.name, row, "This row says no duration.")
            else:
                yield replace(stay, seconds=seconds)


def moment_in(table: AttendanceTable, row: SheetRow, column: Column) -> Moment | None:
    return read_moment(table.text(row, column))


def wall_time(
    table: AttendanceTable, row: SheetRow, column: Column, dating: Dating
) -> datetime | None:
    moment = moment_in(table, row, column)
    if moment is None:
        return None
    heading = table.block.heading(table.columns[column]).rstrip()
    _, offset = zone_at_end(heading.lower()) if heading.endswith(")") else ("", None)
    return dating.wall_time(moment, offset)


def _email(table: AttendanceTable, row: SheetRow) -> str:
    text = table.text(row, Column.EMAIL).strip("<>()'\"").removeprefix("mailto:")
    return text.lower()[:254] if is_email_like(text) else ""


def _why_not(table: AttendanceTable, row: SheetRow, name: str) -> str | None:
    if is_yes(table.text(row, Column.WAITING)):
        return "In the waiting room, not in the meeting."
    if is_no(table.text(row, Column.CAME)):
        return "Registered, but did not come."
    if not name:
        return "This row names nobody."
    return None


def _times(
    table: AttendanceTable, row: SheetRow, dating: Dating
) -> tuple[datetime | None, datetime | None]:
    return (
        wall_time(table, row, Column.JOINED, dating),
        wall_time(table, row, Column.LEFT, dating),
    )


def _seconds(table: AttendanceTable, row: SheetRow) -> float | None:
    text = table.text(row, Column.DURATION)
    if (number := read_number(text)) is not None:
        heading = table.block.heading(table.columns[Column.DURATION]).casefold()
        return number * next((size for word, size in _SECONDS_OF.items() if word in heading), 60.0)
    return read_seconds(text)


def _timed(
    stay: Stay,
    joined: datetime | None,
    left: datetime | None,
    seconds: float | None,
    reader: Reader,
) -> Stay | None:
    """With what a row leaves out worked out from the rest. None when it cannot be."""
    length = timedelta(seconds=min(seconds, 86_400)) if seconds is not None else None
    if joined is None:
        if left is None or length is None:
            return None
        joined = left - length
    if left is None:
        left = joined + length if length is not None else max(joined, reader.ends_at)
    if left < joined:
        left = _put_right(joined, left, length)
    return None if left is None else replace(stay, joined=joined, left=left, seconds=seconds)


def _put_right(joined: datetime, left: datetime, length: timedelta | None) -> datetime | None:
    """Somebody who seems to leave before they join left after midnight, or else who knows."""
    if length is not None:
        return joined + length
    return left + _DAY if left + _DAY - joined < _HALF_A_DAY else None


def _why_no_time(table: AttendanceTable, row: SheetRow, dating: Dating) -> str:
    texts = [table.text(row, column) for column in (Column.JOINED, Column.LEFT)]
    if all(map(is_placeholder, texts)):
        return "This row says no times."
    if any(read_moment(text) is None for text in texts if not is_placeholder(text)):
        return f"The times of this row cannot be read: {' – '.join(filter(None, texts))[:80]}."
    return "This row says that they left before they joined."


def off_the_day(stays: Iterable[Stay], reader: Reader) -> Iterator[Stay]:
    """Those of the session's day; what is of another day is ignored, with the day."""
    evening = reader.dating.evening
    for stay in stays:
        if stay.joined is None or stay.left is None or _touches(stay.joined, stay.left, evening):
            yield stay
        else:
            reason = f"This row is of {in_words(stay.joined.date())}."
            reader.ignored.append(Ignored(stay.name, stay.row, reason))


def _touches(joined: datetime, left: datetime, evening: Evening) -> bool:
    """On the day by the wall clock, or else during a session that goes on after midnight."""
    is_of_the_day = joined.date() <= evening.day <= left.date()
    return is_of_the_day or (joined < evening.ends_at and left > evening.starts_at)
