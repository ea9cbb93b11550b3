"""Programmes as designed: read from `handouts/<name>/programme.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from programme.cohorts.checklists import Checklist, read_checklist
from programme.cohorts.plan import PlanEntry
from programme.foundation.yaml_lines import FileError, read_yaml

HANDOUTS = Path(__file__).parents[2] / "handouts"


class ProgrammeError(Exception):
    """A programme's file cannot be used; the message says which file and why."""


@dataclass(frozen=True)
class PlannedSession:
    """One session as designed. `kind`: session, taster or booster."""

    number: int
    kind: str
    week: str
    title: str
    aim: str
    minutes: int


@dataclass(frozen=True)
class KitItem:
    """Something in the parcel; `per` participant or household, weight in grams."""

    item: str
    per: str
    weight_grams: int


@dataclass(frozen=True)
class FeedbackAnswer:
    """One answer to the question after each session: what is stored, and what is read."""

    value: str
    text: str


@dataclass(frozen=True)
class Programme:
    """A course as designed."""

    id: str
    version: int
    title: str
    public_name: str
    sessions: tuple[PlannedSession, ...]
    plan: tuple[PlanEntry, ...]
    measures: dict[str, tuple[str, ...]]
    kit: tuple[KitItem, ...]
    checklist: Checklist
    feedback_question: str
    feedback_answers: tuple[FeedbackAnswer, ...]
    attend: int
    catch_ups: int

    def entry(self, name: str) -> PlanEntry:
        """The line of the plan called `name`; LookupError when a newer plan has it no more."""
        found = self.find_entry(name)
        if found is None:
            raise LookupError(f"The plan of {self.id!r} has no {name!r}.")
        return found

    def find_entry(self, name: str) -> PlanEntry | None:
        return next((entry for entry in self.plan if entry.name == name), None)


@cache
def load_programme(name: str) -> Programme:
    """Read one programme.

    Raises:
        ProgrammeError: there is no such programme, or its file is not complete.
    """
    path = HANDOUTS / name / "programme.yaml"
    if not path.exists():
        raise ProgrammeError(f"There is no programme called {name!r}: {path} is missing.")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _programme(data, read_checklist(read_yaml(path)))
    except FileError as error:
        raise ProgrammeError(str(error)) from error
    except yaml.YAMLError as error:
        raise ProgrammeError(f"{path} is not readable YAML: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ProgrammeError(f"{path} is not complete: {error}.") from error


def programme_names() -> list[str]:
    """The programmes that can be run."""
    return sorted(path.parent.name for path in HANDOUTS.glob("*/programme.yaml"))


def _programme(data: dict[str, Any], checklist: Checklist) -> Programme:
    return Programme(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        public_name=data["public_name"],
        sessions=tuple(_session(entry) for entry in data["sessions"]),
        plan=tuple(_entry(entry) for entry in data["plan"]),
        measures={wave: tuple(names) for wave, names in data["measures"].items()},
        kit=tuple(KitItem(**entry) for entry in data["kit"]),
        checklist=checklist,
        feedback_question=data["feedback"]["question"],
        feedback_answers=tuple(FeedbackAnswer(**answer) for answer in data["feedback"]["answers"]),
        attend=data["completion"]["attend"],
        catch_ups=data["completion"]["catch_ups"],
    )


def _session(data: dict[str, Any]) -> PlannedSession:
    return PlannedSession(**{name: value for name, value in data.items() if name != "fidelity"})


def _entry(data: dict[str, Any]) -> PlanEntry:
    """One line of the plan, its moments understood now and not when a cohort is opened."""
    entry = PlanEntry(**data)
    try:
        _ = entry.due, entry.until
    except (TypeError, ValueError) as error:
        raise ValueError(f"the plan's {entry.name!r} says: {error}") from error
    return entry
