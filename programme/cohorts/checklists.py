"""The checklist of a programme: what those who run a session say of it, in two minutes."""

import re
from dataclasses import dataclass

from programme.foundation.yaml_lines import Line

ID = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True)
class ChecklistItem:
    """One thing that belongs to a session. Answers are kept under its id, which stays."""

    id: str
    text: str


@dataclass(frozen=True)
class Checklist:
    """What belongs to every session, and what to some, by the session's number."""

    always: tuple[ChecklistItem, ...]
    by_session: dict[int, tuple[ChecklistItem, ...]]

    def of(self, number: int) -> tuple[ChecklistItem, ...]:
        """What is asked about the numbered session."""
        return self.always + self.by_session.get(number, ())


def read_checklist(programme: Line) -> Checklist:
    """The checklist in a programme's file: `fidelity`, and `fidelity` of single sessions.

    Raises:
        FileError: it cannot be used; the message says which file, which line and why.
    """
    by_session = {
        session["number"].whole(): _items(session["fidelity"])
        for session in programme["sessions"].lines()
        if "fidelity" in session
    }
    found = Checklist(_items(programme["fidelity"]), by_session)
    for items in by_session.values():
        programme["fidelity"].refuse_twice([item.id for item in found.always + items])
    return found


def _items(listed: Line) -> tuple[ChecklistItem, ...]:
    items = tuple(_item(line) for line in listed.lines())
    listed.refuse_twice([item.id for item in items])
    return items


def _item(line: Line) -> ChecklistItem:
    line.only("id", "text")
    if not ID.fullmatch(line["id"].text()):
        raise line["id"].wrong("must be small letters, figures and hyphens, at most 40")
    return ChecklistItem(line["id"].text(), line["text"].text())
