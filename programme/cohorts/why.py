"""Why a step is there, in words: from its line of the programme's plan, or from who moved it."""

from collections.abc import Callable
from datetime import datetime

from programme.cohorts.plan import Anchor, Edge, Moment
from programme.foundation.web import say_clock

NUMBERS = {1: "one", 2: "two", 3: "three"}
SESSIONS = {
    Anchor.FIRST: "the first session",
    Anchor.SECOND: "the second session",
    Anchor.LAST: "the last session",
}


def say_moment_of_plan(moment: Moment, number: int) -> str:
    """ "14 days before the first session, at 10 am"; `number`: its own session's, 0 for none."""
    session = SESSIONS.get(moment.anchor, f"session {number}")
    if moment.minutes is not None:
        return _by_the_clock(moment, session)
    ends = " ends" if moment.edge is Edge.END else " begins"
    days = _days(moment, session)
    if moment.at:
        return f"{days}, at {say_clock(moment.at)}"
    if not moment.days and not moment.months:
        return f"when {session}{ends}"
    return f"{days}, at the time when it{ends}"


def _by_the_clock(moment: Moment, session: str) -> str:
    edge = "ends" if moment.edge is Edge.END else "begins"
    minutes = moment.minutes or 0
    if minutes == 0:
        return f"when {session} {edge}"
    side = "before" if minutes < 0 else "after"
    return f"{_long(abs(minutes))} {side} {session} {edge}"


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return _many(minutes, "minute") if rest else _many(hours, "hour")


def _days(moment: Moment, session: str) -> str:
    months, days = moment.months, moment.days
    if months:
        more = f" and {_many(days, 'day')}" if days > 0 else ""
        return f"{_many(months, 'month')}{more} after {session}"
    if days == 0:
        return f"on the day of {session}"
    if abs(days) == 1:
        return f"the day {'before' if days < 0 else 'after'} {session}"
    return f"{_many(abs(days), 'day')} {'before' if days < 0 else 'after'} {session}"


def _many(count: int, unit: str) -> str:
    return f"{NUMBERS.get(count, count)} {unit}{'' if count == 1 else 's'}"


def say_change(was: datetime, will_be: datetime | None, say: Callable[[datetime], str]) -> str:
    """ "It was to be on …, and is now on …" """
    if will_be is None:
        return f"It was to be on {say(was)}, and is cancelled."
    if will_be == was:
        return f"It was cancelled, and is held after all, on {say(was)}."
    return f"It was to be on {say(was)}, and is now on {say(will_be)}."
