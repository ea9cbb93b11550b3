"""Who missed, who rings whom, and what became of it."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from programme.access.models import Account
from programme.access.rules import Role
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import FirstConversation
from programme.registers.calling import give_call, record_call, take_call
from programme.registers.missed import MissedEvening, missed_evening, missed_lately
from programme.registers.queries import todo
from programme.registers.rules import Attendance, CallOutcome
from tests import builders
from tests.counting import counted_queries
from tests.evening import Evening, SignIn, an_evening

A = Attendance


@pytest.fixture
def evening(app: Flask, at: datetime) -> Evening:
    """Dawn came. Marek was absent, as the week before; Jo was absent once; Nan sent apologies."""
    made = an_evening("Dawn", "Marek", "Nan", "Jo")
    dawn, marek, nan, jo = made.people
    made.mark(3, A.PRESENT, dawn, nan, jo)
    made.mark(3, A.ABSENT, marek)
    made.mark(4, A.PRESENT, dawn)
    made.mark(4, A.APOLOGIES, nan)
    made.mark(4, A.ABSENT, marek, jo)
    return made


def morning(evening: Evening) -> datetime:
    return evening.session.ends_at + timedelta(hours=12)


def seen(evening: Evening, account: Account | None = None) -> MissedEvening:
    viewer = evening.viewer(account)
    return missed_evening(viewer, evening.session.id, morning(evening))


def names(people: tuple) -> list[str]:
    return [person.known_as for person in people]


def asked_of(evening: Evening, account: Account, at: datetime) -> list[str]:
    with current_app.test_request_context():
        found = todo(evening.viewer(account), at)
    return [item.title for item in found if item.title.startswith("Ring")]


def test_apologies_are_told_apart_from_absent_and_two_in_a_row_is_said(evening: Evening) -> None:
    page = seen(evening)
    assert names(page.to_ring) == ["Jo", "Marek"]
    assert names(page.no_call) == ["Nan"]
    assert [person.missed_two for person in page.to_ring] == [False, True]


def test_whoever_came_again_or_missed_again_is_not_rung_about_the_week_before(
    evening: Evening,
) -> None:
    (week_3,) = [
        one for one in missed_lately(evening.viewer(), morning(evening)) if one.session.number == 3
    ]
    assert names(week_3.people) == names(week_3.no_call) == ["Marek"]


def test_whoever_paused_or_left_is_not_on_the_list(evening: Evening, at: datetime) -> None:
    evening.enrolments[1].paused_at = at
    evening.enrolments[3].stage, evening.enrolments[3].withdrew_at = Stage.WITHDREW, at
    db.session.commit()
    assert names(seen(evening).to_ring) == []


def test_a_register_that_is_not_taken_calls_nobody_absent(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    evening.mark(4, A.PRESENT, evening.people[0])
    page = seen(evening)
    assert (page.is_taken, page.people) == (False, ())
    evening.mark(4, A.ABSENT, evening.people[1])
    assert names(seen(evening).people) == ["Marek"]


def test_one_takes_a_call_and_hands_it_over_and_nobody_takes_it_from_them(
    evening: Evening,
) -> None:
    jo, when = evening.people[3], morning(evening)
    take_call(evening.session, jo.id, by=evening.viewer(), at=when)
    with pytest.raises(Refusal, match=evening.facilitator.name):
        take_call(evening.session, jo.id, by=evening.viewer(evening.second), at=when)
    give_call(evening.session, jo.id, evening.second, by=evening.viewer(), at=when)
    assert [person.rings for person in seen(evening).to_ring] == [evening.second.name, ""]
    assert seen(evening, evening.second).to_ring[0].is_viewers


def test_a_call_can_be_given_only_by_and_to_those_who_may_ring(evening: Evening) -> None:
    jo, when = evening.people[3], morning(evening)
    with pytest.raises(Refusal, match="does not ring people of this group"):
        give_call(evening.session, jo.id, evening.helper, by=evening.viewer(), at=when)
    with pytest.raises(Refusal, match="Only who rings people of this group"):
        give_call(
            evening.session, jo.id, evening.second, by=evening.viewer(evening.helper), at=when
        )


def test_whose_turn_it_is_goes_from_the_taker_to_the_named_to_the_facilitators(
    evening: Evening,
) -> None:
    cora, when = builders.account(Role.COORDINATOR, name="Cora"), morning(evening)
    ring = ["Ring Marek: missed two in a row"]
    everybody = (evening.facilitator, evening.second, cora)
    assert [asked_of(evening, one, when) for one in everybody] == [ring, ring, ring]
    evening.cohort.caller_id = evening.second.id
    db.session.commit()
    assert [asked_of(evening, one, when) for one in everybody] == [[], ring, []]
    give_call(
        evening.session, evening.people[1].id, evening.facilitator, by=evening.viewer(), at=when
    )
    db.session.commit()
    assert [asked_of(evening, one, when) for one in everybody] == [ring, [], []]


def test_when_whoever_was_named_may_no_longer_ring_it_falls_to_coordinators_too(
    evening: Evening,
) -> None:
    cora, when = builders.account(Role.COORDINATOR, name="Cora"), morning(evening)
    evening.cohort.caller_id = evening.second.id
    evening.second.grants.clear()
    evening.facilitator.ends_on = date(2026, 10, 1)
    db.session.commit()
    assert asked_of(evening, cora, when) == ["Ring Marek: missed two in a row"]
    assert asked_of(evening, evening.second, when) == []


def test_somebody_who_stood_in_for_a_while_rings_no_more_afterwards(evening: Evening) -> None:
    when = morning(evening)
    evening.cohort.caller_id = evening.second.id
    evening.second.grants[0].last_day = when.date() - timedelta(days=1)
    db.session.commit()
    assert asked_of(evening, evening.facilitator, when) == ["Ring Marek: missed two in a row"]


def test_two_in_a_row_that_nobody_rang_about_for_days_is_told_to_coordinators(
    evening: Evening,
) -> None:
    cora = builders.account(Role.COORDINATOR, name="Cora")
    evening.cohort.caller_id = evening.second.id
    db.session.commit()
    assert asked_of(evening, cora, morning(evening)) == []
    assert len(asked_of(evening, cora, morning(evening) + timedelta(days=2))) == 1


def test_no_answer_leaves_the_call_open_and_reaching_them_ends_it(evening: Evening) -> None:
    marek, when, by = evening.people[1], morning(evening), evening.viewer()
    record_call(evening.session, marek.id, CallOutcome.NO_ANSWER, "", by=by, at=when)
    db.session.commit()
    assert names(seen(evening).to_ring) == ["Jo", "Marek"]
    assert seen(evening).to_ring[1].tries == (f"No answer, {evening.facilitator.name}",)
    assert asked_of(evening, evening.facilitator, when) == ["Ring Marek: missed two in a row"]
    record_call(evening.session, marek.id, CallOutcome.THEY_WROTE, "", by=by, at=when)
    db.session.commit()
    assert names(seen(evening).dealt_with) == ["Marek"]
    assert asked_of(evening, evening.facilitator, when) == []


def test_a_message_is_left_only_where_one_may_be(evening: Evening, sign_in: SignIn) -> None:
    marek, when, by = evening.people[1], morning(evening), evening.viewer()
    page = f"/tonight/{evening.session.id}/call/{marek.id}"
    assert "Left a message" not in sign_in(evening.facilitator).get(page).text
    with pytest.raises(Refusal, match="No message may be left on this phone"):
        record_call(evening.session, marek.id, CallOutcome.LEFT_MESSAGE, "", by=by, at=when)
    talk = db.session.scalars(select(FirstConversation).filter_by(participant_id=marek.id)).one()
    talk.may_leave_voicemail = True
    db.session.commit()
    assert "Left a message" in sign_in(evening.facilitator).get(page).text
    record_call(evening.session, marek.id, CallOutcome.LEFT_MESSAGE, "", by=by, at=when)


def test_deciding_not_to_ring_needs_a_reason(evening: Evening) -> None:
    with pytest.raises(Refusal, match="why nobody rang"):
        record_call(
            evening.session, evening.people[1].id, CallOutcome.NOT_RUNG, " ",
            by=evening.viewer(), at=morning(evening),
        )  # fmt: skip


def test_the_page_takes_a_call_and_shows_it(
    evening: Evening, sign_in: SignIn, at: datetime
) -> None:
    bill, jo = sign_in(evening.second), evening.people[3]
    address = f"/tonight/{evening.session.id}/missed"
    assert bill.post(f"{address}/{jo.id}").location == address
    assert "You ring them." in bill.get(address).text
    given = {"account": str(evening.facilitator.id)}
    assert bill.post(f"{address}/{jo.id}", data=given).location == address
    assert f"{evening.facilitator.name} rings them." in bill.get(address).text
    other = an_evening("Ada", group="Thursday group")
    assert sign_in(other.facilitator).get(address).status_code == 404
    assert sign_in(evening.helper).get(address).status_code == 403


def test_all_of_mine_takes_the_same_queries_however_many_evenings(app: Flask, at: datetime) -> None:
    cora, counts = builders.account(Role.COORDINATOR, name="Cora").id, []
    for group in ("Monday group", "Tuesday group"):
        evening = an_evening("Dawn", "Marek", group=group)
        when = morning(evening)
        for number in (3, 4):
            evening.mark(number, A.ABSENT)
            record_call(
                evening.cohort.sessions[number - 1], evening.people[0].id, CallOutcome.NO_ANSWER,
                "", by=evening.viewer(), at=when,
            )  # fmt: skip
        db.session.commit()
        db.session.expunge_all()
        viewer = evening.viewer(db.session.get(Account, cora))
        with counted_queries() as counted:
            found = missed_lately(viewer, when)
        counts.append((len(found), len([sql for sql in counted if "SELECT" in sql])))
    assert [count[0] for count in counts] == [3, 6]
    assert counts[0][1] == counts[1][1] <= 8
