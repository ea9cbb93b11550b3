"""What the plan writes to those who take part: the welcome, reminders, changes and the thanks."""

from dataclasses import replace
from datetime import datetime

from programme.cohorts.kinds import Draft
from programme.cohorts.models import Enrolment, GroupSession, Step
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import next_to_begin, session_of, sessions_of
from programme.cohorts.told import CANCELLED, told_about, word_on
from programme.messages.values import day_value, time_value


def welcome(step: Step, place: Enrolment | None, at: datetime) -> Draft | None:
    """The next session that is still to begin, whenever somebody joins; None after the last."""
    session = next_to_begin(step.cohort_id, at)
    if session is None:
        return None
    return _with_dates(_of_plan(step, place, session, until=session.starts_at), place)


def about_session(step: Step, place: Enrolment | None, _at: datetime) -> Draft | None:
    """About the step's own session, in the words that the plan names."""
    return _of_plan(step, place, session_of(step))


def thanks(step: Step, place: Enrolment | None, _at: datetime) -> Draft | None:
    held = [each for each in sessions_of(step.cohort_id) if each.cancelled_at is None]
    return _of_plan(step, place, held[-1])


def change(step: Step, place: Enrolment | None, _at: datetime) -> Draft | None:
    """What is true of the session now; None for whoever was told so already, or nothing."""
    assert place is not None
    session, who = session_of(step), place.participant_id
    told, truth = told_about(session, who).get(who), word_on(session)
    if told is None or told == truth:
        return None
    kept = "session-back" if told.is_cancelled else "session-moved"
    return _with_dates(_draft(CANCELLED if truth.is_cancelled else kept, place, session), place)


def _with_dates(draft: Draft, place: Enrolment | None) -> Draft:
    """An e-mail that brings the group's dates for their calendar."""
    assert place is not None
    return replace(draft, values={**draft.values, "calendar": place.id})


def _of_plan(
    step: Step, place: Enrolment | None, session: GroupSession, until: datetime | None = None
) -> Draft:
    entry = load_programme(step.cohort.programme).entry(step.name)
    return _draft(entry.template, place, session, until)


def _draft(
    template: str, place: Enrolment | None, session: GroupSession, until: datetime | None = None
) -> Draft:
    """About one session, with the link to their own page."""
    assert place is not None
    zone = session.cohort.zone
    values = {
        "group": session.cohort.public_name,
        "day": day_value(session.starts_at, zone),
        "time": time_value(session.starts_at, zone),
        "link": {"link": "my_group", "row": place.id},
    }
    return Draft(template, values, until)
