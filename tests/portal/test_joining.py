"""Into the room: who may, two on one phone, by telephone, and who cannot get in."""

import re
import threading
from datetime import datetime, timedelta
from itertools import product
from string import Formatter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event, func, select

from programme.access.links import link_key, replace_link
from programme.access.rules import Purpose, Role
from programme.cohorts.actions import pause_enrolment
from programme.cohorts.dial_ins import DialIn, change_dial_in
from programme.cohorts.joining import stop_joining
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.languages import every_language
from programme.messages.rules import revealing_words
from programme.people.models import KeepApart
from programme.portal import joining
from programme.portal.words import sentences_of
from programme.registers.actions import mark_helped
from programme.registers.models import Arrival, CannotGetIn
from programme.registers.rules import Attendance
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.evening import Evening, SignIn, an_evening

MINUTE = timedelta(minutes=1)
NUMBER, TEL = "0330 088 5830", "03300885830"


@pytest.fixture
def evening(app: Flask, at: datetime) -> Evening:
    """Five minutes before it begins."""
    made = an_evening("Dawn", "Marek")
    made.cohort.dial_in = f"{NUMBER},812 3456#"
    made.cohort.code_word = "kettle"
    db.session.commit()
    set_clock(made.session.starts_at - 5 * MINUTE)
    return made


def address(evening: Evening, number: int = 0) -> str:
    return f"/g/{link_key(Purpose.MY_GROUP, evening.enrolments[number].id)}"


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def arrived() -> set[int]:
    return set(db.session.scalars(select(Arrival.participant_id)))


def live_together(evening: Evening) -> None:
    """They share their home and their phone."""
    dawn, marek = evening.people
    marek.household_id, marek.phone_index = dawn.household_id, dawn.phone_index
    db.session.commit()


@pytest.mark.parametrize("how", ["stopped", "paused"])
def test_a_join_button_that_was_stopped_leads_nowhere_and_the_page_says_whom_to_ring(
    app: Flask, evening: Evening, at: datetime, how: str
) -> None:
    client, by = app.test_client(), evening.viewer(builders.account(Role.COORDINATOR))
    keep_out = stop_joining if how == "stopped" else pause_enrolment
    keep_out(evening.enrolments[0], by=by, at=at)
    page = client.get(address(evening)).text
    assert "We would like to talk with you about it." in page
    assert "Ring us: 01632 960100" in page
    for hidden in ("/join/", "/stuck/", TEL, "kettle"):
        assert hidden not in page
    for path in ("join", "stuck"):
        assert client.post(f"{address(evening)}/{path}/4").status_code == 422
    assert (count(Arrival), count(CannotGetIn)) == (0, 0)
    assert client.post(f"{address(evening, 1)}/join/4").status_code == 303


@pytest.mark.parametrize("how", ["replaced", "left"])
def test_a_link_that_was_replaced_or_whose_place_is_gone_lets_nobody_in(
    app: Flask, evening: Evening, how: str
) -> None:
    url = address(evening)
    if how == "replaced":
        replace_link(Purpose.MY_GROUP, evening.enrolments[0].id)
    else:
        evening.enrolments[0].stage = Stage.WITHDREW
    for path in ("join", "stuck"):
        assert app.test_client().post(f"{url}/{path}/4").status_code == 404
    assert (count(Arrival), count(CannotGetIn)) == (0, 0)


def test_a_coordinator_or_who_runs_the_group_stops_it_and_lets_them_in_again(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    url, place = f"/cohorts/{evening.cohort.id}", evening.enrolments[0]
    for account in (builders.account(Role.COORDINATOR), evening.facilitator):
        client = sign_in(account)
        assert "Stop their Join button" in client.get(url).text
        assert client.post(f"{url}/people/{place.id}/stop-joining").status_code == 303
        assert app.test_client().post(f"{address(evening)}/join/4").status_code == 422
        assert "Let them in again" in client.get(url).text
        assert client.post(f"{url}/people/{place.id}/let-join").status_code == 303
    assert app.test_client().post(f"{address(evening)}/join/4").status_code == 303
    about = select(AuditEntry.action).where(AuditEntry.subject_id == place.id)
    done = db.session.scalars(
        about.where(AuditEntry.action.contains("join")).order_by(AuditEntry.id)
    ).all()
    assert done == ["stopped joining", "let join again"] * 2


def test_nobody_else_stops_a_join_button(app: Flask, evening: Evening, sign_in: SignIn) -> None:
    other = an_evening("Steph", group="Monday group")
    stop = f"/cohorts/{evening.cohort.id}/people/{evening.enrolments[0].id}/stop-joining"
    assert sign_in(evening.helper).post(stop).status_code == 403
    assert sign_in(other.facilitator).post(stop).status_code == 404
    crossed = f"/cohorts/{evening.cohort.id}/people/{other.enrolments[0].id}/stop-joining"
    assert sign_in(evening.facilitator).post(crossed).status_code == 404
    db.session.expire_all()
    assert not any(place.join_stopped_at for place in evening.enrolments + other.enrolments)


def test_two_of_one_home_and_phone_say_who_is_joining(app: Flask, evening: Evening) -> None:
    live_together(evening)
    client, (dawn, marek) = app.test_client(), evening.people
    page = client.get(address(evening)).text
    asked = page.split("Who is joining?")[1].split("</fieldset>")[0]
    ticks = re.findall(r'name="who"[^>]*value="(\d+)"( checked)?', asked)
    assert ticks == [(str(dawn.id), " checked"), (str(marek.id), "")]
    client.post(f"{address(evening)}/join/4", data={"who": [str(marek.id)]})
    assert arrived() == {marek.id}
    client.post(f"{address(evening)}/join/4", data={"who": [str(dawn.id), str(marek.id)]})
    assert arrived() == {dawn.id, marek.id}
    entries = db.session.scalars(select(AuditEntry).filter_by(action="joined")).all()
    assert {entry.actor for entry in entries} == {f"participant:{dawn.id}"}
    assert {entry.details["participant"] for entry in entries} == {dawn.id, marek.id}


STRANGERS = ("home", "phone", "must not know", "not spoken to", "kept apart")
OUT = ("left", "stopped", "paused")


@pytest.mark.parametrize(
    ("unlike", "asks"), [*product(STRANGERS, (0, 1)), *((unlike, 0) for unlike in OUT)]
)
def test_nobody_is_named_to_somebody_who_may_not_know(
    app: Flask, evening: Evening, unlike: str, asks: int, at: datetime
) -> None:
    """Neither on the page of whom it is about, nor on the other's."""
    live_together(evening)
    client, (dawn, marek) = app.test_client(), evening.people
    assert marek.conversation
    if unlike == "home":
        marek.household = builders.home()
    elif unlike == "phone":
        marek.phone_index = "another"
    elif unlike == "must not know":
        marek.conversation.who_must_not_know = "My sister"
    elif unlike == "not spoken to":
        db.session.delete(marek.conversation)
    elif unlike == "kept apart":
        db.session.add(KeepApart(one_id=dawn.id, other_id=marek.id, at=at, by="test"))
    elif unlike == "left":
        evening.enrolments[1].stage = Stage.WITHDREW
    elif unlike == "stopped":
        evening.enrolments[1].join_stopped_at = at
    else:
        evening.enrolments[1].paused_at = at
    other = evening.people[1 - asks]
    page = client.get(address(evening, asks)).text
    assert other.known_as not in page
    assert "Who is joining?" not in page
    answer = client.post(f"{address(evening, asks)}/join/4", data={"who": [str(other.id)]})
    assert answer.status_code == 303, answer.text
    assert arrived() == {evening.people[asks].id}


def test_the_number_to_ring_shows_only_while_join_is_open(app: Flask, evening: Evening) -> None:
    client, session = app.test_client(), evening.session
    page = " ".join(client.get(address(evening)).text.split())
    assert '<a href="tel:03300885830" dir="ltr">' in page
    assert 'When it asks, type: <bdi dir="ltr">812 3456#</bdi>' in page
    for closed in (session.starts_at - 16 * MINUTE, session.ends_at):
        set_clock(closed)
        assert TEL not in client.get(address(evening)).text


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("ring us", ""),
        ("123", ""),
        (f"{NUMBER} prison group", ""),
        (NUMBER, "ask for Priya"),
        ("", "812#"),
        ("1" * 40, ""),
        (f"{NUMBER},,812#", ""),
    ],
)
def test_a_number_with_anything_beside_it_is_refused(
    evening: Evening, number: str, code: str, at: datetime
) -> None:
    by = evening.viewer(builders.account(Role.COORDINATOR))
    with pytest.raises(Refusal):
        change_dial_in(evening.cohort, DialIn(number, code), by=by, at=at)
    assert evening.cohort.dial_in == f"{NUMBER},812 3456#"


def test_a_coordinator_gives_the_number_and_takes_it_back(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    client, parent = sign_in(builders.account(Role.COORDINATOR)), app.test_client()
    url = f"/cohorts/{evening.cohort.id}/dial-in"
    given = {"number": " +44 330  088 5831", "code": "99 1*"}
    assert client.post(url, data=given).status_code == 303
    assert "tel:+443300885831" in parent.get(address(evening)).text
    assert "+44 330 088 5831, code 99 1*" in client.get(f"/cohorts/{evening.cohort.id}").text
    wrong = client.post(url, data={"number": "ask Priya"})
    assert (wrong.status_code, "Type only the number" in wrong.text) == (422, True)
    assert client.post(url, data={"number": ""}).status_code == 303
    assert "tel:+44" not in parent.get(address(evening)).text


def test_who_cannot_get_in_is_told_what_to_try_and_the_facilitator_sees_it_once(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    parent, page = app.test_client(), address(evening)
    assert "I can&#39;t get in" in parent.get(page).text
    for _ in range(3):
        assert parent.post(f"{page}/stuck/4").status_code == 303
    assert (count(CannotGetIn), count(Arrival)) == (1, 0)
    shown = parent.get(page).text
    assert "We have told Priya, Bill." in shown
    assert "of Tuesday group" not in shown
    assert "Press Join again." in shown
    assert TEL in shown
    assert "/stuck/" not in shown
    assert "cannot get in" not in parent.get(address(evening, 1)).text
    tonight = sign_in(evening.facilitator).get(f"/tonight/{evening.session.id}").text
    assert "Dawn cannot get in" in tonight
    mark_helped(
        evening.session, evening.people[0].id, by=evening.viewer(), at=evening.session.starts_at
    )
    assert "/stuck/" in parent.get(page).text
    parent.post(f"{page}/stuck/4")
    assert count(CannotGetIn) == 2  # helped, and still outside: that is news


def test_the_open_room_takes_few_queries_for_one_and_for_two(app: Flask, evening: Evening) -> None:
    client, counts = app.test_client(), []
    for is_couple in (False, True):
        if is_couple:
            live_together(evening)
            client.post(f"{address(evening)}/stuck/4")
        url = address(evening)
        db.session.commit()
        with counted_queries() as page:
            client.get(url)
        with counted_queries() as press:
            client.post(f"{url}/join/4", data={"who": [each.id for each in evening.people]})
        counts.append((len(page), len(press)))
    assert max(page for page, _ in counts) <= 9, counts
    assert max(press for _, press in counts) <= 14, counts


def test_outside_the_window_nobody_can_be_stuck(app: Flask, evening: Evening) -> None:
    for closed in (evening.session.starts_at - 16 * MINUTE, evening.session.ends_at):
        set_clock(closed)
        assert app.test_client().post(f"{address(evening)}/stuck/4").status_code == 422
    assert count(CannotGetIn) == 0


def test_a_coordinator_hears_the_same_evening_of_whom_nobody_helped(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    app.test_client().post(f"{address(evening)}/stuck/4")
    client, said = sign_in(builders.account(Role.COORDINATOR)), "Ring Dawn: could not get in"
    assert said not in client.get("/").text
    set_clock(evening.session.ends_at + MINUTE)
    assert said in client.get("/").text
    assert said not in sign_in(evening.facilitator).get("/").text
    call = f"/tonight/{evening.session.id}/call/{evening.people[0].id}"
    assert "Could not get into week 4" in client.get(call).text
    evening.mark(4, Attendance.LATE, evening.people[0])
    assert said not in client.get("/").text
    evening.mark(4, Attendance.ABSENT, evening.people[0])
    today = client.get("/").text
    assert (said in today, "Ring Dawn: did not come" in today) == (True, False)
    client.post(call, data={"outcome": "reached", "note": "Her phone was full."})
    assert "Ring Dawn" not in client.get("/").text


def test_fetching_never_arrives_and_never_shows_the_address(app: Flask, evening: Evening) -> None:
    client = app.test_client()
    before = [count(model) for model in (Arrival, CannotGetIn, AuditEntry)]
    paths = ("", "/join/4", "/stuck/4", "/week/3", "/details", "/calendar", "/talk")
    for method in ("GET", "HEAD", "OPTIONS") * 7:
        for path in paths:
            answer = client.open(address(evening) + path, method=method)
            assert "zoom.us" not in answer.text
            assert "zoom.us" not in answer.headers.get("Location", "")
    assert before == [count(model) for model in (Arrival, CannotGetIn, AuditEntry)]


def test_the_address_stands_in_no_log_even_when_joining_fails(
    app: Flask,
    evening: Evening,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, key = app.test_client(), address(evening).removeprefix("/g/")
    client.post(f"{address(evening)}/join/4")

    def fail(*_others: object, **_named: object) -> None:
        raise RuntimeError(evening.cohort.join_url)

    monkeypatch.setattr(joining, "arrive", fail)
    app.config.update(TESTING=False)
    assert client.post(f"{address(evening)}/join/4").status_code == 500
    said = "".join(capfd.readouterr()) + caplog.text
    assert "page failed" in said
    assert "zoom.us" not in said
    assert key not in said


def at_once(app: Flask, *posts: tuple[str, dict[str, list[int]]]) -> list[int]:
    """The answers to forms that are sent at the same moment. Where two writers can be under way
    together, each waits before its first arrival for the other to have got as far."""
    together, statuses = threading.Barrier(len(posts)), []
    met: set[int] = set()

    def wait(*given: object) -> None:
        if "INSERT INTO arrivals" in str(given[2]) and threading.get_ident() not in met:
            met.add(threading.get_ident())
            if db.engine.dialect.name == "postgresql":
                together.wait(5)

    def send(url: str, form: dict[str, list[int]]) -> None:
        statuses.append(FlaskClient(app, app.response_class).post(url, data=form).status_code)

    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", wait)
    threads = [threading.Thread(target=send, args=post) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event.remove(db.engine, "before_cursor_execute", wait)
    return statuses


def test_pressing_join_twice_at_once_stamps_one_arrival(app: Flask, evening: Evening) -> None:
    """Without `_insert_once` in `arrive` PostgreSQL answers one of them with an error."""
    url, dawn = f"{address(evening)}/join/4", evening.people[0].id
    assert at_once(app, (url, {}), (url, {})) == [303, 303]
    assert (count(Arrival), arrived()) == (1, {dawn})
    joined = select(func.count()).select_from(AuditEntry).filter_by(action="joined")
    assert db.session.scalar(joined) == 1


def test_two_who_tick_each_other_at_once_both_get_in(app: Flask, evening: Evening) -> None:
    """Without one order for all PostgreSQL finds each waiting for the other."""
    live_together(evening)
    ids = [person.id for person in evening.people]
    posts = [(f"{address(evening, number)}/join/4", {"who": ids}) for number in (0, 1)]
    assert at_once(app, *posts) == [303, 303]
    assert arrived() == set(ids)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("cy", ["Nesaf: heddiw, 7.30yh – ymhen 5 munud", "Ymuno", "Alla i ddim mynd i mewn"]),
        ("pl", ["Następne spotkanie: dziś, 19:30 – za 5 min", "Dołącz", "Nie mogę wejść"]),
        ("ur", ["اگلی ملاقات: آج، شام 7.30 بجے – 5 منٹ میں", "شامل ہوں", 'dir="rtl"']),
    ],
)
def test_how_to_join_is_said_in_ones_own_language(
    app: Flask, evening: Evening, language: str, says: list[str]
) -> None:
    evening.people[0].language = language
    client = app.test_client()
    page = client.get(address(evening)).text
    assert [line for line in says if line not in page] == []
    assert f'lang="{language}"' in page
    set_clock(evening.session.ends_at)
    late = client.post(f"{address(evening)}/join/4").text
    assert escape(sentences_of(language)["over"]) in late


def test_every_language_says_the_same_and_nothing_that_reveals() -> None:
    english = {name: _asked_for(text) for name, text in sentences_of("en").items()}
    for code in every_language():
        found = sentences_of(code)
        assert {name: _asked_for(text) for name, text in found.items()} == english, code
        assert [text for text in found.values() if revealing_words(text)] == []


def _asked_for(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
