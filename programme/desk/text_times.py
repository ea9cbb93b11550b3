"""When a text goes out, as staff say it: read from the lines of a programme's plan."""

from datetime import time

from programme.cohorts.plan import Anchor, Edge, Moment, PlanEntry
from programme.cohorts.programmes import Programme
from programme.messages.catalogue import About
from programme.messages.languages import ENGLISH, language_of

SESSIONS = {
    Anchor.FIRST: "the first session",
    Anchor.SECOND: "the second session",
    Anchor.EACH: "each session",
    Anchor.LAST: "the last session",
}


def times_of(programme: Programme, about: About) -> list[str]:
    """When a programme sends the text; empty when it does not."""
    entries = (entry for entry in programme.plan if _sends(entry, about))
    said = [about.when] if about.when else [say_moment(entry.due) for entry in entries]
    return list(dict.fromkeys(said))


def say_moment(moment: Moment) -> str:
    """ "14 days before the first session, at 10 am" """
    session = SESSIONS[moment.anchor]
    if moment.minutes is not None:
        return _say_minutes(moment.minutes, session, moment.edge)
    day = _say_days(moment.days, _say_months(moment.months, session))
    return f"{day}, at {_say_clock(moment.at)}" if moment.at else day


def _sends(entry: PlanEntry, about: About) -> bool:
    if entry.template:
        return entry.template == about.template
    return bool(about.kind) and entry.kind == about.kind


def _say_minutes(minutes: int, session: str, edge: Edge) -> str:
    verb = "begins" if edge is Edge.START else "ends"
    if not minutes:
        return f"when {session} {verb}"
    long = "an hour" if abs(minutes) == 60 else f"{abs(minutes)} minutes"
    return f"{long} {'before' if minutes < 0 else 'after'} {session} {verb}"


def _say_months(months: int, session: str) -> str:
    return f"{months} months after {session}" if months else session


def _say_days(days: int, of: str) -> str:
    if not days:
        return of if " after " in of else f"on the day of {of}"
    if " after " in of:
        return f"{of.replace(' after ', f' and {_many(days)} after ')}"
    long = "the day" if abs(days) == 1 else _many(abs(days))
    return f"{long} {'before' if days < 0 else 'after'} {of}"


def _many(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _say_clock(at: time) -> str:
    return language_of(ENGLISH).say_clock(at)
