"""Working figures out, and reading them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.foundation import audit
from programme.foundation.database import db
from programme.outcomes.export import export
from programme.outcomes.models import Figures
from programme.outcomes.queries import (
    ByPerson,
    CohortCounts,
    Finished,
    cohort_counts,
    counted_so_far,
    figures_of,
    finished_in,
    scores_by_person,
)
from programme.outcomes.rules import PAIRS
from programme.outcomes.statistics import compare, reliable_change, summarise
from programme.outcomes.telling import CohortOutcomes, tell
from programme.questionnaires.instrument import ScoreRule
from programme.questionnaires.instrument_files import find_instrument
from programme.questionnaires.rules import Wave


def work_out(found: Finished, *, by: Viewer, at: datetime) -> None:
    """Replace a cohort's figures by what its answers say now. Two at once: one waits."""
    cohort = db.session.scalars(
        select(Cohort).filter_by(id=found.cohort_id).with_for_update()
    ).one()
    forget(cohort.id)
    for (instrument, score), people in scores_by_person(cohort.id).items():
        rule = find_instrument(instrument).score(score)
        db.session.add(
            Figures(
                cohort_id=cohort.id,
                instrument=instrument,
                score=score,
                aggregates=aggregate(people, rule),
                worked_out_at=at,
                answers_until=found.until,
                finished=found.count,
            )
        )
    audit.record("worked out figures", cohort, by=by, at=at, finished=found.count)


def forget(cohort_id: int) -> None:
    """Remove a cohort's figures, as when nobody's answers are left."""
    db.session.execute(delete(Figures).filter_by(cohort_id=cohort_id))


def aggregate(people: ByPerson, rule: ScoreRule) -> dict[str, Any]:
    """What one measure shows: everybody in each wave, pairs, and who answered every time."""
    waves = {wave: _values(people, [wave], wave) for wave in Wave}
    every_time = {wave: _values(people, list(Wave), wave) for wave in Wave}
    return {
        "waves": {wave.value: asdict(summarise(values)) for wave, values in waves.items()},
        "pairs": {name: _pair(people, *ends, rule) for name, ends in PAIRS.items()},
        "every_time": {wave.value: asdict(summarise(v)) for wave, v in every_time.items()},
    }


def _values(people: ByPerson, among: Sequence[Wave], wave: Wave) -> list[float]:
    """The scores of one wave, of those who have one in every wave of `among`."""
    return [waves[wave] for waves in people.values() if all(each in waves for each in among)]


def _pair(people: ByPerson, first: Wave, second: Wave, rule: ScoreRule) -> dict[str, Any]:
    both = [
        (waves[first], waves[second])
        for waves in people.values()
        if first in waves and second in waves
    ]
    reliable = reliable_change(both, rule.reliability, rule.direction)
    return asdict(compare(both)) | {"reliable": asdict(reliable) if reliable else None}


def read_outcomes(cohort_id: int, *, by: Viewer, at: datetime) -> CohortOutcomes | None:
    """What a cohort's answers show, for somebody who may see it; that they looked is noted."""
    counts = cohort_counts(by, cohort_id)
    if counts is None:
        return None
    audit.record("looked at outcomes", db.session.get_one(Cohort, cohort_id), by=by, at=at)
    return tell(counts, figures_of(cohort_id))


def export_outcomes(
    counts: CohortCounts, *, is_internal: bool, by: Viewer, at: datetime
) -> tuple[dict[str, Any], CohortOutcomes]:
    """A cohort's outcomes as figures and as words, worked out first if answers are newer."""
    work_out_if_stale(counts.id, by=by, at=at)
    figures = figures_of(counts.id)
    cohort = db.session.get_one(Cohort, counts.id)
    audit.record("exported outcomes", cohort, by=by, at=at, is_internal=is_internal)
    return export(counts, figures, is_internal=is_internal), tell(counts, figures)


def work_out_if_stale(cohort_id: int, *, by: Viewer, at: datetime) -> None:
    """Work a cohort's figures out unless they are those of its answers."""
    for found in finished_in(cohort_id):
        if counted_so_far().get(cohort_id) != (found.count, found.until):
            work_out(found, by=by, at=at)
