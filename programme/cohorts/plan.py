"""The plan as dates, pure: from a programme's entries and a cohort's sessions to dated steps."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from programme.cohorts.rules import Meeting
from programme.foundation.clock import instant, local
from programme.messages.rules import fit_into_hours, is_within_hours, next_opening


class Anchor(StrEnum):
    """The session that a date is counted from. EACH means: once for every session, its own."""

    FIRST = "first"
    SECOND = "second"
    EACH = "each"
    LAST = "last"


class Edge(StrEnum):
    START = "start"
    END = "end"


@dataclass(frozen=True)
class Moment:
    """A moment counted from a session.

    With `minutes`, so long after (or, negative, before) that edge of the session, as a
    stopwatch counts. Otherwise a wall time on a day: `months` calendar months from the
    session's day first (see `add_months`), then `days`; `at` local, or, without one,
    at the wall time of the session's edge.
    """

    anchor: Anchor
    edge: Edge = Edge.START
    days: int = 0
    months: int = 0
    at: time | None = None
    minutes: int | None = None

    def of(self, session: Meeting, zone: str) -> datetime:
        """The instant, counted from this session."""
        edge = session.starts_at if self.edge is Edge.START else session.ends_at
        if self.minutes is not None:
            return edge + timedelta(minutes=self.minutes)
        wall = local(edge, zone)
        day = add_months(wall.date(), self.months) + timedelta(days=self.days)
        return instant(datetime.combine(day, self.at or wall.time()), zone)


def add_months(day: date, months: int) -> date:
    """So many calendar months on: the same day of the month, or the month's last day when it
    has no such day. Three months after 30 November is the last day of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class PlanEntry:
    """One line of a programme's plan: what happens, when, and until when it is of use.

    In the file the due moment is written as `anchor`, `edge`, `days`, `months`, `time`,
    `minutes`, and the moment from which it is of no use as `until_anchor` and so on (the
    same anchor when left out). `by_days` is the day by which people must have done it. A
    message that is `alone` keeps its own time when others are due that day.
    """

    name: str
    kind: str
    anchor: str
    edge: str = "start"
    days: int = 0
    months: int = 0
    time: str = "10:00"
    minutes: int | None = None
    until_anchor: str = ""
    until_edge: str = "start"
    until_days: int = 0
    until_months: int = 0
    until_time: str = ""
    until_minutes: int | None = None
    by_days: int | None = None
    template: str = ""
    wave: str = ""
    alone: bool = False

    @property
    def is_message(self) -> bool:
        """Whether it writes to those who take part, and so keeps to the hours for that."""
        return bool(self.template or self.wave)

    @property
    def due(self) -> Moment:
        return Moment(
            Anchor(self.anchor),
            Edge(self.edge),
            self.days,
            self.months,
            time.fromisoformat(self.time),
            self.minutes,
        )

    @property
    def until(self) -> Moment:
        return Moment(
            Anchor(self.until_anchor or self.anchor),
            Edge(self.until_edge),
            self.until_days,
            self.until_months,
            time.fromisoformat(self.until_time) if self.until_time else None,
            self.until_minutes,
        )


@dataclass(frozen=True)
class StepDate:
    """One dated step. `session_number` is 0 for the cohort as a whole; `wished_at` is when the
    plan would have it, without regard to hours and to what else is due that day."""

    name: str
    kind: str
    session_number: int
    due_at: datetime
    expires_at: datetime
    wished_at: datetime
    is_message: bool = False
    is_alone: bool = False


def step_dates(plan: Iterable[PlanEntry], sessions: Sequence[Meeting], zone: str) -> list[StepDate]:
    """Every step that follows from the sessions, in order of time. No session, no step."""
    ordered = sorted(sessions, key=lambda session: session.starts_at)
    if not ordered:
        return []
    steps = [
        _dated(entry, own, ordered, zone)
        for entry in plan
        for own in (ordered if entry.due.anchor is Anchor.EACH else [None])
    ]
    return sorted(steps, key=lambda step: (step.due_at, step.name))


def _dated(
    entry: PlanEntry, own: Meeting | None, sessions: Sequence[Meeting], zone: str
) -> StepDate:
    due_at = entry.due.of(_counted_from(entry.due, own, sessions), zone)
    expires_at = entry.until.of(_counted_from(entry.until, own, sessions), zone)
    number = own.number if own else 0
    return StepDate(
        entry.name,
        entry.kind,
        number,
        due_at,
        expires_at,
        due_at,
        entry.is_message,
        entry.alone,
    )


def _counted_from(moment: Moment, own: Meeting | None, sessions: Sequence[Meeting]) -> Meeting:
    if moment.anchor is Anchor.EACH and own is not None:
        return own
    if moment.anchor is Anchor.SECOND:
        return sessions[min(1, len(sessions) - 1)]
    return sessions[-1 if moment.anchor is Anchor.LAST else 0]


@dataclass(frozen=True)
class Hours:
    """Between which hours of the day, in which zone, families get messages."""

    from_hour: int
    until_hour: int
    zone: str

    def hold(self, at: datetime) -> bool:
        return is_within_hours(at, self.from_hour, self.until_hour, self.zone)

    def reached(self, at: datetime) -> datetime:
        """`at` itself, or when the hours next begin."""
        return at if self.hold(at) else next_opening(at, self.from_hour, self.zone)


def settle(steps: Iterable[StepDate], hours: Hours) -> list[StepDate]:
    """Messages dated within the hours for them, and those of one day dated together.

    What would wait for the next morning and be of no use by then is dated earlier that day, to
    the end of the hours; on an earlier day "7.30 pm" would mean another evening. Of the
    messages of one day, all but those that go alone are dated to the first, so that one message
    can carry them.
    """
    fitted = [_within(step, hours) for step in steps]
    first: dict[date, datetime] = {}
    for step in filter(_may_gather, fitted):
        leaves = hours.reached(step.due_at)
        day = local(leaves, hours.zone).date()
        first[day] = min(leaves, first.get(day, leaves))
    settled = [_gathered(step, first, hours) for step in fitted]
    return sorted(settled, key=lambda step: (step.due_at, step.wished_at, step.name))


def _within(step: StepDate, hours: Hours) -> StepDate:
    if not step.is_message or hours.reached(step.due_at) < step.expires_at:
        return step
    due = step.due_at
    midnight = instant(datetime.combine(local(due, hours.zone).date(), time()), hours.zone)
    earlier = fit_into_hours(
        due, step.expires_at, hours.from_hour, hours.until_hour, hours.zone, midnight
    )
    return replace(step, due_at=earlier or due)


def _may_gather(step: StepDate) -> bool:
    return step.is_message and not step.is_alone


def _gathered(step: StepDate, first: dict[date, datetime], hours: Hours) -> StepDate:
    if not _may_gather(step) or not hours.hold(step.due_at):
        return step
    return replace(step, due_at=first[local(step.due_at, hours.zone).date()])
