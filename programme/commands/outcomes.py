"""outcomes: what changed in one cohort."""

import json

import click

from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.instances import is_new
from programme.foundation.settings import read_settings
from programme.foundation.web import Refusal
from programme.outcomes.actions import export_outcomes
from programme.outcomes.queries import CohortCounts, cohort_counts, cohorts_called
from programme.outcomes.telling import CohortOutcomes


@click.command(help="Say what changed in COHORT (its number, or its public name).")
@click.argument("cohort")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--internal", is_flag=True, help="Do not hide small numbers. Not for passing on.")
def outcomes(cohort: str, as_json: bool, internal: bool) -> None:
    settings = read_settings()
    if is_new(settings.instance) and not settings.database_url:
        raise Refusal(f"{settings.instance}/ holds nothing yet. Choose another PROGRAMME_INSTANCE.")
    with create_app(settings).app_context():
        found = find_cohort(cohort)
        at = clock.now()
        figures, told = export_outcomes(found, is_internal=internal, by=COMMAND_LINE, at=at)
        db.session.commit()
    click.echo(json.dumps(figures, indent=2) if as_json else "\n".join(_lines(told)))


def find_cohort(wanted: str) -> CohortCounts:
    """The cohort with this number or public name.

    Raises:
        Refusal: there is none, or more than one.
    """
    if wanted.isdigit():
        one = cohort_counts(COMMAND_LINE, int(wanted))
        found = [one] if one else []
    else:
        found = cohorts_called(COMMAND_LINE, wanted)
    if not found:
        raise Refusal(f"There is no cohort {wanted!r}. Give its number or its public name.")
    if len(found) > 1:
        numbers = ", ".join(f"{each.id} ({each.term})" for each in found)
        raise Refusal(f"{wanted!r} could be one of these: {numbers}. Give the number.")
    return found[0]


def _lines(told: CohortOutcomes) -> list[str]:
    lines = [f"{told.counts.name}, {told.counts.term}"]
    lines += [f"  {label}: {answered} answered" for label, answered, _ in told.wave_rows]
    for measure in told.measures:
        lines.append(measure.label)
        for one in measure.comparisons:
            lines += [f"  {one.label}: {' '.join(one.sentences)}"]
    return [*lines, *told.warnings, "For use inside the charity: small numbers are not hidden."]
