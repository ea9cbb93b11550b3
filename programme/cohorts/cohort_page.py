"""Everything the page of one cohort shows, in one call."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import joinedload

from programme.access.models import Account, Partner
from programme.access.viewer import Viewer
from programme.cohorts.callers import facilitators_of, may_ring, who_may_ring
from programme.cohorts.code_words import suggest_code_word
from programme.cohorts.dial_ins import DialIn, dial_in_of
from programme.cohorts.joining import can_stop_joining
from programme.cohorts.models import Cohort
from programme.cohorts.places import (
    Candidate,
    PersonLine,
    ToRing,
    candidates_for,
    people_of,
    to_ring_of,
)
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import CHANGE, OPEN, SEE, reach, sessions_of
from programme.cohorts.rules import HAS_A_PLACE, TAKES_PART, Stage
from programme.cohorts.strips import StripWeek, strip, where_it_stands
from programme.cohorts.timeline import StepLine, plan_of
from programme.foundation.clock import local
from programme.foundation.database import db


@dataclass(frozen=True)
class CohortPage:
    """One cohort, ready to show."""

    id: int
    public_name: str
    programme: str
    partner: str
    partner_id: int
    term: str
    stands: str
    first_start: datetime
    minutes: int
    facilitators: str
    meeting_host: str
    places: str
    has_free_place: bool
    is_paused: bool
    weeks: list[StripWeek]
    plan: list[StepLine]
    people: list[PersonLine]
    waiting: list[PersonLine]
    gone: list[PersonLine]
    to_ring: list[ToRing]
    may_fill: bool
    may_change: bool
    may_stop_joining: bool
    has_newer_plan: bool
    caller_id: int
    caller: str
    dial_in: DialIn | None
    code_word: str
    suggested_code_word: str
    may_ring: list[tuple[int, str]]
    """Who could be named as caller, for those who may change that."""
    candidates: list[Candidate] = field(default_factory=list)


def cohort_page(viewer: Viewer, cohort_id: int, at: datetime, find: str = "") -> CohortPage | None:
    """The page of one cohort; None when there is none that the viewer may see."""
    asked = reach(viewer, SEE).add_columns(Partner.name).join(Partner)
    loaded = asked.options(joinedload(Cohort.term)).where(Cohort.id == cohort_id)
    found = db.session.execute(loaded).one_or_none()
    return _page(found[0], found[1], viewer, at, find) if found else None


def _page(cohort: Cohort, partner: str, viewer: Viewer, at: datetime, find: str) -> CohortPage:
    programme, sessions = load_programme(cohort.programme), sessions_of(cohort.id)
    gaps = [each.gap for each in cohort.term.breaks]
    weeks = strip(sessions, gaps, cohort.zone, at)
    everyone = people_of(cohort.id)
    taken = sum(person.stage in HAS_A_PLACE for person in everyone)
    reached = sum(person.is_spoken_to and person.stage in TAKES_PART for person in everyone)
    names = facilitators_of([cohort.id]).get(cohort.id, [])
    where = {"cohort": cohort.id, "partner": cohort.partner_id}
    may_fill, may_change = viewer.can(OPEN, **where), viewer.can(CHANGE, **where)
    return CohortPage(
        id=cohort.id,
        public_name=cohort.public_name,
        programme=programme.title,
        partner=partner,
        partner_id=cohort.partner_id,
        term=cohort.term.name,
        stands=where_it_stands(weeks),
        first_start=sessions[0].starts_at,
        minutes=cohort.minutes,
        facilitators=", ".join(names) or "nobody yet",
        meeting_host=urlsplit(cohort.join_url or "").hostname or "",
        places=f"{taken} of {cohort.capacity} places",
        has_free_place=taken < cohort.capacity,
        is_paused=cohort.paused_at is not None,
        weeks=weeks,
        plan=plan_of(cohort, programme, reached, at),
        people=[person for person in everyone if person.stage in HAS_A_PLACE],
        waiting=[person for person in everyone if person.stage == Stage.WAITING],
        gone=[person for person in everyone if person.stage == Stage.WITHDREW],
        to_ring=to_ring_of(cohort.id, at) if may_change else [],
        may_fill=may_fill,
        may_change=may_change,
        may_stop_joining=can_stop_joining(cohort, by=viewer),
        has_newer_plan=cohort.programme_version != programme.version,
        caller_id=cohort.caller_id or 0,
        caller=_caller(cohort, at),
        dial_in=dial_in_of(cohort),
        code_word=cohort.code_word or "",
        suggested_code_word=suggest_code_word(cohort.id),
        may_ring=_may_ring(cohort, at) if may_change else [],
        candidates=candidates_for(viewer, cohort.id, find) if may_fill else [],
    )


def _caller(cohort: Cohort, at: datetime) -> str:
    """Who rings those who did not come."""
    named = db.session.get(Account, cohort.caller_id) if cohort.caller_id else None
    is_right = named and may_ring(named, cohort, local(at, cohort.zone).date())
    return named.name if named and is_right else "the facilitators"


def _may_ring(cohort: Cohort, at: datetime) -> list[tuple[int, str]]:
    found = who_may_ring(cohort, local(at, cohort.zone).date())
    return [(account.id, account.name) for account in found]
