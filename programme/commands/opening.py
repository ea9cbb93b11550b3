"""open-cohort: a cohort and all that follows from it, from the command line."""

import json
from datetime import date, datetime, time
from typing import Any

import click

from programme.access.queries import account_by_email, every_partner
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Term
from programme.cohorts.opening import (
    Forecast,
    NewCohort,
    OutsideLine,
    check_can_open_cohort,
    foresee,
    open_cohort,
)
from programme.cohorts.queries import term_called
from programme.cohorts.terms import add_break, open_term
from programme.commands.instances import opened
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.web import Refusal, say_day, say_moment
from programme.messages.reaching import settings

BY = COMMAND_LINE


class Day(click.ParamType[date]):
    """A date as 2026-10-06."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-10-06.", param, ctx)


class Break(click.ParamType[tuple[str, date, date]]):
    """Days off as "Half-term:2026-10-26:2026-10-30"."""

    name = "name:first:last"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, date, date]:
        try:
            name, first, last = value.split(":")
            return name, date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            self.fail(f"{value!r} is not like Half-term:2026-10-26:2026-10-30.", param, ctx)


class Clock(click.ParamType[time]):
    """A wall time as 19:30."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> time:
        try:
            return value if isinstance(value, time) else time.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time like 19:30.", param, ctx)


@click.command("open-cohort", help="Open a cohort: its sessions and everything that follows.")
@click.option("--name", required=True, help="Its neutral name, such as 'Tuesday group'.")
@click.option("--term", "term_name", required=True, help="The term, by its name.")
@click.option("--term-from", type=Day(), help="First day of the term, if it is a new one.")
@click.option("--term-until", type=Day(), help="Last day of the term, if it is a new one.")
@click.option("--break", "breaks", type=Break(), multiple=True, help="A break of a new term.")
@click.option("--first-day", type=Day(), required=True, help="Day of the first session.")
@click.option("--time", "local_time", type=Clock(), default="19:30", show_default=True)
@click.option("--minutes", default=90, show_default=True)
@click.option("--capacity", default=12, show_default=True)
@click.option("--partner", "partner_name", default="", help="Organisation; else the lead one.")
@click.option("--programme", default="together", show_default=True)
@click.option("--facilitator", "facilitators", multiple=True, help="Their e-mail address.")
@click.option("--join-link", default="")
@click.option("--dry-run", is_flag=True, help="Only show the dates.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def open_a_cohort(
    *, dry_run: bool, as_json: bool, term_name: str, partner_name: str, **given: Any
) -> None:
    with opened():
        at = clock.now()
        term = term_called(term_name) or _new_term(term_name, given, at)
        new = _new_cohort(given, term, _partner(partner_name))
        check_can_open_cohort(new, by=BY)
        told = _told(new, foresee(new, at), None if dry_run else open_cohort(new, by=BY, at=at).id)
        if not dry_run:
            db.session.commit()
    click.echo(json.dumps(told) if as_json else _say_opened(told))


def _new_term(name: str, given: dict[str, Any], at: datetime) -> Term:
    if not given["term_from"] or not given["term_until"]:
        raise Refusal(
            f"There is no term called {name!r}. To add it, give --term-from and --term-until too."
        )
    term = open_term(
        name=name, first_day=given["term_from"], last_day=given["term_until"], by=BY, at=at
    )
    for label, first, last in given["breaks"]:
        add_break(term, name=label, first_day=first, last_day=last, by=BY, at=at)
    db.session.flush()
    return term


def _new_cohort(given: dict[str, Any], term: Term, partner_id: int) -> NewCohort:
    return NewCohort(
        programme=given["programme"],
        partner_id=partner_id,
        term_id=term.id,
        public_name=given["name"],
        first_day=given["first_day"],
        local_time=given["local_time"],
        minutes=given["minutes"],
        capacity=given["capacity"],
        join_url=given["join_link"],
        facilitator_ids=tuple(_account(email) for email in given["facilitators"]),
    )


def _partner(name: str) -> int:
    partners = every_partner()
    for partner in partners:
        if partner.name.casefold() == name.casefold() or (not name and partner.is_lead):
            return partner.id
    known = ", ".join(partner.name for partner in partners) or "none yet"
    wanted = f"organisation called {name!r}" if name else "lead organisation"
    raise Refusal(f"There is no {wanted}. There are: {known}.")


def _account(email: str) -> int:
    account = account_by_email(email)
    if account is None:
        raise Refusal(f"Nobody signs in as {email}.")
    return account.id


def _told(new: NewCohort, forecast: Forecast, cohort_id: int | None) -> dict[str, Any]:
    return {
        "cohort": cohort_id,
        "name": new.public_name,
        "time": f"{new.local_time:%H:%M}",
        "sessions": [
            {"number": week.number, "day": f"{week.day}"} for week in forecast.weeks if week.number
        ],
        "skipped": [
            {"day": f"{week.day}", "why": week.why} for week in forecast.weeks if not week.number
        ],
        "bank_holidays": [
            {"day": f"{day}", "name": name} for day, name in forecast.holidays.items()
        ],
        "runs_past_term": forecast.runs_past_term,
        "steps": forecast.steps,
        "outside_hours": [_outside(line, settings().zone) for line in forecast.outside],
    }


def _outside(line: OutsideLine, zone: str) -> dict[str, Any]:
    each = line.outside
    return {
        "step": each.step.name,
        "title": line.title,
        "session": each.step.session_number or None,
        "due_at": each.step.due_at.isoformat(),
        "goes_at": each.goes_at.isoformat() if each.goes_at else None,
        "becomes": each.becomes,
        "zone": zone,
    }


def _say_opened(told: dict[str, Any]) -> str:
    dates = [(each["day"], f"week {each['number']}") for each in told["sessions"]]
    dates += [(each["day"], f"no session, {each['why']}") for each in told["skipped"]]
    lines = [f"{say_day(date.fromisoformat(day), 'UTC')}: {words}" for day, words in sorted(dates)]
    lines += [_say_outside(each) for each in told["outside_hours"]]
    done = f"Opened as cohort {told['cohort']}" if told["cohort"] else "Nothing was opened"
    return "\n".join([*lines, f"{done}; {told['steps']} steps follow from these dates."])


def _say_outside(each: dict[str, Any]) -> str:
    due = say_moment(datetime.fromisoformat(each["due_at"]), each["zone"])
    goes = each["goes_at"] and say_moment(datetime.fromisoformat(each["goes_at"]), each["zone"])
    return f"Outside the hours for sending: {each['title']}, {due}: it {each['becomes']}" + (
        f", {goes}" if goes else ""
    )
