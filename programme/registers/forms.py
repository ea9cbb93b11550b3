"""The register's form: what was marked, and what the person marking had seen."""

from collections.abc import Mapping
from datetime import datetime

from programme.foundation.web import Refusal
from programme.registers.rules import Attendance, Wanted

STALE = "This page is out of date. Load it again, then mark."


def read_marks(form: Mapping[str, str]) -> list[Wanted]:
    """The marks that differ from what the page showed.

    For participant 7: `mark-7` is chosen, `was-7` what the page showed (empty: no mark),
    `seen-7` when that was set.

    Raises:
        Refusal: the form was not made by our page.
    """
    names = [name for name in form if name.startswith("mark-")]
    read = [_wanted(form, name.removeprefix("mark-")) for name in names]
    return [one for one in read if one]


def read_instant(text: str) -> datetime | None:
    """An instant as a page of ours wrote it, or None for nothing.

    Raises:
        Refusal: it is neither.
    """
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(STALE) from error


def read_minutes(text: str) -> int | None:
    """A number of minutes, or None when it is not one."""
    return int(text) if text.strip().isdecimal() else None


def _wanted(form: Mapping[str, str], number: str) -> Wanted | None:
    chosen = form[f"mark-{number}"]
    if chosen == form.get(f"was-{number}", ""):
        return None
    try:
        return Wanted(int(number), Attendance(chosen), read_instant(form.get(f"seen-{number}", "")))
    except ValueError as error:
        raise Refusal(STALE) from error
