"""Which column holds what: by what stands in it, with its heading as a help."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from programme.people.imports.shapes import is_email_like
from programme.registers.reports.blocks import Block, cell_of
from programme.registers.reports.durations import read_number, read_seconds, says_units
from programme.registers.reports.moments import read_moment
from programme.registers.reports.words import Column, column_called, is_no, is_yes

Columns = Mapping[Column, int]
_NAMES = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
_FLAGS = (Column.WAITING, Column.GUEST, Column.CAME)
_MINUTE = 60
_MOST_ACTIONS = 8


def columns_of(block: Block) -> dict[Column, int]:
    """Columns that are not found are left out."""
    found: dict[Column, int] = {}
    _find_moments(block, found)
    _find_emails(block, found)
    _find_duration(block, found)
    _find_flags(block, found)
    _find_names(block, found)
    if Column.LEFT not in found and Column.DURATION not in found and Column.JOINED in found:
        _find_action(block, found)
    return found


def _called(block: Block, *wanted: Column) -> list[int]:
    width = max(block.width, len(block.headings))
    return [column for column in range(width) if column_called(block.heading(column)) in wanted]


def _where(block: Block, is_such: Callable[[str], bool], least: float = 0.5) -> list[int]:
    """The columns of whose values at least such a part is so."""
    return [
        column for column in range(block.width) if _share(block.values(column), is_such) >= least
    ]


def _share(values: Iterable[str], is_such: Callable[[str], bool]) -> float:
    answers = [is_such(value) for value in values]
    return sum(answers) / len(answers) if answers else 0.0


def _first(columns: Iterable[int], of: Iterable[int]) -> int | None:
    """The first of the columns that are among the others too."""
    others = set(of)
    return next((column for column in columns if column in others), None)


def _find_moments(block: Block, found: dict[Column, int]) -> None:
    others = _called(block, Column.OTHER, Column.DURATION)
    moments = [
        column for column in _where(block, lambda value: _is_clock(value)) if column not in others
    ]
    joined = _first(_called(block, Column.JOINED), moments)
    left = _first(_called(block, Column.LEFT), moments)
    rest = [column for column in moments if column not in (joined, left)]
    if joined is None and left is None:
        joined, left = _pair(block, rest)
    elif joined is None and left is not None:
        joined = max((column for column in rest if column < left), default=None)
    elif left is None and joined is not None:
        left = next((column for column in rest if column > joined), None)
    _keep(found, Column.JOINED, joined)
    _keep(found, Column.LEFT, left)


def _is_clock(value: str) -> bool:
    moment = read_moment(value)
    return moment is not None and moment.clock is not None


def _pair(block: Block, moments: list[int]) -> tuple[int | None, int | None]:
    """The last two that differ from row to row: what comes before them is about the meeting."""
    if len(moments) > 2 and len(block.rows) > 1:
        moments = [each for each in moments if len(set(block.values(each))) > 1] or moments
    if len(moments) < 2:
        return (moments[0], None) if moments else (None, None)
    if len(moments) > 2:
        moments = _without_duration(block, moments)
    return moments[-2], moments[-1]


def _without_duration(block: Block, moments: list[int]) -> list[int]:
    """Of three clock columns one may be the time between the other two."""
    for joined, left in combinations(moments, 2):
        for third in moments:
            if third not in (joined, left) and _is_between(block, joined, left, third):
                return [joined, left]
    return moments


def _is_between(block: Block, joined: int, left: int, third: int) -> bool:
    spans = [
        abs(span - size) <= _MINUTE
        for row in block.rows
        if (span := _clock_span(cell_of(row, joined), cell_of(row, left))) is not None
        and (size := _size(cell_of(row, third))) is not None
    ]
    return bool(spans) and sum(spans) * 2 > len(spans)


def _clock_span(joined: str, left: str) -> float | None:
    """In seconds, by the clock alone."""
    first, last = read_moment(joined), read_moment(left)
    if first is None or last is None or first.clock is None or last.clock is None:
        return None
    start, end = first.clock, last.clock
    seconds = (end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60
    return (seconds + end.second - start.second) % 86_400


def _size(value: str) -> float | None:
    """In seconds; a bare number counts minutes."""
    if (seconds := read_seconds(value)) is not None:
        return seconds
    number = read_number(value)
    return None if number is None else number * _MINUTE


def _find_emails(block: Block, found: dict[Column, int]) -> None:
    others = _called(block, Column.OTHER)
    emails = [each for each in _where(block, is_email_like) if each not in others]
    if len(emails) > 1 and len(block.rows) > 1:
        emails = [each for each in emails if len(set(block.values(each))) > 1] or emails[-1:]
    _keep(found, Column.EMAIL, emails[0] if emails else None)


def _find_duration(block: Block, found: dict[Column, int]) -> None:
    taken = set(found.values())
    sized = [each for each in _where(block, _is_size) if each not in taken]
    duration = _first(_called(block, Column.DURATION), sized)
    if duration is None:
        others = _called(block, Column.OTHER)
        sized = [each for each in sized if each not in others]
        duration = _first(_where(block, says_units), sized)
    if duration is None and {Column.JOINED, Column.LEFT} <= found.keys():
        joined, left = found[Column.JOINED], found[Column.LEFT]
        duration = next((each for each in sized if _is_between(block, joined, left, each)), None)
    if duration is None and is_renaming(block) and Column.JOINED not in found and sized:
        duration = sized[0]
    _keep(found, Column.DURATION, duration)


def _is_size(value: str) -> bool:
    return _size(value) is not None


def is_renaming(block: Block) -> bool:
    """Zoom's heading `Name (original name)`, in whatever language."""
    return any(map(_is_of_renamed, block.headings)) or any(
        _has_brackets(heading) and column_called(heading) is None for heading in block.headings[:2]
    )


def _is_of_renamed(heading: str) -> bool:
    return _has_brackets(heading) and column_called(heading) is Column.NAME


def _has_brackets(heading: str) -> bool:
    return "(" in heading or "（" in heading


def _find_flags(block: Block, found: dict[Column, int]) -> None:
    flags = _where(block, lambda value: is_yes(value) or is_no(value))
    for flag in _FLAGS:
        _keep(found, flag, _first(_called(block, flag), flags))
    if Column.WAITING not in found and is_renaming(block) and Column.JOINED in found:
        unknown = [each for each in flags if column_called(block.heading(each)) is None]
        if len(flags) > 1 and unknown and unknown[-1] == flags[-1]:
            found[Column.WAITING] = unknown[-1]


def _find_names(block: Block, found: dict[Column, int]) -> None:
    """One column, or two; of a webinar one, and two for those of whom it says nothing."""
    taken = set(found.values())
    free = [each for each in _called(block, *_NAMES) if each not in taken and block.values(each)]
    called = {column_called(block.heading(each)): each for each in reversed(free)}
    whole = [each for each in free if column_called(block.heading(each)) is Column.NAME]
    name = max(whole, key=lambda each: _likeness_to_names(block, each), default=None)
    first, last = called.get(Column.FIRST_NAME), called.get(Column.LAST_NAME)
    if name is not None and (first is None) != (last is None):
        if _has_brackets(block.heading(name)):
            first = last = None
        else:  # `Prénom, Nom` and `Nome, Cognome`: the word for a name is one for half of it too
            first, last, name = (name, last, None) if first is None else (first, name, None)
    if name is None and first is None and last is None:
        name = _most_like_names(block, taken)
    for column, position in zip(_NAMES, (name, first, last), strict=True):
        _keep(found, column, position)


def _likeness_to_names(block: Block, column: int) -> tuple[bool, bool, int]:
    varies = len(set(block.values(column))) > 1
    return _has_brackets(block.heading(column)), varies, -column


def _most_like_names(block: Block, taken: set[int]) -> int | None:
    others = set(_called(block, *(set(Column) - {Column.NAME}))) | taken
    words = [each for each in _where(block, _is_name_like) if each not in others]
    return max(words, key=lambda each: (len(set(block.values(each))), -each), default=None)


def _is_name_like(value: str) -> bool:
    return not _is_clock(value) and not is_yes(value) and not is_no(value) and "@" not in value


def _find_action(block: Block, found: dict[Column, int]) -> None:
    taken = set(found.values())
    verbs = [
        each
        for each in _where(block, lambda value: not _is_clock(value) and "@" not in value)
        if each not in taken and len(set(block.values(each))) <= _MOST_ACTIONS
    ]
    called = _first(_called(block, Column.ACTION), verbs)
    between = [each for each in verbs if each < found[Column.JOINED]]
    _keep(found, Column.ACTION, called if called is not None else max(between, default=None))


def _keep(found: dict[Column, int], column: Column, position: int | None) -> None:
    if position is not None:
        found[column] = position
