"""The pages of cohorts, their plan, places and terms."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.access.viewer import Viewer
from programme.cohorts.actions import enrol
from programme.cohorts.models import Cohort, Due, Enrolment, Step, Term
from programme.cohorts.moving import cancel_session
from programme.cohorts.rules import DueState, Stage
from programme.cohorts.terms import add_break
from programme.foundation.database import db
from programme.people.models import Consent, KeepApart
from tests import builders
from tests.cohorts.conftest import step
from tests.counting import counted_queries

SignIn = Callable[[Account], FlaskClient]


def words(answer: TestResponse) -> str:
    """The page's text, parsed strictly."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(answer.data)
    return " ".join(" ".join(tree.itertext()).split())


@pytest.fixture
def client(sign_in: SignIn, coordinator: Account) -> FlaskClient:
    return sign_in(coordinator)


def typed(lead: Partner, term: Term, **others: str) -> dict[str, str]:
    return {
        "public_name": "Wednesday group",
        "programme": "together",
        "partner": str(lead.id),
        "term": str(term.id),
        "first_day": "2026-10-14",
        "local_time": "19:30",
        "minutes": "90",
        "capacity": "8",
        "join_url": "",
        "act": "look",
    } | others


def test_the_dates_are_shown_before_anything_is_opened_and_all_that_was_typed_is_kept(
    client: FlaskClient, lead: Partner, term: Term, by: Viewer, at: datetime
) -> None:
    add_break(term, name="Half-term", first_day=date(2026, 10, 26), last_day=date(2026, 10, 30),
              by=by, at=at)  # fmt: skip
    answer = client.post("/cohorts/new", data=typed(lead, term))
    text = words(answer)
    assert answer.status_code == 200
    assert "Wednesday 28 October: no session, Half-term" in text
    assert "Week 3 Wednesday 4 November" in text
    assert 'value="Wednesday group"' in answer.text
    assert db.session.scalars(select(Cohort)).all() == []


def test_the_second_button_opens_it(
    client: FlaskClient, lead: Partner, term: Term, coordinator: Account
) -> None:
    answer = client.post(
        "/cohorts/new", data=typed(lead, term, act="open", facilitators=str(coordinator.id))
    )
    cohort = db.session.scalars(select(Cohort)).one()
    assert (answer.status_code, answer.location) == (303, f"/cohorts/{cohort.id}")
    assert "Wednesday group is open" in words(client.get(answer.location))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"public_name": ""}, "short name"),
        ({"first_day": "soon"}, "on which day"),
        ({"local_time": "half past"}, "when it begins"),
        ({"capacity": "many"}, "how many places"),
        ({"public_name": "Prison families"}, "says too much"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient, lead: Partner, term: Term, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post("/cohorts/new", data=typed(lead, term, act="open", **wrong))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="90"' in answer.text
    assert db.session.scalars(select(Cohort)).all() == []


def test_the_page_of_a_cohort_shows_weeks_plan_and_places(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann = builders.participant("Ann", partner=lead, surname="Secretname")
    enrol(builders.spoken_to(ann), into=cohort, by=by, at=at)
    enrol(builders.participant("Bo", partner=lead), into=cohort, by=by, at=at)
    text = words(client.get(f"/cohorts/{cohort.id}"))
    assert "Begins Tuesday 27 October, 2 of 4 places" in text
    assert "Week 1, Tuesday 27 October: to come" in text
    assert "Reminds everyone who takes part of session 1, once per phone. 1 person." in text
    assert "Bo Enrolled Not yet spoken to" in text.replace("Error:", "")
    assert "Secretname" not in text
    assert "zoom.us" in text
    assert "123456789" not in text


def test_the_timeline_says_how_many_are_done_and_whom_to_ring(
    client: FlaskClient, cohort: Cohort, lead: Partner, at: datetime
) -> None:
    welcome = step(cohort, "welcome")
    ann, bo = (builders.participant(name, partner=lead) for name in ("Ann", "Bo"))
    db.session.add_all([
        Due(step=welcome, participant_id=ann.id, state=DueState.DONE, made_at=at),
        Due(step=welcome, participant_id=bo.id, state=DueState.SKIPPED, made_at=at,
                      ring_them=True, reason="They asked to be rung."),
    ])  # fmt: skip
    db.session.commit()
    text = words(client.get(f"/cohorts/{cohort.id}"))
    assert "1 of 2 done, 1 skipped, 1 to ring" in text
    assert "Bo Welcome: They asked to be rung." in text
    answer = client.post(f"/cohorts/{cohort.id}/rung/{bo.id}")
    assert answer.status_code == 303
    assert "They asked to be rung." not in words(client.get(f"/cohorts/{cohort.id}"))
    assert client.post(f"/cohorts/{cohort.id}/rung/{bo.id}").status_code == 422


def test_enrolling_beyond_the_last_place_fills_the_waiting_list(
    client: FlaskClient, cohort: Cohort, lead: Partner
) -> None:
    people = [builders.participant(name, partner=lead) for name in "ABCDE"]
    data = {"people": [str(each.id) for each in people]}
    answer = client.post(f"/cohorts/{cohort.id}/enrol", data=data)
    assert answer.status_code == 303
    text = words(client.get(f"/cohorts/{cohort.id}"))
    assert "4 enrolled. 1 on the waiting list." in text
    assert "4 of 4 places" in text


def test_one_who_cannot_be_enrolled_keeps_all_of_them_out_and_says_nothing_of_anybody_else(
    client: FlaskClient, cohort: Cohort, lead: Partner, at: datetime
) -> None:
    ann, bo = (builders.participant(name, partner=lead) for name in ("Ann", "Bo"))
    db.session.add(KeepApart(one_id=ann.id, other_id=bo.id, at=at, by="test"))
    data = {"people": [str(ann.id), str(bo.id)]}
    answer = client.post(f"/cohorts/{cohort.id}/enrol", data=data)
    assert answer.status_code == 422
    assert "Bo cannot join this group. Choose another one." in words(answer)
    assert db.session.scalars(select(Enrolment)).all() == []


def test_people_of_another_partner_cannot_be_enrolled_by_number(
    sign_in: SignIn, lead: Partner, term: Term, cohort: Cohort
) -> None:
    other = builders.partner("Other", is_lead=False)
    stranger = builders.participant("Stranger", partner=lead)
    cohort.partner_id = other.id
    client = sign_in(builders.account(Role.COORDINATOR, partner=other, name="Pat"))
    answer = client.post(f"/cohorts/{cohort.id}/enrol", data={"people": str(stranger.id)})
    assert answer.status_code == 404
    assert "Stranger" not in words(client.get(f"/cohorts/{cohort.id}"))


def test_a_place_is_offered_accepted_paused_and_left(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    cohort.capacity = 0
    place = enrol(builders.participant("Ann", partner=lead), into=cohort, by=by, at=at)
    cohort.capacity = 1
    url = f"/cohorts/{cohort.id}"
    assert client.post(f"{url}/offer").status_code == 303
    assert client.post(f"{url}/people/{place.id}/accept").status_code == 303
    assert client.post(f"{url}/people/{place.id}/pause").status_code == 303
    assert "Ann Enrolled Paused" in words(client.get(url))
    assert client.get(f"{url}/people/{place.id}/leave").status_code == 200
    client.post(f"{url}/people/{place.id}/leave", data={"reason": "Moved away"})
    db.session.expire_all()
    assert (place.stage, place.reason) == (Stage.WITHDREW, "Moved away")


def test_consent_is_recorded_per_purpose(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    place = enrol(builders.participant("Ann", partner=lead), into=cohort, by=by, at=at)
    url = f"/cohorts/{cohort.id}/people/{place.id}/consent"
    assert "You may post a parcel" in words(client.get(url))
    client.post(url, data={"messages": "yes", "post": "no", "partner": "perhaps"})
    kept = {row.purpose.value: row.is_given for row in db.session.scalars(select(Consent))}
    assert kept == {"messages": True, "post": False}
    assert "Agreed to 1 of 6 purposes" in words(client.get(f"/cohorts/{cohort.id}"))


def test_what_follows_from_a_move_is_shown_before_it_is_done(
    client: FlaskClient, cohort: Cohort
) -> None:
    url = f"/cohorts/{cohort.id}/sessions/1/move"
    assert "2026-10-27" in client.get(url).text
    shown = words(client.get(f"{url}?day=2026-10-29&time=18:00"))
    assert "Monday 26 October, 6 pm Wednesday 28 October, 6 pm Moves" in shown
    assert cohort.sessions[0].day == date(2026, 10, 27)
    answer = client.post(url, data={"day": "2026-10-29", "time": "18:00"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert cohort.sessions[0].day == date(2026, 10, 29)


@pytest.mark.parametrize("when", ["day=2026-12-24&time=19:30", "day=x&time=y"])
def test_a_move_that_cannot_be_done_says_why(
    client: FlaskClient, cohort: Cohort, when: str
) -> None:
    url = f"/cohorts/{cohort.id}/sessions/1/move"
    assert client.get(f"{url}?{when}").status_code == 422
    day, at = (part.split("=")[1] for part in when.split("&"))
    assert client.post(url, data={"day": day, "time": at}).status_code == 422
    assert cohort.sessions[0].day == date(2026, 10, 27)


def test_a_session_is_cancelled_and_brought_back(client: FlaskClient, cohort: Cohort) -> None:
    url = f"/cohorts/{cohort.id}/sessions/2"
    assert "Falls away" in words(client.get(f"{url}/cancel"))
    assert client.post(f"{url}/cancel").status_code == 303
    assert client.get(f"{url}/cancel").status_code == 422
    assert "Week 2, Tuesday 3 November: cancelled" in words(client.get(f"/cohorts/{cohort.id}"))
    assert client.post(f"{url}/restore").status_code == 303
    db.session.expire_all()
    assert cohort.sessions[1].cancelled_at is None


def test_a_step_is_moved_paused_resumed_and_let_go(client: FlaskClient, cohort: Cohort) -> None:
    welcome = step(cohort, "welcome")
    url = f"/cohorts/{cohort.id}/steps/{welcome.id}"
    assert "2026-10-13" in client.get(f"{url}/move").text
    assert (
        client.post(f"{url}/move", data={"day": "2026-10-15", "time": "09:00"}).status_code == 303
    )
    assert (
        client.post(f"{url}/move", data={"day": "2027-10-15", "time": "09:00"}).status_code == 422
    )
    assert "Moved by hand." in words(client.get(f"/cohorts/{cohort.id}"))
    for verb in ("pause", "resume", "follow"):
        assert client.post(f"{url}/{verb}").status_code == 303
    db.session.expire_all()
    assert (welcome.paused_at, welcome.moved_by) == (None, None)


def test_a_cohort_is_paused_resumed_and_given_another_link(
    client: FlaskClient, cohort: Cohort
) -> None:
    url = f"/cohorts/{cohort.id}"
    client.post(f"{url}/pause")
    assert "This cohort is paused." in words(client.get(url))
    client.post(f"{url}/resume")
    wrong = client.post(f"{url}/join-link", data={"join_url": "http://example.org"})
    assert wrong.status_code == 422
    assert 'value="http://example.org"' in wrong.text
    client.post(f"{url}/join-link", data={"join_url": "https://meet.google.com/abc"})
    assert "meet.google.com" in words(client.get(url))


def test_terms_and_breaks_are_added_and_removed(client: FlaskClient, cohort: Cohort) -> None:
    assert words(client.get("/terms")).startswith("Terms and breaks")
    spring = {"name": "Spring 2027", "first_day": "2027-01-04", "last_day": "2027-04-01"}
    assert client.post("/terms", data=spring).status_code == 303
    assert client.post("/terms", data=spring).status_code == 422
    assert client.post("/terms", data=spring | {"last_day": ""}).status_code == 422
    snow = {"name": "Snow", "first_day": "2026-11-02", "last_day": "2026-11-06"}
    client.post(f"/terms/{cohort.term_id}/breaks", data=snow)
    assert "Sessions already planned in it stay: 1" in words(client.get("/terms"))
    assert client.post(f"/terms/{cohort.term_id}/breaks", data=snow).status_code == 422
    db.session.expire_all()
    gone = cohort.term.breaks[0].id
    assert client.post(f"/terms/{cohort.term_id}/breaks/{gone}/remove").status_code == 303
    assert client.post("/terms/999/breaks", data=snow).status_code == 404


def test_the_term_shows_a_row_for_each_cohort(
    client: FlaskClient, cohort: Cohort, by: Viewer, at: datetime
) -> None:
    cancel_session(cohort.sessions[4], by=by, at=at)
    text = words(client.get("/term"))
    assert "Tuesday group" in text
    assert "Tuesdays, 7.30 pm, nobody runs it yet, begins Tuesday 27 October" in text
    assert "Week 5, Tuesday 24 November: cancelled" in text
    assert "0 of 4 places" in text


def test_empty_pages_say_what_will_be_there(client: FlaskClient, term: Term) -> None:
    assert "No cohorts yet" in words(client.get("/cohorts"))
    assert "Nothing runs at the moment" in words(client.get("/term"))
    db.session.delete(term)
    assert "Add a term first" in words(client.get("/cohorts/new"))


def test_a_facilitator_sees_only_their_own_cohort_and_changes_nothing(
    sign_in: SignIn, cohort: Cohort, lead: Partner, term: Term
) -> None:
    other = builders.cohort(date(2026, 10, 8), partner=lead, name="Thursday group")
    client = sign_in(builders.account(Role.FACILITATOR, cohort=other, name="Fay"))
    assert client.get(f"/cohorts/{cohort.id}").status_code == 404
    assert "Tuesday group" not in client.get("/cohorts").text
    assert "Tuesday group" not in client.get("/term").text
    text = words(client.get(f"/cohorts/{other.id}"))
    assert "Enrol" not in text
    assert "Move or cancel" not in text
    for path in ("new", f"{other.id}/sessions/1/move", f"{other.id}/sessions/1/cancel"):
        assert client.get(f"/cohorts/{path}").status_code == 403
    for path in ("enrol", "offer", "pause", "join-link", "sessions/1/cancel"):
        assert client.post(f"/cohorts/{other.id}/{path}").status_code == 403


def test_a_partners_coordinator_cannot_reach_another_partners_plan(
    sign_in: SignIn, cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    place = enrol(builders.participant("Ann", partner=lead), into=cohort, by=by, at=at)
    other = builders.partner("Other", is_lead=False)
    client = sign_in(builders.account(Role.COORDINATOR, partner=other, name="Pat"))
    welcome, url = step(cohort, "welcome"), f"/cohorts/{cohort.id}"
    for path in ("", "/sessions/1/move", "/sessions/1/cancel", f"/steps/{welcome.id}/move",
                 f"/people/{place.id}/leave", f"/people/{place.id}/consent"):  # fmt: skip
        assert client.get(url + path).status_code == 404, path
    for path in ("/enrol", "/offer", "/pause", "/resume", "/join-link", "/sessions/1/restore",
                 f"/steps/{welcome.id}/pause", f"/people/{place.id}/pause", "/rung/1"):  # fmt: skip
        assert client.post(url + path).status_code == 404, path


def test_a_step_of_one_cohort_cannot_be_reached_through_another(
    client: FlaskClient, cohort: Cohort, lead: Partner
) -> None:
    other = builders.cohort(date(2026, 10, 8), partner=lead, name="Thursday group")
    welcome = step(cohort, "welcome")
    assert client.post(f"/cohorts/{other.id}/steps/{welcome.id}/pause").status_code == 404


@pytest.mark.parametrize("path", ["/cohorts", "/term", "/cohorts/{id}", "/cohorts/new", "/terms"])
def test_pages_take_as_many_queries_for_many_as_for_few(
    client: FlaskClient, cohort: Cohort, lead: Partner, by: Viewer, at: datetime, path: str
) -> None:
    url = path.format(id=cohort.id)
    fill(cohort, lead, by, at, "First")
    few = count(client, url)
    fill(cohort, lead, by, at, "Second")
    lengthen_plan(cohort)
    assert count(client, url) == few
    assert few <= 25


def lengthen_plan(cohort: Cohort) -> None:
    """As many steps again, of every kind."""
    for each in db.session.scalars(select(Step).filter_by(cohort_id=cohort.id)).all():
        if each.kind == "handouts.release":
            continue  # its sessions are the programme's
        further = Step(cohort_id=cohort.id, name=each.name, kind=each.kind)
        further.session_number = each.session_number + 100
        further.due_at, further.expires_at = each.due_at, each.expires_at
        db.session.add(further)
    db.session.commit()


def fill(cohort: Cohort, lead: Partner, by: Viewer, at: datetime, name: str) -> None:
    """More of everything: people, dues, cohorts, terms with breaks."""
    cohort.capacity += 3
    some_step = db.session.scalars(select(Step).filter_by(cohort_id=cohort.id)).first()
    for number in range(3):
        person = builders.spoken_to(builders.participant(f"{name} {number}", partner=lead))
        enrol(person, into=cohort, by=by, at=at)
        db.session.add(Due(step=some_step, participant_id=person.id, made_at=at, ring_them=True))
        builders.participant(f"{name} candidate {number}", partner=lead)
        other = builders.cohort(
            date(2026, 10, 8) + timedelta(days=number), partner=lead, name=f"{name} group {number}"
        )
        builders.account(Role.FACILITATOR, cohort=other, name=f"{name} facilitator {number}")
        add_break(other.term, name="Break", first_day=date(2026, 10, 20),
                  last_day=date(2026, 10, 21), by=by, at=at)  # fmt: skip
    db.session.commit()


def count(client: FlaskClient, url: str) -> int:
    with counted_queries() as statements:
        assert client.get(url).status_code == 200
    return len(statements)
