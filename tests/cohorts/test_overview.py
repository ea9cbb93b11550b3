"""What is on, what comes next, and what needs doing."""

from datetime import date, datetime, timedelta

from programme.access.models import Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts.actions import enrol, note_rung
from programme.cohorts.attention import todo
from programme.cohorts.models import Cohort, Due
from programme.cohorts.moving import cancel_session
from programme.cohorts.overview import cohort_rows, running_rows
from programme.cohorts.queries import next_session, sessions_on
from programme.cohorts.rules import DueState
from programme.cohorts.strips import strip, where_it_stands
from programme.foundation.database import db
from tests import builders
from tests.cohorts.conftest import step
from tests.counting import counted_queries


def test_the_next_session_is_the_one_that_is_on_or_comes_and_is_not_cancelled(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    first, second, third, *_rest, last = cohort.sessions
    assert next_session(cohort.id, first.ends_at - timedelta(minutes=1)) is first
    assert next_session(cohort.id, first.ends_at) is second
    cancel_session(second, by=by, at=at)
    assert next_session(cohort.id, first.ends_at) is third
    assert next_session(cohort.id, last.ends_at) is None


def test_sessions_of_a_day_are_those_of_the_viewers_groups(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    other = builders.cohort(date(2026, 10, 27), partner=lead, name="Other group")
    helper = builders.account(Role.HELPER, cohort=other, name="Hal")
    viewer = staff_viewer(helper, date(2026, 10, 6))
    day = date(2026, 10, 27)
    assert {line.public_name for line in sessions_on(by, day)} == {"Tuesday group", "Other group"}
    assert [line.cohort_id for line in sessions_on(viewer, day)] == [other.id]
    cancel_session(cohort.sessions[0], by=by, at=at)
    assert len(sessions_on(by, day)) == 1


def test_todo_names_a_free_place_that_somebody_waits_for(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    cohort.capacity = 0
    enrol(builders.participant("Ann", partner=lead), into=cohort, by=by, at=at)
    assert todo(by, at) == []
    cohort.capacity = 1
    (item,) = todo(by, at)
    assert (item.title, item.fact) == ("A free place in Tuesday group", "1 waiting")
    assert item.url == f"/cohorts/{cohort.id}"
    assert todo(by, cohort.sessions[-1].ends_at + timedelta(days=1)) == []


def test_todo_names_what_is_missing_two_weeks_before_a_group_begins(
    cohort: Cohort, by: Viewer, at: datetime
) -> None:
    cohort.join_url = None
    db.session.flush()
    assert todo(by, at) == []
    soon = at + timedelta(days=8)
    assert [item.title for item in todo(by, soon)] == [
        "Tuesday group needs its join link",
        "Tuesday group needs a facilitator",
    ]
    assert todo(by, soon)[0].fact == "Begins Tuesday 27 October"


def test_todo_says_whom_to_ring_until_somebody_did(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = builders.participant("Ann", partner=lead)
    unsafe = [
        Due(step=step(cohort, name), participant_id=ann.id, made_at=at, ring_them=True,
            state=DueState.SKIPPED, reason="They asked to be rung.")
        for name in ("welcome", "thanks")
    ]  # fmt: skip
    db.session.add_all(unsafe)
    (item,) = todo(by, at)
    assert (item.title, item.tone) == ("Ring 1 person of Tuesday group", "wrong")
    assert todo(by, max(due.step.expires_at for due in unsafe)) == []  # of no more use
    note_rung(cohort, ann.id, by=by, at=at)
    assert {due.rung_by for due in unsafe} == {by.actor}
    assert todo(by, at) == []


def test_todo_names_what_does_not_go_through(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = builders.participant("Ann", partner=lead)
    db.session.add(Due(step=step(cohort, "welcome"), participant_id=ann.id, made_at=at, failures=2))
    (item,) = todo(by, at)
    assert item.title == "Something does not go through for 1 person of Tuesday group"


def test_todo_is_empty_for_those_who_can_do_nothing_about_it(cohort: Cohort, at: datetime) -> None:
    cohort.join_url = None
    fay = builders.account(Role.FACILITATOR, cohort=cohort, name="Fay")
    assert todo(staff_viewer(fay, date(2026, 10, 6)), at + timedelta(days=10)) == []


def test_todo_takes_as_many_queries_for_many_as_for_few(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    counts = []
    for round_of in range(2):
        for number in range(3):
            made = builders.cohort(date(2026, 10, 8), partner=lead, name=f"G{round_of}{number}")
            made.join_url = None
        db.session.commit()
        with counted_queries() as statements:
            assert todo(by, at)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


def test_a_strip_says_where_a_cohort_stands(cohort: Cohort, by: Viewer, at: datetime) -> None:
    def stands(moment: datetime) -> str:
        return where_it_stands(strip(cohort.sessions, [], cohort.zone, moment))

    fourth = cohort.sessions[3].starts_at
    assert stands(at) == "begins Tuesday 27 October"
    assert stands(fourth) == "week 4 of 10"
    assert strip(cohort.sessions, [], cohort.zone, fourth)[3].state == "tonight"
    assert stands(cohort.sessions[-1].ends_at) == "finished"


def test_the_term_leaves_out_what_ended_more_than_two_weeks_ago(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    builders.cohort(date(2026, 4, 7), partner=lead, name="Old group")
    assert {row.public_name for row in cohort_rows(by, at)} == {"Old group", "Tuesday group"}
    assert [row.public_name for row in running_rows(by, at)] == ["Tuesday group"]
