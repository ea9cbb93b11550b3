"""The one clock. Everything else asks here what time it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZERO = timedelta()


class Clock:
    """Tells the time, in UTC; a demonstration may shift it."""

    def __init__(self) -> None:
        self.shift = ZERO

    def now(self) -> datetime:
        return self.real_now() + self.shift

    def real_now(self) -> datetime:
        """Unshifted: for whatever must expire by real time, such as a sign-in."""
        return datetime.now(UTC)


clock = Clock()


def now() -> datetime:
    """This instant, in UTC."""
    return clock.now()


def real_now() -> datetime:
    """This instant in UTC, whatever day a demonstration pretends it is."""
    return clock.real_now()


def today(zone: str) -> date:
    """The date on a wall calendar in `zone` (an IANA name)."""
    return local(now(), zone).date()


def local(at: datetime, zone: str) -> datetime:
    """An instant as wall time in `zone`."""
    return at.astimezone(ZoneInfo(zone))


def instant(wall: datetime, zone: str) -> datetime:
    """The instant at which clocks in `zone` show `wall` (naive).

    A wall time that occurs twice means the first of the two; one that is
    skipped in spring means the instant an hour later (PEP 495, fold=0).
    """
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
