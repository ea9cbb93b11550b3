"""The register's form: what was marked, and what the person marking had seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from programme.foundation.web import Refusal
from programme.registers.rules import Attendance, How, Kept, Wanted

STALE = "This page is out of date. Load it again, then mark."
LONGEST_REASON = 300


def read_marks(form: Mapping[str, str]) -> list[Wanted]:
    """The marks that differ from what the page showed.

    For participant 7: `mark-7` is chosen and `how-7` how they caught up; `was-7` and
    `was-how-7` are what the page showed (empty: none), `seen-7` when that was set. `reason-7`,
    or `reason` for all, says why it changes.

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


@dataclass(frozen=True)
class Tapped:
    """A mark as a device sends it: its key there, and whose it is."""

    key: str
    account_id: int
    wanted: Wanted


def read_tap(form: Mapping[str, str]) -> Tapped:
    """One mark from a device: `key`, `account`, `participant`, `mark`, `how`, `seen`, `reason`.

    Raises:
        Refusal: it was not made by our page.
    """
    try:
        key = str(UUID(form["key"]))
        wanted = Wanted(
            participant_id=int(form["participant"]),
            attendance=Attendance(form["mark"]),
            seen_at=read_instant(form.get("seen", "")),
            how=_how(form["mark"], form.get("how", "")),
            reason=_reason(form.get("reason", "")),
            may_be_old=True,
        )
        return Tapped(key, int(form["account"]), wanted)
    except (KeyError, ValueError) as error:
        raise Refusal(STALE) from error


def read_checklist(form: Mapping[str, str]) -> dict[str, Kept]:
    """What was answered, by the item's id: `kept-<id>`, and `agree` (`<id>:<answer>`) above it.

    Raises:
        Refusal: the form was not made by our page.
    """
    answered = {name.removeprefix("kept-"): form[name] for name in form if name[:5] == "kept-"}
    if "agree" in form:
        item, _, answer = form["agree"].partition(":")
        answered[item] = answer
    try:
        return {item: Kept(answer) for item, answer in answered.items()}
    except ValueError as error:
        raise Refusal(STALE) from error


def _wanted(form: Mapping[str, str], number: str) -> Wanted | None:
    chosen = form[f"mark-{number}"]
    try:
        how = _how(chosen, form.get(f"how-{number}", ""))
        if (chosen, how or "") == _shown(form, number):
            return None
        seen_at = read_instant(form.get(f"seen-{number}", ""))
        reason = _reason(form.get(f"reason-{number}") or form.get("reason", ""))
        return Wanted(int(number), Attendance(chosen), seen_at, how, reason)
    except ValueError as error:
        raise Refusal(STALE) from error


def _shown(form: Mapping[str, str], number: str) -> tuple[str, str]:
    return form.get(f"was-{number}", ""), form.get(f"was-how-{number}", "")


def _how(mark: str, how: str) -> How | None:
    """Only somebody who caught up did so somehow."""
    return How(how) if how and mark == Attendance.CAUGHT_UP else None


def _reason(typed: str) -> str:
    return " ".join(typed.split())[:LONGEST_REASON]
