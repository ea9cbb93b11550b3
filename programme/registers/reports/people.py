"""Stays put together by person: the same e-mail address, or else the same name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from programme.registers.reports.names import name_key
from programme.registers.reports.report import Evening, Interval, Person
from programme.registers.reports.stays import Stay


def people_in(stays: Sequence[Stay], evening: Evening) -> list[Person]:
    """In the order in which the report first names them."""
    ordered = sorted(stays, key=lambda stay: stay.row)
    groups: dict[str, list[Stay]] = defaultdict(list)
    owners = _owners(ordered)
    for stay in ordered:
        groups[stay.email or owners.get(name_key(stay.name)) or name_key(stay.name)].append(stay)
    return [_person(group, evening) for group in groups.values()]


def _owners(stays: Iterable[Stay]) -> dict[str, str]:
    """The one address of a name. A name that two addresses bear belongs to neither."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for stay in stays:
        if stay.email:
            addresses[name_key(stay.name)].add(stay.email)
    return {name: next(iter(found)) for name, found in addresses.items() if len(found) == 1}


def _person(stays: Sequence[Stay], evening: Evening) -> Person:
    names = dict.fromkeys(stay.name for stay in stays)
    shown = dict.fromkeys(stay.shown_as for stay in stays if stay.shown_as)
    first = stays[0].name
    others: dict[str, str] = {}
    for name in (*names, *shown):
        others.setdefault(name_key(name), name)
    others.pop(name_key(first))
    return Person(
        name=first,
        email=next((stay.email for stay in stays if stay.email), ""),
        is_staff=any(stay.is_staff for stay in stays),
        other_names=tuple(others.values()),
        intervals=tuple(_merged(_spans(stays))),
        seconds_in_session=_seconds_in_session(stays, evening),
    )


def _spans(stays: Iterable[Stay]) -> list[Interval]:
    return [(stay.joined, stay.left) for stay in stays if stay.joined and stay.left]


def _merged(spans: Iterable[Interval]) -> Iterator[Interval]:
    """Overlapping or touching ones as one."""
    current: Interval | None = None
    for span in sorted(spans):
        if current and span[0] <= current[1]:
            current = (current[0], max(current[1], span[1]))
        else:
            if current:
                yield current
            current = span
    if current:
        yield current


def _seconds_in_session(stays: Sequence[Stay], evening: Evening) -> float:
    whole = (evening.ends_at - evening.starts_at).total_seconds()
    if not _spans(stays):
        return min(sum(stay.seconds or 0 for stay in stays), whole)
    within = sum(_overlap(span, evening) for span in _merged(_spans(stays)))
    return min(within, sum(_most(stay, evening) for stay in stays))


def _most(stay: Stay, evening: Evening) -> float:
    """A row from first joining to last leaving tells a shorter duration: there were gaps."""
    if stay.joined is None or stay.left is None:
        return 0.0
    span = _overlap((stay.joined, stay.left), evening)
    return span if stay.seconds is None or _is_whole(stay) else min(span, stay.seconds)


def _is_whole(stay: Stay) -> bool:
    """Durations are rounded, and times may have lost their seconds."""
    assert stay.joined is not None
    assert stay.left is not None
    assert stay.seconds is not None
    return (stay.left - stay.joined).total_seconds() - stay.seconds < 60


def _overlap(span: Interval, evening: Evening) -> float:
    start: datetime = max(span[0], evening.starts_at)
    end: datetime = min(span[1], evening.ends_at)
    return max((end - start).total_seconds(), 0.0)
