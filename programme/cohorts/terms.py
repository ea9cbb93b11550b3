"""Terms and their breaks."""

from datetime import date, datetime

from programme.access.viewer import Viewer
from programme.cohorts.models import Break, Term
from programme.cohorts.queries import OPEN, sessions_within, term_called
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal

LONGEST_NAME = 60


def open_term(*, name: str, first_day: date, last_day: date, by: Viewer, at: datetime) -> Term:
    """Add a term.

    Raises:
        Refusal: the name is taken, or it would end before it begins.
    """
    if not by.can(OPEN):
        raise Refusal("Only a coordinator can add a term.")
    if not name.strip():
        raise Refusal("Give the term a name, such as Autumn 2026.")
    if term_called(name.strip()):
        raise Refusal(f"There is a term called {name.strip()} already.")
    _refuse_backwards(first_day, last_day)
    term = Term(name=name.strip()[:LONGEST_NAME], first_day=first_day, last_day=last_day)
    db.session.add(term)
    audit.record("opened term", term, by=by, at=at)
    return term


def add_break(
    term: Term, *, name: str, first_day: date, last_day: date, by: Viewer, at: datetime
) -> int:
    """Add days on which no group meets; both ends are included. Sessions already planned stay:
    gives how many lie in it, so that somebody moves them.

    Raises:
        Refusal: it lies outside the term or over another break, or ends before it begins.
    """
    if not by.can(OPEN):
        raise Refusal("Only a coordinator can add a break.")
    _refuse_backwards(first_day, last_day)
    if first_day < term.first_day or last_day > term.last_day:
        raise Refusal("The break must lie between the first and the last day of the term.")
    if any(each.first_day <= last_day and first_day <= each.last_day for each in term.breaks):
        raise Refusal("It would lie over another break of this term.")
    added = Break(
        name=name.strip()[:LONGEST_NAME] or "Break", first_day=first_day, last_day=last_day
    )
    term.breaks.append(added)
    audit.record("added break", term, by=by, at=at, first=f"{first_day}", last=f"{last_day}")
    return sessions_within(term, first_day, last_day)


def remove_break(term: Term, break_id: int, *, by: Viewer, at: datetime) -> None:
    """Take a break away again. Sessions already planned stay where they are."""
    if not by.can(OPEN):
        raise Refusal("Only a coordinator can remove a break.")
    found = next((each for each in term.breaks if each.id == break_id), None)
    if found is None:
        raise Refusal("This break is gone already.")
    audit.record("removed break", term, by=by, at=at, first=f"{found.first_day}")
    db.session.delete(found)


def _refuse_backwards(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Refusal("The last day comes before the first. Check both.")
