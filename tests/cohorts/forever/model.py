"""What ought to be, worked out apart from the product: who may get what, when, and where.

Nothing here asks the database or calls the product's rules.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EARLIEST, LATEST = 9, 20
"""The hours in which the charity writes at all."""


@dataclass
class Meeting:
    """A session as agreed."""

    number: int
    starts: datetime
    is_cancelled: bool = False

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=90)

    @property
    def said_time(self) -> str:
        """How a text gives its time."""
        local = self.starts.astimezone(LONDON)
        minutes = f".{local:%M}" if local.minute else ""
        return f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'}"

    @property
    def said(self) -> str:
        """How a text gives its day and time."""
        local = self.starts.astimezone(LONDON)
        return f"{local:%A} {local.day} {local:%B}, {self.said_time}"


@dataclass
class Somebody:
    """One person, and what they agreed to."""

    id: int
    email: str
    phone: str
    channel: str = ""
    hours: tuple[int, int] = (9, 20)
    agrees: bool = False
    takes_part: bool = False
    is_paused: bool = False

    @property
    def address(self) -> str:
        return {"email": self.email, "sms": self.phone}.get(self.channel, "")

    def may_be_written_to(self, at: datetime) -> bool:
        hour = at.astimezone(LONDON).hour
        begins, ends = max(self.hours[0], EARLIEST), min(self.hours[1], LATEST)
        return self.agrees and begins <= hour < ends


Window = tuple[datetime, datetime]


def _on(day: datetime, days: int, at: time) -> datetime:
    wall = (day.astimezone(LONDON) + timedelta(days=days)).date()
    return datetime.combine(wall, at, LONDON)


@dataclass
class World:
    """Everybody, and their group."""

    sessions: dict[int, Meeting]
    people: dict[int, Somebody] = field(default_factory=dict)
    is_paused: bool = False
    paused_steps: set[tuple[str, int]] = field(default_factory=set)
    changes: Counter[int] = field(default_factory=Counter)
    """How often each session was moved, cancelled or brought back."""

    def held(self) -> list[Meeting]:
        return [each for each in self.sessions.values() if not each.is_cancelled]

    def texts(self) -> list[tuple[str, int]]:
        """Everything that is ever said, as name and session; 0 for the group as a whole."""
        of_sessions = [(name, number) for name in OF_A_SESSION for number in self.sessions]
        return of_sessions + [(name, 0) for name in OF_THE_GROUP]

    def may_get(self, person: int, name: str, number: int, at: datetime) -> str:
        """Empty if this text may reach this person now; else why not."""
        them = self.people[person]
        window = self.window(name, number)
        reasons = {
            "not agreed": not them.agrees,
            "does not take part": not them.takes_part,
            "paused": them.is_paused or self.is_paused or (name, number) in self.paused_steps,
            "cancelled": window is None,
            "past its use": window is not None and window[1] <= at,
        }
        return ", ".join(reason for reason, is_so in reasons.items() if is_so)

    def window(self, name: str, number: int) -> Window | None:
        """From when until when a text is of use; None when its session was cancelled."""
        if name in TOLD_WHEN_ASKED:
            return ALWAYS
        if number:
            session = self.sessions[number]
            return None if session.is_cancelled else OF_A_SESSION[name](session)
        held = sorted(self.held(), key=lambda each: each.starts)
        first, last = held[0], held[-1]
        return OF_THE_GROUP[name](first, held[min(1, len(held) - 1)], last)


ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
TOLD_WHEN_ASKED = ("session.changed",)
OF_A_SESSION: dict[str, Callable[[Meeting], Window]] = {
    "remind.day-before": lambda it: (
        _on(it.starts, -1, time(18)),
        it.starts - timedelta(hours=1),
    ),
    "remind.hour-before": lambda it: (it.starts - timedelta(hours=1), it.starts),
    "handout.notice": lambda it: (_on(it.starts, 1, time(10)), _on(it.starts, 5, time(20))),
}


def _three_months_on(it: Meeting, days: int, at: time) -> datetime:
    """The same day of the month, or its last; then so many days on."""
    day = it.starts.astimezone(LONDON).date()
    year, month = divmod(day.month + 2, 12)
    last = monthrange(day.year + year, month + 1)[1]
    wall = day.replace(year=day.year + year, month=month + 1, day=min(day.day, last))
    return datetime.combine(wall + timedelta(days=days), at, LONDON)


def _late_reminder(days: int) -> Callable[[Meeting, Meeting, Meeting], Window]:
    def window(_first: Meeting, _second: Meeting, last: Meeting) -> Window:
        begins = _three_months_on(last, days, time(10))
        return begins, _three_months_on(last, days + 1, time(20))

    return window


def _reminder(days: int, *, of_last: bool) -> Callable[[Meeting, Meeting, Meeting], Window]:
    def window(first: Meeting, _second: Meeting, last: Meeting) -> Window:
        it = last if of_last else first
        return _on(it.starts, days, time(10)), _on(it.starts, days + 1, time(20))

    return window


def _same_time(it: Meeting, days: int) -> datetime:
    return _on(it.starts, days, it.starts.astimezone(LONDON).time())


OF_THE_GROUP: dict[str, Callable[[Meeting, Meeting, Meeting], Window]] = {
    "welcome": lambda first, _, last: (_on(first.starts, -14, time(10)), last.starts),
    "before.open": lambda first, second, _: (_on(first.starts, -14, time(10, 30)), second.starts),
    "before.remind-1": _reminder(-11, of_last=False),
    "before.remind-2": _reminder(-7, of_last=False),
    "before.remind-3": _reminder(-4, of_last=False),
    "after.open": lambda _, __, last: (last.ends, _on(last.starts, 28, time(20))),
    "thanks": lambda _, __, last: (_on(last.starts, 1, time(11)), _same_time(last, 7)),
    "after.remind-1": _reminder(3, of_last=True),
    "after.remind-2": _reminder(7, of_last=True),
    "after.remind-3": _reminder(10, of_last=True),
    "three-months.open": lambda _, __, last: (
        _three_months_on(last, 0, time(10, 30)),
        _three_months_on(last, 28, time(20)),
    ),
    "three-months.thanks": lambda _, __, last: (
        _three_months_on(last, 29, time(11)),
        _three_months_on(last, 36, time(20)),
    ),
    "three-months.remind-1": _late_reminder(3),
    "three-months.remind-2": _late_reminder(7),
    "three-months.remind-3": _late_reminder(10),
}
