"""Everything the page of one step shows: why it is there, what it does, to whom, and its text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from programme.access.queries import names_by_actor
from programme.access.viewer import Viewer
from programme.cohorts.kinds import KINDS, StepKind, is_in_plan
from programme.cohorts.models import Enrolment, GroupSession, SessionChange, Step
from programme.cohorts.plan import StepDate, settle, step_dates
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import CHANGE, SEE, sessions_of, step_for
from programme.cohorts.replanning import sending_hours
from programme.cohorts.timeline import StepLine, line_of
from programme.cohorts.turns import Turn, Turns, turns_of
from programme.cohorts.why import say_change, say_moment_of_plan
from programme.foundation.database import db
from programme.foundation.web import say_moment, say_time
from programme.messages.previewing import Preview, preview
from programme.people.rules import Channel


@dataclass(frozen=True)
class StepPage:
    """One step, ready to show. `shown_to`: the person whose text is shown."""

    cohort_id: int
    public_name: str
    line: StepLine
    why: str
    until: str
    moved_by: str
    turns: tuple[Turn, ...]
    staff: tuple[str, ...]
    texts: tuple[Preview, ...]
    shown_to: int
    writes: bool
    may_change: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many are in each state, in order of their names."""
        states = [turn.state for turn in self.turns]
        return [(state, states.count(state)) for state in dict.fromkeys(states)]


def step_page(
    viewer: Viewer, cohort_id: int, step_id: int, at: datetime, chosen: int = 0
) -> StepPage | None:
    """The page of one step; None when there is none that the viewer may see. `chosen`: the
    person whose text to show."""
    step = step_for(viewer, step_id, SEE)
    return _page(step, viewer, at, chosen) if step and step.cohort_id == cohort_id else None


def _page(step: Step, viewer: Viewer, at: datetime, chosen: int) -> StepPage:
    cohort, kind = step.cohort, KINDS.get(step.kind)
    turns, is_planned = turns_of(step, at), is_in_plan(step)
    shown_to = chosen if chosen in turns.people else _first(turns)
    writes = kind is not None and is_planned and kind.draft is not None
    return StepPage(
        cohort_id=cohort.id,
        public_name=cohort.public_name,
        line=line_of(step, load_programme(cohort.programme), at),
        why=why(step),
        until=_until(step),
        moved_by=names_by_actor([step.moved_by])[step.moved_by] if step.moved_by else "",
        turns=turns.turns,
        staff=_staff(step, kind, at),
        texts=tuple(_texts(step, kind, turns, shown_to, at)) if writes and kind else (),
        shown_to=shown_to,
        writes=writes,
        may_change=viewer.can(CHANGE, cohort=cohort.id, partner=cohort.partner_id),
    )


def _first(turns: Turns) -> int:
    return turns.turns[0].participant_id if turns.turns else 0


def why(step: Step) -> str:
    """Why the step is there: counted from which session, or which change it tells of."""
    if step.kind in KINDS and KINDS[step.kind].is_ad_hoc:
        return _why_it_is_told(step)
    entry = load_programme(step.cohort.programme).find_entry(step.name)
    if entry is None:
        return "It is no longer in the programme's plan. Nothing follows from it."
    planned = say_moment_of_plan(entry.due, step.session_number)
    return f"{planned[0].upper()}{planned[1:]}.{_brought_forward(step)}"


def _until(step: Step) -> str:
    entry = load_programme(step.cohort.programme).find_entry(step.name)
    return say_moment_of_plan(entry.until, step.session_number) if entry else ""


def _brought_forward(step: Step) -> str:
    """When it is not dated as the line says: for the hours, or to go with what is due that day."""
    cohort = step.cohort
    held = [each.meeting for each in sessions_of(cohort.id) if each.cancelled_at is None]
    plan, hours = load_programme(cohort.programme).plan, sending_hours(cohort.zone)
    dates = settle(step_dates(plan, held, cohort.zone), hours)
    own = next((date for date in dates if _is_of(date, step)), None)
    if own is None or step.moved_by or not own.due_at == step.due_at < own.wished_at:
        return ""
    if hours.hold(own.wished_at):
        return " Brought forward, to go with what else is due that day."
    own_time = say_time(own.wished_at, cohort.zone)
    return f" Brought forward: {own_time} is outside the hours for sending."


def _is_of(date: StepDate, step: Step) -> bool:
    return (date.name, date.session_number) == (step.name, step.session_number)


def _why_it_is_told(step: Step) -> str:
    asked = (
        select(SessionChange)
        .join(GroupSession)
        .where(GroupSession.cohort_id == step.cohort_id)
        .where(GroupSession.number == step.session_number)
        .order_by(SessionChange.id.desc())
        .limit(1)
    )
    change = db.session.scalars(asked).one()
    name = names_by_actor([change.by])[change.by]
    zone = step.cohort.zone
    said = say_change(change.was_at, change.will_be_at, lambda moment: say_moment(moment, zone))
    return f"{name} changed session {step.session_number}. {said}"


def _staff(step: Step, kind: StepKind | None, at: datetime) -> tuple[str, ...]:
    accounts = kind.staff(step, at) if kind and kind.staff else ()
    return tuple(account.name for account in accounts)


def _texts(step: Step, kind: StepKind, turns: Turns, shown_to: int, at: datetime) -> list[Preview]:
    """For the person who was chosen, and for the longest name among them all."""
    if kind.staff:
        return _text_to_staff(step, kind, at)
    longest = max(turns.people, key=lambda who: len(turns.people[who].known_as), default=0)
    wanted = [who for who in dict.fromkeys((shown_to, longest)) if who]
    found = [_text(step, kind, turns, who, at) for who in wanted]
    return [text for text in found if text]


def _text(step: Step, kind: StepKind, turns: Turns, who: int, at: datetime) -> Preview | None:
    asked = select(Enrolment).filter_by(cohort_id=step.cohort_id, participant_id=who)
    draft = kind.draft(step, db.session.scalar(asked), at) if kind.draft else None
    if draft is None:
        return None
    return preview(
        turns.people[who],
        channel=turns.channels[who],
        template=draft.template,
        values=draft.values,
        sender_name=step.cohort.public_name,
        wording=step.cohort.programme,
    )


def _text_to_staff(step: Step, kind: StepKind, at: datetime) -> list[Preview]:
    accounts = kind.staff(step, at) if kind.staff else ()
    draft = kind.draft(step, None, at) if kind.draft else None
    if not accounts or draft is None:
        return []
    return [
        preview(
            accounts[0],
            channel=Channel.EMAIL,
            template=draft.template,
            values=draft.values,
            sender_name=step.cohort.public_name,
        )
    ]
