"""The whole term on one page: every cohort that runs, and where attention is due."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.attention import to_ring_in
from programme.cohorts.overview import CohortRow, running_rows
from programme.cohorts.strips import StripWeek
from programme.parcels.queries import progress_of
from programme.questionnaires.board import WaveCount, latest_waves
from programme.registers.attendance import came_by_session
from programme.registers.attention import attention_of

Came = Mapping[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Bar:
    """How far something is: words first."""

    words: str
    done: int
    total: int
    tone: str = ""


@dataclass(frozen=True)
class TermRow:
    """One cohort of the term. `this_week`: "Week 4: 7 of 9 came", empty before the first."""

    cohort: CohortRow
    weeks: tuple[StripWeek, ...]
    this_week: str
    bars: tuple[Bar, ...]
    attention: tuple[str, ...]


def term(viewer: Viewer, at: datetime) -> list[TermRow]:
    """The cohorts of the term that the viewer sees, the next to meet first. As many queries for
    one cohort as for many."""
    cohorts = running_rows(viewer, at)
    ids = [cohort.id for cohort in cohorts]
    came = came_by_session(ids)
    parcels = progress_of(_within(viewer, Permission.SEE_PARCELS, cohorts))
    waves = latest_waves(_within(viewer, Permission.SEE_RESPONSES, cohorts))
    registers, to_ring = attention_of(ids, at), to_ring_in(ids, at)
    return [
        TermRow(
            cohort=cohort,
            weeks=tuple(_drawn(week, came.get((cohort.id, week.session))) for week in cohort.weeks),
            this_week=_this_week(cohort, came),
            bars=tuple(_bars(cohort, parcels.get(cohort.id), waves.get(cohort.id))),
            attention=(
                *(f"needs {thing}" for thing in cohort.needs),
                *registers.get(cohort.id, ()),
                *_say_to_ring(to_ring.get(cohort.id, 0)),
            ),
        )
        for cohort in cohorts
    ]


def _within(viewer: Viewer, permission: Permission, cohorts: list[CohortRow]) -> list[int]:
    scope = viewer.scope(permission)
    return [one.id for one in cohorts if scope.reaches(cohort=one.id, partner=one.partner_id)]


def _drawn(week: StripWeek, counted: tuple[int, int] | None) -> StripWeek:
    """The week with how many came drawn in, once it has been and somebody was marked."""
    if week.state != "done" or counted is None:
        return replace(week, share=0.0) if week.state == "done" else week
    came, marked = counted
    return replace(week, share=came / marked, says=f"{week.says}, {came} of {marked} came")


def _this_week(cohort: CohortRow, came: Came) -> str:
    """The latest week with marks."""
    marked = [week.session for week in cohort.weeks if (cohort.id, week.session) in came]
    if not marked:
        return ""
    count, every = came[cohort.id, marked[-1]]
    return f"Week {marked[-1]}: {count} of {every} came"


def _bars(cohort: CohortRow, parcels: tuple[int, int] | None, wave: WaveCount | None) -> list[Bar]:
    bars = [Bar(cohort.places, cohort.taken, cohort.capacity, "live")]
    if parcels:
        bars.append(Bar(f"{parcels[0]} of {parcels[1]} parcels posted", *parcels))
    if wave:
        words = f"{wave.answered} of {wave.asked} answered “{wave.label.lower()}”"
        bars.append(Bar(words, wave.answered, wave.asked))
    return bars


def _say_to_ring(count: int) -> list[str]:
    return [f"{count} to ring: no safe way to write"] if count else []
