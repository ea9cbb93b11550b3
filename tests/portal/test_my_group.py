"""My group: what a parent sees, what looking must not do, and how heavy it is."""

import gzip
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.links import link_key, replace_link
from programme.access.rules import Purpose
from programme.cohorts.rules import Stage
from programme.feedback.models import Pulse
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.handouts.models import Reading, Release
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import Wave
from programme.registers.models import Arrival, Mark
from programme.registers.rules import Attendance
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.evening import Evening, an_evening

MINUTE = timedelta(minutes=1)
REVEALING = re.compile(
    r"prison|offen[cd]|court|abuse|parenting|behaviou?r|custody|inmate|arrest", re.I
)


def address(evening: Evening, number: int = 0) -> str:
    return f"/g/{link_key(Purpose.MY_GROUP, evening.enrolments[number].id)}"


def release(evening: Evening, *weeks: int) -> None:
    for week in weeks:
        db.session.add(
            Release(cohort_id=evening.cohort.id, week=week, at=builders.EARLY, by="clock")
        )
    db.session.flush()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_says_what_comes_next_and_when_the_room_opens(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    client, session = app.test_client(), evening.session
    said = []
    for minutes in (-26 * 60, -120, -15, 10):
        set_clock(session.starts_at + minutes * MINUTE)
        page = " ".join(client.get(address(evening)).text.split())
        when = page.split('id="next">')[1].split("</h2>")[0].strip()
        said.append((when, "disabled" in page, "Opens at 7.15 pm" in page))
    assert said == [
        ("Next: tomorrow, 7.30 pm", True, True),
        ("Next: today, 7.30 pm – in 2 hours", True, True),
        ("Next: today, 7.30 pm – in 15 minutes", False, False),
        ("Now, until 9 pm", False, False),
    ]


def test_the_code_word_stands_on_the_page_in_one_plain_sentence(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    assert "If somebody comes in" not in app.test_client().get(address(evening)).text
    evening.cohort.code_word = "kettle"
    page = app.test_client().get(address(evening)).text
    assert "If somebody comes in while we talk, say “kettle”." in page


def test_join_stamps_the_arrival_and_goes_on_to_the_meeting(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    client, session = app.test_client(), evening.session
    set_clock(session.starts_at - 16 * MINUTE)
    early = client.post(f"{address(evening)}/join/4")
    assert (early.status_code, count(Arrival)) == (422, 0)
    assert "The room opens at 7.15 pm." in early.text
    set_clock(session.starts_at - 14 * MINUTE)
    for _ in range(2):
        answer = client.post(f"{address(evening)}/join/4")
        assert (answer.status_code, answer.location) == (303, "https://zoom.us/j/123456789")
    assert db.session.scalars(select(Arrival.participant_id)).all() == [evening.people[0].id]
    set_clock(session.ends_at)
    assert client.post(f"{address(evening, 1)}/join/4").status_code == 422
    assert client.post(f"{address(evening, 1)}/join/99").status_code == 404
    assert count(Arrival) == 1


def test_fetching_the_link_twenty_times_marks_nothing(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    release(evening, 3)
    evening.mark(3, Attendance.PRESENT)
    set_clock(evening.session.starts_at - 5 * MINUTE)
    client, page = app.test_client(), address(evening)
    before = [count(model) for model in (Arrival, Reading, Pulse, Mark, AuditEntry)]
    for _ in range(10):
        for path in (page, f"{page}/week/3"):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
        assert client.get(f"{page}/join/4").status_code in (404, 405)
    assert before == [count(model) for model in (Arrival, Reading, Pulse, Mark, AuditEntry)]


def test_a_week_opens_once_released_and_opening_it_is_kept(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    client, page = app.test_client(), address(evening)
    assert client.get(f"{page}/week/3").status_code == 404
    assert client.post(f"{page}/week/3").status_code == 404
    release(evening, 2, 3)
    assert "Feelings, theirs and yours" in client.get(page).text
    answer = client.post(f"{page}/week/3")
    assert (answer.status_code, answer.location) == (303, f"{page}/week/3")
    assert count(Reading) == 1
    week = client.get(answer.location).text
    picture = re.search(r'<img[^>]*src="([^"]+)"', week)
    assert picture is not None
    with client.get(picture[1]) as drawn:
        assert drawn.mimetype == "image/svg+xml"


@pytest.mark.parametrize("stage", [Stage.WITHDREW, Stage.WAITING, Stage.OFFERED])
def test_a_link_of_somebody_without_a_place_kindly_opens_nothing(
    app: Flask, at: datetime, stage: Stage
) -> None:
    evening = an_evening("Dawn")
    evening.enrolments[0].stage = stage
    answer = app.test_client().get(address(evening))
    assert answer.status_code == 404
    assert "This page has closed" in answer.text
    assert "Dawn" not in answer.text
    assert "Tuesday group" not in answer.text


def test_a_link_works_until_two_weeks_after_the_last_session(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    client, last = app.test_client(), evening.cohort.sessions[-1].ends_at
    set_clock(last + timedelta(days=14) - MINUTE)
    assert "All our sessions are done" in client.get(address(evening)).text
    set_clock(last + timedelta(days=14))
    for path in ("", "/week/1"):
        assert client.get(address(evening) + path).status_code == 404
    assert client.post(f"{address(evening)}/join/10").status_code == 404


def test_a_replaced_or_broken_link_opens_nothing(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    old = address(evening)
    replace_link(Purpose.MY_GROUP, evening.enrolments[0].id)
    client = app.test_client()
    assert client.get(old).status_code == 404
    assert "This page has closed" in client.get("/g/broken").text
    assert client.get(address(evening)).status_code == 200


def test_the_one_thing_to_do_is_the_questionnaire_and_then_the_question_after_a_session(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    asking = Questionnaire(
        enrolment_id=evening.enrolments[0].id,
        wave=Wave.BEFORE,
        instruments="who5@1",
        opened_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=1),
    )
    db.session.add(asking)
    client = app.test_client()
    page = client.get(address(evening)).text
    assert "5 questions" in page
    assert "Was the last" not in page
    asking.finished_at = at
    page = client.get(address(evening)).text
    assert "5 questions" not in page
    assert "About week 3, Tuesday 29 September." in page


def test_two_taps_say_how_it_was_and_can_be_changed_until_the_next_session(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    client, page = app.test_client(), address(evening)
    assert client.post(f"{page}/said/3").status_code == 422
    for answer in ("helped", "not_today"):
        assert client.post(f"{page}/said/3", data={"answer": answer}).status_code == 303
        db.session.expire_all()
        assert db.session.scalars(select(Pulse.answer)).all() == [answer]
    shown = client.get(page).text
    assert "Thank you. We have your answer." in shown
    assert "checked" not in shown
    set_clock(evening.session.starts_at)
    assert client.post(f"{page}/said/3", data={"answer": "helped"}).status_code == 422
    assert db.session.scalars(select(Pulse.answer)).all() == ["not_today"]


def test_who_missed_a_session_is_not_asked_how_it_was(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    evening.mark(3, Attendance.ABSENT, evening.people[0])
    client = app.test_client()
    assert "Was the last" not in client.get(address(evening)).text
    assert "Was the last" in client.get(address(evening, 1)).text


def test_nothing_on_the_page_says_whose_it_is_or_why(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    dawn = evening.people[0]
    dawn.surname = "Quillfeather"
    dawn.access_needs = "Captions on"
    release(evening, *range(1, 11))
    evening.mark(3, Attendance.PRESENT)
    answer = app.test_client().get(address(evening))
    for hidden in ("Quillfeather", "Alder Close", "L8 1TJ", "Liverpool", "Marek", "Captions"):
        assert hidden not in answer.text
    assert dawn.phone is not None
    assert dawn.phone[-9:] not in answer.text
    assert "<title>Family groups</title>" in answer.text
    assert not REVEALING.search(answer.text)
    assert 'id="leave"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def weight(client: FlaskClient, path: str) -> int:
    """Bytes of a page and everything it loads, gzipped as they travel. The extra letters of
    the font are fetched only by pages that use them."""
    page = fetched(client, path)
    linked = re.findall(rb'(?:href|src)="((?:/static/|/brand)[^"]+)"', page)
    files = {name.decode(): fetched(client, name.decode()) for name in linked}
    sheets = b"".join(data for name, data in files.items() if ".css" in name)
    for name in set(re.findall(rb"fonts/[a-z0-9-]+\.woff2", sheets)):
        if b"latin-ext" not in name:
            files[name.decode()] = fetched(client, f"/static/{name.decode()}")
    return sum(len(gzip.compress(data)) for data in (page, *files.values()))


def fetched(client: FlaskClient, path: str) -> bytes:
    with client.get(path) as answer:
        assert answer.status_code == 200, path
        return answer.data


def test_the_page_and_everything_it_loads_is_under_sixty_kilobytes(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    release(evening, *range(1, 11))
    client = app.test_client()
    assert 15_000 < weight(client, address(evening)) < 60_000


def test_the_page_takes_few_queries_however_many_weeks_and_people(app: Flask, at: datetime) -> None:
    counts = []
    for group, names, weeks in (("Monday group", "AB", 2), ("Tuesday group", "ABCDEFGH", 10)):
        evening = an_evening(*names, group=group)
        release(evening, *range(1, weeks + 1))
        evening.mark(3, Attendance.PRESENT)
        path = address(evening)
        db.session.commit()
        with counted_queries() as counted:
            assert app.test_client().get(path).status_code == 200
        counts.append(sum(not sql.startswith("BEGIN") for sql in counted))
    assert counts[0] == counts[1] <= 10


def test_the_demonstrations_button_opens_the_page_of_somebody_in_the_group_that_meets_next(
    app: Flask, at: datetime
) -> None:
    cohort = builders.cohort(at.date(), partner=builders.partner())
    person = builders.spoken_to(builders.participant("Steph", partner=builders.partner("Other")))
    builders.enrol(person, cohort)
    browser = app.test_client()
    assert browser.post("/sign-in/parent").status_code == 404
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demonstration=True)
    answer = browser.post("/sign-in/parent")
    assert answer.status_code == 303
    assert "Hello, Steph" in browser.get(answer.location).text
