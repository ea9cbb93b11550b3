"""plan and tick: what a cohort's plan holds, and the clock, from the command line."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from programme import timetable
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.cohort_page import CohortPage, cohort_page
from programme.cohorts.overview import cohort_rows
from programme.cohorts.queries import steps_of
from programme.cohorts.step_page import why
from programme.cohorts.tally import tally
from programme.cohorts.turns import how_many_now
from programme.commands.instances import opened
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.web import Refusal

BY = COMMAND_LINE


class Instant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset it is UTC."""

    name = "instant"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        try:
            read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant like 2026-10-06T18:30:00Z.", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


@click.command("plan", help="List the steps of a cohort (its number or its name).")
@click.argument("cohort")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def cohort_plan(cohort: str, as_json: bool) -> None:
    with opened() as ours:
        page = _cohort(cohort, clock.now())
        said = json.dumps(_plan_told(page)) if as_json else _say_plan(page, ours.zone)
    click.echo(said)


def _cohort(name: str, at: datetime) -> CohortPage:
    wanted = name.casefold()
    for row in cohort_rows(BY, at):
        if name == str(row.id) or row.public_name.casefold() == wanted:
            page = cohort_page(BY, row.id, at)
            assert page is not None
            return page
    raise Refusal(f"There is no cohort {name!r}.")


def _plan_told(page: CohortPage) -> dict[str, Any]:
    """`to`: for how many people each step would be done as things stand."""
    steps = {step.id: step for step in steps_of(page.id)}
    return {
        "cohort": page.id,
        "name": page.public_name,
        "steps": [
            {
                "id": line.id,
                "step": line.name,
                "kind": line.kind,
                "session": line.session_number or None,
                "due_at": line.due_at.isoformat(),
                "expires_at": line.expires_at.isoformat(),
                "state": line.state_words,
                "why": why(steps[line.id]),
                "does": line.sentence,
                "to": how_many_now(steps[line.id]),
                **asdict(line.tally),
            }
            for line in page.plan
        ],
    }


def _say_plan(page: CohortPage, zone: str) -> str:
    return "\n".join(
        f"{clock.local(line.due_at, zone):%Y-%m-%d %H:%M}  {line.title}: {line.state_words}"
        + (f" ({line.counts})" if line.counts else "")
        for line in page.plan
    )


@click.command(help="Run the clock once.")
@click.option("--at", type=Instant(), help="Pretend that it is this instant.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def tick(at: datetime | None, as_json: bool) -> None:
    """What others do at the same moment is counted too."""
    with opened():
        moment = at or clock.now()
        before = tally()
        db.session.rollback()
        jobs = timetable.run_all(moment)
        done = asdict(tally() - before)
    done["failed"] += sum(count is None for count in jobs.values())
    if as_json:
        click.echo(json.dumps({"at": moment.isoformat(), **done, "jobs": jobs}))
    else:
        click.echo(", ".join(f"{word} {count}" for word, count in done.items()))
