"""Opening terms and cohorts."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from programme.access.models import Account, Grant, Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer, staff_viewer
from programme.cohorts.models import Cohort, Step, Term
from programme.cohorts.opening import can_open_cohort, foresee, open_cohort
from programme.cohorts.terms import add_break, open_term, remove_break
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from tests import builders
from tests.cohorts.conftest import new
from tests.conftest import NOW

LONDON = ZoneInfo("Europe/London")


def test_opening_a_cohort_makes_its_sessions_its_plan_and_an_audit_entry(
    cohort: Cohort, by: Viewer
) -> None:
    assert [session.number for session in cohort.sessions] == list(range(1, 11))
    steps = db.session.scalar(select(func.count(Step.id)).filter_by(cohort_id=cohort.id))
    assert steps == 16 + 7 * 10
    entry = db.session.scalars(select(AuditEntry).filter_by(action="opened cohort")).one()
    assert (entry.actor, entry.subject_id) == (by.actor, cohort.id)


def test_sessions_keep_their_wall_time_through_the_clock_change(
    lead: Partner, term: Term, by: Viewer, at: datetime
) -> None:
    made = open_cohort(new(lead, term, first_day=date(2026, 10, 13)), by=by, at=at)
    walls = {session.starts_at.astimezone(LONDON).time() for session in made.sessions}
    assert walls == {time(19, 30)}
    assert {session.starts_at.hour for session in made.sessions} == {18, 19}


def test_a_half_term_is_skipped_and_numbers_go_on(
    lead: Partner, term: Term, by: Viewer, at: datetime
) -> None:
    add_break(term, name="Half-term", first_day=date(2026, 10, 26), last_day=date(2026, 10, 30),
              by=by, at=at)  # fmt: skip
    proposed = new(lead, term, first_day=date(2026, 10, 13))
    weeks = foresee(proposed, NOW).weeks
    assert [(week.number, week.why) for week in weeks[:4]] == [
        (1, ""), (2, ""), (None, "Half-term"), (3, "")]  # fmt: skip
    made = open_cohort(proposed, by=by, at=at)
    assert made.sessions[2].day == date(2026, 11, 3)


def test_bank_holidays_warn_and_do_not_forbid(lead: Partner, by: Viewer, at: datetime) -> None:
    spring = builders.term(date(2026, 4, 1), date(2026, 7, 31), "Summer 2026")
    proposed = new(lead, spring, first_day=date(2026, 4, 27))
    assert foresee(proposed, NOW).holidays == {
        date(2026, 5, 4): "May Day",
        date(2026, 5, 25): "Spring Bank Holiday",
    }
    assert can_open_cohort(proposed, by=by)


def test_what_falls_outside_the_hours_for_sending_is_named_before_opening(
    lead: Partner, term: Term
) -> None:
    (last,) = foresee(new(lead, term), NOW).outside  # the last session ends at nine
    assert (last.title, last.outside.becomes) == ("Questions open, after", "goes later")
    late = foresee(new(lead, term, local_time=time(21, 30)), NOW)
    assert len(late.outside) == 11


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"public_name": "Prison families"}, "says too much"),
        ({"public_name": " "}, "short name"),
        ({"join_url": "http://zoom.us/j/1"}, "https"),
        ({"join_url": "https://zoom.us.example.org/j/1"}, "meeting service"),
        ({"capacity": 0}, "at least one place"),
        ({"minutes": 1}, "15 to 240"),
        ({"programme": "unknown"}, "no programme"),
        ({"term_id": 0}, "Choose the term"),
        ({"first_day": date(2027, 6, 1)}, "must lie in Autumn 2026"),
        ({"facilitator_ids": (999,)}, "no account"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(
    lead: Partner, term: Term, by: Viewer, at: datetime, wrong: dict, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        open_cohort(new(lead, term, **wrong), by=by, at=at)


def test_the_first_session_cannot_lie_in_a_break(
    lead: Partner, term: Term, by: Viewer, at: datetime
) -> None:
    add_break(term, name="Half-term", first_day=date(2026, 10, 26), last_day=date(2026, 10, 30),
              by=by, at=at)  # fmt: skip
    assert not can_open_cohort(new(lead, term), by=by)


def test_a_partners_coordinator_opens_groups_for_that_partner_only(
    lead: Partner, term: Term
) -> None:
    other = builders.partner("Other", is_lead=False)
    account = builders.account(Role.COORDINATOR, partner=other, name="Pat Partner")
    viewer = staff_viewer(account, date(2026, 10, 6))
    assert can_open_cohort(new(other, term), by=viewer)
    assert not can_open_cohort(new(lead, term), by=viewer)


def test_facilitators_are_granted_the_role_for_this_cohort(
    lead: Partner, term: Term, by: Viewer, at: datetime
) -> None:
    fay: Account = builders.account(None, name="Fay Facilitator")
    made = open_cohort(new(lead, term, facilitator_ids=(fay.id,)), by=by, at=at)
    grant = db.session.scalars(select(Grant).filter_by(account_id=fay.id)).one()
    assert (grant.role, grant.cohort_id) == (Role.FACILITATOR, made.id)


def test_a_term_needs_a_name_of_its_own_and_an_end_after_its_beginning(
    term: Term, by: Viewer, at: datetime
) -> None:
    with pytest.raises(Refusal, match="already"):
        open_term(
            name=term.name, first_day=date(2027, 1, 1), last_day=date(2027, 2, 1), by=by, at=at
        )
    with pytest.raises(Refusal, match="before the first"):
        open_term(
            name="Spring", first_day=date(2027, 2, 1), last_day=date(2027, 1, 1), by=by, at=at
        )


def test_a_break_lies_in_its_term_and_over_no_other(term: Term, by: Viewer, at: datetime) -> None:
    def add(first: date, last: date) -> int:
        return add_break(term, name="Break", first_day=first, last_day=last, by=by, at=at)

    add(date(2026, 10, 26), date(2026, 10, 30))
    with pytest.raises(Refusal, match="between"):
        add(date(2026, 8, 1), date(2026, 9, 30))
    with pytest.raises(Refusal, match="over another"):
        add(date(2026, 10, 30), date(2026, 11, 2))


def test_a_break_added_later_says_how_many_sessions_lie_in_it_and_can_be_removed(
    cohort: Cohort, term: Term, by: Viewer, at: datetime
) -> None:
    inside = add_break(term, name="Snow", first_day=date(2026, 11, 2), last_day=date(2026, 11, 13),
                       by=by, at=at)  # fmt: skip
    assert inside == 2
    db.session.flush()
    remove_break(term, term.breaks[0].id, by=by, at=at)
    db.session.flush()
    db.session.expire(term)
    assert term.breaks == []


def test_facilitators_cannot_open_terms_or_cohorts(
    lead: Partner, term: Term, cohort: Cohort, at: datetime
) -> None:
    fay = builders.account(Role.FACILITATOR, cohort=cohort, name="Fay Facilitator")
    viewer = staff_viewer(fay, date(2026, 10, 6))
    assert not can_open_cohort(new(lead, term), by=viewer)
    with pytest.raises(Refusal):
        open_term(name="X", first_day=date(2027, 1, 1), last_day=date(2027, 2, 1), by=viewer, at=at)
