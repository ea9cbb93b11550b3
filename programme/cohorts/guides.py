"""The session guide of one week: what facilitators do when, from `week-NN/guide.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml

from programme.cohorts import programmes
from programme.cohorts.programmes import ProgrammeError


@dataclass(frozen=True)
class Part:
    """One part of a session. `after` and `until` are minutes from the start."""

    title: str
    do: str
    more: tuple[str, ...]
    """Paragraphs of advice, from the text under the heading of the same name."""
    after: int
    until: int

    def begins(self, starts_at: datetime) -> datetime:
        """When it begins, in a session that starts at `starts_at`."""
        return starts_at + timedelta(minutes=self.after)

    def ends(self, starts_at: datetime) -> datetime:
        """When it should be over."""
        return starts_at + timedelta(minutes=self.until)

    def is_on(self, starts_at: datetime, at: datetime) -> bool:
        """Whether this is what the group is doing at `at`, if it keeps to time."""
        return self.begins(starts_at) <= at < self.ends(starts_at)


@dataclass(frozen=True)
class SessionGuide:
    """What facilitators need to run one session."""

    title: str
    aims: tuple[str, ...]
    ready: tuple[str, ...]
    parts: tuple[Part, ...]
    worries: tuple[str, ...]
    tell: str

    def part_at(self, starts_at: datetime, at: datetime) -> Part | None:
        """The part that is on at `at`, or None before and after the session."""
        return next((part for part in self.parts if part.is_on(starts_at, at)), None)


@cache
def session_guide(programme: str, week: str) -> SessionGuide | None:
    """The guide of one week (such as "week-03"), or None when the programme has none.

    Raises:
        ProgrammeError: the guide is there but cannot be read; the message says which and why.
    """
    path = programmes.HANDOUTS / programme / week / "guide.md"
    if not path.exists():
        return None
    try:
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        return _guide(yaml.safe_load(front), _sections(body))
    except yaml.YAMLError as error:
        raise ProgrammeError(f"{path} is not readable YAML: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ProgrammeError(f"{path} is not complete: {error}.") from error


def _guide(front: Mapping[str, Any], sections: Mapping[str, tuple[str, ...]]) -> SessionGuide:
    return SessionGuide(
        title=front["title"],
        aims=tuple(front.get("aims", ())),
        ready=tuple(front.get("ready", ())),
        parts=_parts(front["timings"], sections),
        worries=tuple(front.get("worries", ())),
        tell=front.get("tell", ""),
    )


def _parts(
    timings: list[dict[str, Any]], sections: Mapping[str, tuple[str, ...]]
) -> tuple[Part, ...]:
    parts, after = [], 0
    for entry in timings:
        until = after + int(entry["minutes"])
        more = sections.get(entry["title"], ())
        parts.append(Part(entry["title"], entry["do"], more, after, until))
        after = until
    return tuple(parts)


def _sections(body: str) -> dict[str, tuple[str, ...]]:
    """Paragraphs by the heading that they stand under."""
    texts = (text.partition("\n") for text in ("\n" + body).split("\n## ")[1:])
    return {
        heading.strip(): tuple(part.strip() for part in rest.split("\n\n") if part.strip())
        for heading, _, rest in texts
    }
