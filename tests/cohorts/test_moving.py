"""What follows when sessions and steps move."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts.models import Cohort, Due, Step
from programme.cohorts.moving import (
    can_cancel_session,
    can_change_plan,
    can_move_session,
    cancel_session,
    move_session,
    restore_session,
    what_a_cancelling_changes,
    what_a_move_changes,
)
from programme.cohorts.replanning import Effect, replan
from programme.cohorts.rules import DueState
from programme.cohorts.steering import (
    can_move_step,
    change_join_url,
    let_step_follow,
    move_step,
    pause_step,
)
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from tests import builders
from tests.cohorts.conftest import FIRST_DAY, step

EVENING = time(19, 30)


def due(step: Step, lead: Partner, state: DueState, name: str = "Ann") -> Due:
    person = builders.participant(name, partner=lead)
    made = Due(
        step=step,
        participant_id=person.id,
        state=state,
        made_at=step.due_at,
        occurrence=step.occurrence,
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_what_belongs_to_a_session_moves_with_it_and_nothing_else_does(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    reminder, other = step(cohort, "remind.day-before", 3), step(cohort, "remind.day-before", 4)
    was, others = reminder.due_at, other.due_at
    third = cohort.sessions[2]
    move_session(third, day=third.day + timedelta(days=1), local_time=EVENING, by=by, at=at)
    assert reminder.due_at == was + timedelta(days=1)
    assert reminder.expires_at == third.starts_at - timedelta(minutes=60)
    assert other.due_at == others


def test_moving_the_last_session_moves_what_comes_after_the_course(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    last = cohort.sessions[-1]
    moved = last.day + timedelta(days=7)
    move_session(last, day=moved, local_time=time(18, 0), by=by, at=at)
    assert step(cohort, "after.open").due_at == last.ends_at
    assert step(cohort, "three-months.open").due_at.date() == date(2027, 4, 5)


def test_a_step_moved_by_hand_keeps_its_date_until_it_is_let_go(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    first, welcome = cohort.sessions[0], step(cohort, "welcome")
    by_hand = welcome.due_at + timedelta(days=2)
    move_step(welcome, by_hand, by=by, at=at)
    later = FIRST_DAY + timedelta(days=3)
    follows = what_a_move_changes(first, day=later, local_time=EVENING, at=at)
    assert {each.effect for each in follows if each.name == "welcome"} == {Effect.BY_HAND}
    move_session(first, day=later, local_time=EVENING, by=by, at=at)
    assert (welcome.due_at, welcome.moved_by) == (by_hand, by.actor)
    let_step_follow(welcome, by=by, at=at)
    assert welcome.due_at.date() == later - timedelta(days=14)
    assert welcome.moved_by is None


def test_what_was_done_stays_and_stays_of_use_as_long_as_the_new_date_says(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    welcome, first = step(cohort, "welcome"), cohort.sessions[0]
    was = welcome.due_at
    due(welcome, lead, DueState.DONE)
    move_session(first, day=FIRST_DAY + timedelta(days=2), local_time=EVENING, by=by, at=at)
    assert (welcome.due_at, welcome.occurrence) == (was, 1)
    last = cohort.sessions[-1]
    move_session(last, day=last.day + timedelta(days=2), local_time=EVENING, by=by, at=at)
    assert welcome.expires_at == last.starts_at


def test_a_reminder_already_sent_is_sent_again_for_the_new_date(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    reminder, first = step(cohort, "remind.day-before", 1), cohort.sessions[0]
    due(reminder, lead, DueState.DONE)
    left = due(reminder, lead, DueState.WAITING, "Bo")
    later = FIRST_DAY + timedelta(days=2)
    follows = what_a_move_changes(first, day=later, local_time=EVENING, at=at)
    (again,) = [each for each in follows if each.effect is Effect.AGAIN]
    assert (again.name, again.told) == ("remind.day-before", 1)
    move_session(first, day=later, local_time=EVENING, by=by, at=at)
    assert reminder.occurrence == 2
    assert (left.state, left.reason) == (DueState.SKIPPED, "Its session moved.")


def test_looking_at_what_follows_changes_nothing(cohort: Cohort, at: datetime) -> None:
    db.session.commit()
    what_a_move_changes(cohort.sessions[0], day=date(2026, 10, 29), local_time=EVENING, at=at)
    what_a_cancelling_changes(cohort.sessions[0], at=at)
    assert not db.session.dirty
    assert not db.session.new


def test_planning_again_changes_nothing(cohort: Cohort, at: datetime) -> None:
    assert {each.effect for each in replan(cohort, at)} == {Effect.SAME}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 11, 17), "before session 4"),
        (date(2026, 11, 3), "after session 2"),
        (date(2026, 10, 1), "passed already"),
    ],
)
def test_sessions_keep_their_order_and_stay_in_the_future(
    cohort: Cohort, by: Viewer, at: datetime, day: date, sentence: str
) -> None:
    third = cohort.sessions[2]
    with pytest.raises(Refusal, match=sentence):
        move_session(third, day=day, local_time=EVENING, by=by, at=at)
    assert not can_move_session(third, day=day, local_time=EVENING, by=by, at=at)
    assert third.day == date(2026, 11, 10)


def test_cancelling_a_session_ends_its_steps_and_bringing_it_back_revives_them(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    reminder, third = step(cohort, "remind.day-before", 3), cohort.sessions[2]
    waiting = due(reminder, lead, DueState.WAITING)
    cancel_session(third, by=by, at=at)
    assert reminder.ended_at == at
    assert (waiting.state, waiting.reason) == (DueState.SKIPPED, "Its session was cancelled.")
    assert not can_move_session(third, day=third.day, local_time=EVENING, by=by, at=at)
    restore_session(third, by=by, at=at)
    assert (third.cancelled_at, reminder.ended_at) == (None, None)


def test_cancelling_the_first_session_moves_what_is_counted_from_it(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    welcome = step(cohort, "welcome")
    was = welcome.due_at
    cancel_session(cohort.sessions[0], by=by, at=at)
    assert welcome.due_at == was + timedelta(days=7)


def test_a_session_that_began_or_is_the_only_one_left_is_not_cancelled(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    first, *others = cohort.sessions
    assert not can_cancel_session(first, by=by, at=first.starts_at)
    for other in others:
        cancel_session(other, by=by, at=at)
    with pytest.raises(Refusal, match="only session"):
        cancel_session(first, by=by, at=at)


def test_a_step_is_not_moved_past_its_use_nor_into_the_past(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    welcome = step(cohort, "welcome")
    assert can_move_step(welcome, at, by=by, at=at)
    assert not can_move_step(welcome, at - timedelta(minutes=1), by=by, at=at)
    assert not can_move_step(welcome, welcome.expires_at, by=by, at=at)
    assert not can_move_step(welcome, at, by=by, at=welcome.expires_at)


def test_only_links_to_known_meeting_services_are_taken_and_the_audit_holds_none(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    with pytest.raises(Refusal):
        change_join_url(cohort, "https://example.org/", by=by, at=at)
    change_join_url(cohort, "https://meet.google.com/abc", by=by, at=at)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="changed join link")).one()
    assert cohort.join_url == "https://meet.google.com/abc"
    assert entry.details == {}


def test_facilitators_see_the_plan_but_do_not_change_it(cohort: Cohort, at: datetime) -> None:
    fay = builders.account(Role.FACILITATOR, cohort=cohort, name="Fay Facilitator")
    viewer = staff_viewer(fay, date(2026, 10, 6))
    assert not can_change_plan(cohort, by=viewer)
    with pytest.raises(Refusal):
        pause_step(step(cohort, "welcome"), by=viewer, at=at)
