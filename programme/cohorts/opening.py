"""Opening a cohort: everything else follows from its dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

import holidays

from programme.access.models import Account, Grant, Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer
from programme.cohorts.hours import Outside, outside, sent
from programme.cohorts.models import Cohort, GroupSession, Term
from programme.cohorts.plan import settle, step_dates
from programme.cohorts.programmes import load_programme, programme_names
from programme.cohorts.queries import OPEN
from programme.cohorts.replanning import replan, sending_hours
from programme.cohorts.rules import (
    Meeting,
    Week,
    is_meeting_link,
    meeting,
    on_holidays,
    session_days,
)
from programme.cohorts.timeline import title_of
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.reaching import settings
from programme.messages.rules import revealing_words

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class NewCohort:
    """What a coordinator decides; the rest follows."""

    programme: str
    partner_id: int
    term_id: int
    public_name: str
    first_day: date
    local_time: time
    minutes: int
    capacity: int
    join_url: str = ""
    facilitator_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class OutsideLine:
    """A step whose text falls outside the hours for sending, and what staff call it."""

    title: str
    outside: Outside


@dataclass(frozen=True)
class Forecast:
    """What opening it would give: the weeks, what to look at twice, and the size of its plan."""

    weeks: tuple[Week, ...]
    holidays: Mapping[date, str]
    runs_past_term: bool
    steps: int
    outside: tuple[OutsideLine, ...]


def foresee(new: NewCohort, at: datetime) -> Forecast:
    """The dates that would follow, before anything is opened.

    Raises:
        Refusal: no dates can be worked out.
    """
    weeks, zone = _weeks(new), settings().zone
    programme, ours = load_programme(new.programme), sending_hours(zone)
    dates = settle(step_dates(programme.plan, _meetings(new, weeks), zone), ours)
    return Forecast(
        tuple(weeks),
        on_holidays(weeks, bank_holidays(weeks)),
        weeks[-1].day > _term(new).last_day,
        len(sent(dates, ours)),
        tuple(
            OutsideLine(title_of(each.step, programme), each)
            for each in outside(dates, ours)
            if each.step.wished_at > at
        ),
    )


def bank_holidays(weeks: list[Week]) -> dict[date, str]:
    """The bank holidays of the years these weeks touch, in the nation of the settings."""
    years = {week.day.year for week in weeks}
    return {day: name for year in years for day, name in _holidays_in(year).items()}


def _holidays_in(year: int) -> dict[date, str]:
    return _holidays_of(settings().nation, year)


@cache
def _holidays_of(nation: str, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv=nation, years=year))


def bank_holiday(day: date) -> str:
    """What the bank holiday of that day is called; empty on other days."""
    return _holidays_in(day.year).get(day, "")


def check_can_open_cohort(new: NewCohort, *, by: Viewer) -> None:
    """Raises Refusal with the first thing that stands in the way."""
    if not by.can(OPEN, partner=new.partner_id):
        raise Refusal("You cannot open groups for this organisation.")
    if db.session.get(Partner, new.partner_id) is None:
        raise Refusal("Choose the organisation that runs the group.")
    if new.programme not in programme_names():
        raise Refusal(f"There is no programme called {new.programme!r}.")
    if new.capacity < 1 or not 15 <= new.minutes <= 240:
        raise Refusal("A group has at least one place and lasts 15 to 240 minutes.")
    _check_name(new.public_name)
    check_join_url(new.join_url)
    _check_first_day(new)


def can_open_cohort(new: NewCohort, *, by: Viewer) -> bool:
    try:
        check_can_open_cohort(new, by=by)
    except Refusal:
        return False
    return True


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refusal("Give the group a short name, such as Tuesday group.")
    found = revealing_words(name)
    if found:
        raise Refusal(
            f"Somebody else may see the name on a phone or a letter, and {found[0]!r} says too "
            "much. Choose another, such as Tuesday group."
        )


def check_join_url(url: str) -> None:
    """Raises Refusal unless it is empty or leads, by https, to a meeting service we know."""
    if url and not is_meeting_link(url, settings().meeting_hosts):
        raise Refusal(
            "The join link must begin with https:// and lead to a meeting service in the "
            f"settings ({settings().meeting_hosts})."
        )


def _check_first_day(new: NewCohort) -> None:
    term = _term(new)
    if not term.first_day <= new.first_day <= term.last_day:
        raise Refusal(
            f"The first session must lie in {term.name}, {term.first_day:%d.%m.%Y} to "
            f"{term.last_day:%d.%m.%Y}."
        )
    if any(each.gap.covers(new.first_day) for each in term.breaks):
        raise Refusal("The first session would lie in a break. Choose the week before or after.")
    _weeks(new)


def _term(new: NewCohort) -> Term:
    term = db.session.get(Term, new.term_id)
    if term is None:
        raise Refusal("Choose the term.")
    return term


def _weeks(new: NewCohort) -> list[Week]:
    count = len(load_programme(new.programme).sessions)
    try:
        return session_days(new.first_day, count, [each.gap for each in _term(new).breaks])
    except ValueError as error:
        raise Refusal(str(error)) from error


def _meetings(new: NewCohort, weeks: list[Week]) -> list[Meeting]:
    zone = settings().zone
    return [
        meeting(week.number, week.day, new.local_time, new.minutes, zone)
        for week in weeks
        if week.number
    ]


def open_cohort(new: NewCohort, *, by: Viewer, at: datetime) -> Cohort:
    """Open a cohort: its sessions, its plan, and who runs it.

    Raises:
        Refusal: see `check_can_open_cohort`.
    """
    check_can_open_cohort(new, by=by)
    cohort = _cohort(new, at)
    db.session.add(cohort)
    cohort.sessions.extend(_sessions(new))
    db.session.flush()
    for account_id in new.facilitator_ids:
        _let_run(account_id, cohort)
    replan(cohort, at)
    audit.record("opened cohort", cohort, by=by, at=at, sessions=len(cohort.sessions))
    return cohort


def _cohort(new: NewCohort, at: datetime) -> Cohort:
    return Cohort(
        programme=new.programme,
        programme_version=load_programme(new.programme).version,
        partner_id=new.partner_id,
        term=_term(new),
        public_name=new.public_name.strip(),
        first_day=new.first_day,
        local_time=new.local_time,
        zone=settings().zone,
        minutes=new.minutes,
        capacity=new.capacity,
        join_url=new.join_url or None,
        opened_at=at,
    )


def _sessions(new: NewCohort) -> list[GroupSession]:
    weeks = {week.number: week.day for week in _weeks(new) if week.number}
    return [
        GroupSession(
            number=each.number,
            day=weeks[each.number],
            local_time=new.local_time,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
        )
        for each in _meetings(new, _weeks(new))
    ]


def _let_run(account_id: int, cohort: Cohort) -> None:
    account = db.session.get(Account, account_id)
    if account is None:
        raise Refusal("One of the facilitators has no account. Choose again.")
    account.grants.append(Grant(role=Role.FACILITATOR, cohort_id=cohort.id))
