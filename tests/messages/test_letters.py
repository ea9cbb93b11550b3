"""People who asked for letters: printed once, said to be posted, and nothing seen from outside."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from programme.access.links import link_key, open_link
from programme.access.models import Account
from programme.access.rules import Purpose, Role
from programme.access.viewer import staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.messages import wanted
from programme.messages.actions import queue
from programme.messages.jobs import look_after_waiting, send_due
from programme.messages.letters import todo
from programme.messages.models import Message
from programme.messages.posting import LEASE
from programme.messages.rules import NotSafe, State, last_posting_day, revealing_words
from programme.people.models import KeepApart
from programme.people.rules import Channel
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.messages.conftest import MailServer, use
from tests.messages.making import VALUES, nothing_of, person, queued

SignIn = Callable[[Account], FlaskClient]
MM = 25.4 / 72
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def browser(app: Flask, at: datetime, sign_in: SignIn) -> FlaskClient:
    use(app, link_base="https://groups.example.org")
    return sign_in(builders.account(Role.PACKER))


def letter(
    at: datetime, known_as: str = "Jo", lasts: timedelta = TWO_WEEKS, **others: Any
) -> Message:
    to = person(known_as, channel=Channel.POST, **others)
    return queued(to, at=at, template="welcome", lasts=lasts)


def printed(browser: FlaskClient, *messages: Message) -> bytes:
    ids = [message.id for message in messages]
    answer = browser.post("/letters/letters.pdf", data={"letter": ids})
    assert answer.mimetype == "application/pdf", answer.location
    for message in messages:
        db.session.refresh(message)
    return answer.data


def texts(pdf: bytes) -> list[tuple[int, float, float, float, str]]:
    """Every text of a PDF: page, millimetres from left and top to its baseline, points, words."""
    found: list[tuple[int, float, float, float, str]] = []
    for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages):

        def note(text, _cm, tm, _font, size, number=number):  # type: ignore[no-untyped-def]
            if text.strip():
                found.append((number, tm[4] * MM, 297 - tm[5] * MM, size, text.strip()))

        page.extract_text(visitor_text=note)
    return found


def said(pdf: bytes) -> str:
    return " ".join(text for *_, text in texts(pdf))


def trace(what: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).filter_by(action=what)))


def test_a_letter_waits_for_somebody_to_print_it(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    letter(at)
    assert send_due(at) == 0
    page = " ".join(browser.get("/letters").text.split())
    assert "post by Thursday 15 October" in page
    assert "Alder Close" not in page
    packer = staff_viewer(builders.account(Role.PACKER, name="Pat"), at.date())
    (item,) = todo(packer, at)
    assert (item.title, item.due) == ("1 letter to print and post", date(2026, 10, 15))
    coordinator = staff_viewer(builders.account(Role.COORDINATOR), at.date())
    assert todo(coordinator, at) == []


def test_the_letter_has_name_and_address_in_the_window_and_nothing_else_there(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    pdf = printed(browser, letter(at))
    window = [text for _, left, down, _, text in texts(pdf) if 44 < down < 95]
    assert window == ["Jo Example", "14 Alder Close", "LIVERPOOL", "L8 1TJ"]
    for _, left, down, size, text in texts(pdf):
        if text in window:
            assert (left > 20, down - size * MM > 55, down < 79) == (True, True, True)


def test_the_longest_address_stays_in_the_window(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = letter(at, surname="Featherstonehaugh-Example")
    home = message.participant.household
    home.address_lines = "Flat 3\nThe Extremely Long Name of a House that Nobody Can Say\n14 Close"
    inside = [each for each in texts(printed(browser, message)) if 44 < each[2] < 95]
    assert len(inside) >= 6
    assert all(down - size * MM > 55 and down < 79.5 for _, _, down, size, _ in inside)


def test_it_says_the_text_and_an_address_that_can_be_typed(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = letter(at)
    words = said(printed(browser, message))
    key = link_key(Purpose.MY_GROUP, VALUES["link"]["row"])
    shown = "-".join(key[place : place + 4] for place in range(0, len(key), 4))
    assert "groups.example.org/g/" in words
    assert shown in words
    assert open_link(Purpose.MY_GROUP, shown.upper()) is not None
    assert "Your page: the address below. Family groups" in words
    assert revealing_words(words) == []


def test_large_print_is_eighteen_points(app: Flask, at: datetime, browser: FlaskClient) -> None:
    pdf = printed(browser, letter(at), letter(at, "Bo", large_print=True))
    sizes = {page: size for page, _, _, size, text in texts(pdf) if text.startswith("Hello")}
    assert sizes == {0: 12, 1: 18}


def test_file_name_title_and_properties_say_nothing(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = letter(at)
    answer = browser.post("/letters/letters.pdf", data={"letter": [message.id]})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letters.pdf"'
    about = PdfReader(io.BytesIO(answer.data)).metadata
    assert about is not None
    assert about.title == "Letters"
    assert set(about) <= {"/Title", "/Producer", "/CreationDate"}
    (entry,) = trace("printed letters")
    assert entry.details == {"messages": [message.id]}


def test_a_printed_letter_is_never_printed_again_by_itself(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer
) -> None:
    message = letter(at)
    printed(browser, message)
    assert (message.state, message.attempts) == (State.SENDING, 1)
    again = browser.post("/letters/letters.pdf", data={"letter": [message.id]})
    assert again.status_code == 303
    send_due(at + LEASE + timedelta(hours=1))
    look_after_waiting(at + LEASE + timedelta(hours=1))
    db.session.refresh(message)
    assert message.state is State.UNCERTAIN
    assert "nobody said whether it was posted" in (message.reason or "")
    assert browser.post("/letters/letters.pdf", data={"letter": [message.id]}).status_code == 303
    assert message.attempts == 1
    packer = staff_viewer(builders.account(Role.PACKER, name="Pat"), at.date())
    assert [item.title for item in todo(packer, at)] == ["1 letter: posted or not?"]


@pytest.mark.parametrize("waits", [timedelta(), LEASE + timedelta(hours=1)])
def test_a_person_says_that_it_was_posted_or_puts_it_back(
    app: Flask, at: datetime, browser: FlaskClient, mail_server: MailServer, waits: timedelta
) -> None:
    gone, back = letter(at), letter(at, "Bo")
    printed(browser, gone, back)
    send_due(at + waits)
    browser.post("/letters/posted", data={"letter": [gone.id], "what": "posted"})
    browser.post("/letters/posted", data={"letter": [back.id], "what": "put_back"})
    db.session.refresh(gone)
    db.session.refresh(back)
    assert (gone.state, (gone.sent_by or "")[:8]) == (State.SENT, "account:")
    assert (back.state, back.begun_at, back.text) == (State.QUEUED, None, None)
    assert len(trace("posted letter")) == len(trace("put letter back")) == 1
    assert "Jo Example" not in said(printed(browser, back))


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("do_not_post", "Nothing may be posted to this home."),
        ("incomplete", "The address is not complete. Ask for it."),
        ("town", "The town is missing. Ask for it."),
        ("apart", "Somebody recorded at this address must be kept apart."),
        ("review", "due for review"),
        ("channel", "They asked to be reached another way now."),
    ],
)
def test_what_stops_a_letter_is_said_and_it_is_not_printed(
    app: Flask, at: datetime, browser: FlaskClient, what: str, sentence: str
) -> None:
    message = letter(at)
    stop(message, what, at)
    assert sentence in " ".join(browser.get("/letters").text.split())
    refused = browser.post("/letters/letters.pdf", data={"letter": [message.id]})
    assert refused.status_code == 303
    db.session.refresh(message)
    assert (message.state, message.begun_at) == (State.QUEUED, None)


def stop(message: Message, what: str, at: datetime) -> None:
    person_to = message.participant
    assert person_to is not None
    home = person_to.household
    if what == "do_not_post":
        home.do_not_post = True
    elif what == "incomplete":
        home.address_is_complete = False
    elif what == "town":
        home.town = ""
    elif what == "review":
        person_to.conversation.review_on = at.date() - timedelta(days=1)
    elif what == "channel":
        person_to.conversation.channel = Channel.PHONE
    else:
        other = builders.participant("Al", partner=builders.partner("Other"), household=home)
        pair = sorted((person_to.id, other.id))
        db.session.add(KeepApart(one_id=pair[0], other_id=pair[1], at=at, by="test"))
    db.session.commit()


def test_what_is_no_longer_wanted_is_left_out_of_the_run(
    app: Flask, at: datetime, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = letter(at), letter(at, "Bo")
    monkeypatch.setattr(wanted, "ASKED", [nothing_of(gone.id)])
    browser.post("/letters/letters.pdf", data={"letter": [gone.id, kept.id]})
    db.session.refresh(gone)
    db.session.refresh(kept)
    assert (gone.state, kept.state) == (State.SKIPPED, State.SENDING)
    assert "no longer wanted" in browser.get("/letters").text


@pytest.mark.parametrize("name", ["فاطمة", "漢字"])
def test_what_cannot_be_drawn_is_left_to_be_written_by_hand(
    app: Flask, at: datetime, browser: FlaskClient, name: str
) -> None:
    message = letter(at, surname=name)
    refused = browser.post("/letters/letters.pdf", data={"letter": [message.id]})
    assert refused.status_code == 303
    assert "write this letter by hand" in browser.get("/letters").text
    db.session.refresh(message)
    assert message.state is State.QUEUED


@pytest.mark.parametrize(
    ("of_use_until", "last"),
    [
        (date(2026, 10, 16), date(2026, 10, 13)),
        (date(2026, 10, 13), date(2026, 10, 8)),
        (date(2026, 12, 29), date(2026, 12, 22)),
    ],
)
def test_a_letter_needs_three_working_days(of_use_until: date, last: date) -> None:
    closed = {date(2026, 12, 25), date(2026, 12, 28)}
    assert last_posting_day(of_use_until, closed.__contains__) == last


def test_what_would_arrive_too_late_is_no_letter(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    letter(at, lasts=timedelta(days=3))
    with pytest.raises(NotSafe, match="too late"):
        letter(at, "Bo", lasts=timedelta(days=2))


def test_a_code_never_goes_by_post(app: Flask, at: datetime) -> None:
    to = person(channel=Channel.POST)
    with pytest.raises(NotSafe):
        queue(
            to=to, channel=Channel.POST, template="thanks", values={}, due_at=at,
            expires_at=at + timedelta(minutes=10), at=at,
        )  # fmt: skip


def test_a_letter_that_nobody_printed_in_time_becomes_a_call(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    message = letter(at)
    for day, state in ((9, State.QUEUED), (10, State.FAILED)):
        look_after_waiting(at + timedelta(days=day))
        db.session.refresh(message)
        assert message.state is state, day
    assert message.reason == "It was too late to post it."


def test_a_longer_list_of_letters_asks_no_more_of_the_database(
    app: Flask, at: datetime, browser: FlaskClient
) -> None:
    for number in range(2):
        letter(at, f"Jo {number}")
    printed(browser, letter(at, "Cy"))
    with counted_queries() as few:
        browser.get("/letters")
    for number in range(2, 6):
        letter(at, f"Jo {number}")
    printed(browser, letter(at, "Di"), letter(at, "Ed"))
    with counted_queries() as many:
        browser.get("/letters")
    assert len(few) == len(many) <= 8


def test_letters_of_another_partner_are_not_there(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    message = letter(at)
    browser = sign_in(builders.account(Role.PACKER, partner=builders.partner("Mine")))
    assert "Jo" not in browser.get("/letters").text
    assert browser.post("/letters/letters.pdf", data={"letter": [message.id]}).status_code == 303
    db.session.refresh(message)
    assert message.state is State.QUEUED
    set_clock(at)
