"""The dates in a parent's own calendar: right at both clock changes, and saying nothing."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from programme.access.links import link_key, replace_link
from programme.access.rules import Purpose
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.foundation.database import db
from programme.messages.actions import send_to_participant
from programme.messages.jobs import send_due
from programme.messages.rules import revealing_words
from programme.people.models import Participant
from programme.people.rules import Channel
from programme.portal.calendar import attach_dates
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.messages.conftest import MailServer, mail_server  # noqa: F401
from tests.messages.making import VALUES

LONDON = "Europe/London"
TEN_WEEKS = timedelta(weeks=10)


def place(first_day: date, *, channel: Channel = Channel.EMAIL) -> Enrolment:
    """Somebody's place in a group of ten Tuesdays."""
    partner = builders.partner(f"Charity of {first_day}")
    cohort = builders.cohort(first_day, partner=partner)
    person = builders.spoken_to(builders.participant("Dawn", partner=partner), channel=channel)
    made = builders.enrol(person, cohort)
    db.session.commit()
    return made


def kept(enrolment: Enrolment) -> str:
    return f"/g/{link_key(Purpose.MY_GROUP, enrolment.id)}/dates.ics"


def followed(enrolment: Enrolment) -> str:
    return f"/c/{link_key(Purpose.CALENDAR, enrolment.id)}.ics"


def parsed(app: Flask, url: str) -> Calendar:
    answer = app.test_client().get(url)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
    return Calendar.from_ical(answer.data)


@pytest.mark.parametrize(
    ("first_day", "winter"),
    [(date(2026, 9, 29), date(2026, 10, 25)), (date(2027, 3, 2), date(2027, 3, 28))],
    ids=["clocks go back", "clocks go forward"],
)
def test_half_past_seven_stays_half_past_seven_over_the_clock_change(
    app: Flask, at: datetime, first_day: date, winter: date
) -> None:
    events = parsed(app, kept(place(first_day))).events
    assert len(events) == 10
    for number, event in enumerate(events):
        starts, ends = event["DTSTART"], event["DTEND"]
        assert starts.params["TZID"] == LONDON
        assert (starts.dt.date(), f"{starts.dt:%H:%M}") == (
            first_day + timedelta(weeks=number), "19:30"
        )  # fmt: skip
        assert ends.dt - starts.dt == timedelta(minutes=90)
    offsets = {event["DTSTART"].dt.utcoffset() for event in events}
    assert offsets == {timedelta(), timedelta(hours=1)}
    assert events[0]["DTSTART"].dt.date() < winter < events[-1]["DTSTART"].dt.date()


def test_it_carries_the_rules_of_its_time_zone(app: Flask, at: datetime) -> None:
    calendar = parsed(app, kept(place(date(2026, 9, 29))))
    (zone,) = calendar.timezones
    assert zone["TZID"] == LONDON
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_a_moved_and_a_cancelled_session_keep_their_uid_and_count_up(
    app: Flask, at: datetime
) -> None:
    enrolment = place(date(2026, 10, 6))
    before = {event["UID"]: event for event in parsed(app, kept(enrolment)).events}
    moved, cancelled = enrolment.cohort.sessions[2], enrolment.cohort.sessions[3]
    moved.starts_at += timedelta(days=1)
    moved.ends_at += timedelta(days=1)
    cancelled.cancelled_at = at
    moved.sequence = cancelled.sequence = 1
    after = {event["UID"]: event for event in parsed(app, kept(enrolment)).events}
    assert before.keys() == after.keys()
    assert all(uid.endswith("@groups.example.org") for uid in after)
    counted = {uid.split("@")[0]: int(event["SEQUENCE"]) for uid, event in after.items()}
    assert {uid for uid, count in counted.items() if count} == {moved.uid, cancelled.uid}
    mine = after[f"{moved.uid}@groups.example.org"]
    assert mine["DTSTART"].dt.date() == date(2026, 10, 21)
    states = {uid.split("@")[0]: event["STATUS"] for uid, event in after.items()}
    assert [uid for uid, state in states.items() if state == "CANCELLED"] == [cancelled.uid]


def test_a_calendar_says_the_neutral_name_and_nothing_else(app: Flask, at: datetime) -> None:
    enrolment = place(date(2026, 10, 6))
    for url in (kept(enrolment), followed(enrolment) + "?remind=yes"):
        text = app.test_client().get(url).text
        assert revealing_words(text) == []
        for word in ("http", "zoom", "Dawn", "ORGANIZER", "ATTENDEE", "LOCATION", "01632", "Week"):
            assert word not in text, word
        calendar = Calendar.from_ical(text)
        assert calendar["METHOD"] == "PUBLISH"
        assert calendar["X-WR-CALNAME"] == "Tuesday group"
        assert {event["SUMMARY"] for event in calendar.events} == {"Tuesday group"}
        assert {event["DESCRIPTION"] for event in calendar.events} == {"Your page has the link."}
    assert 'filename="dates.ics"' in app.test_client().get(kept(enrolment)).headers.get(
        "Content-Disposition", ""
    )


def test_it_reminds_only_whoever_asked(app: Flask, at: datetime) -> None:
    enrolment = place(date(2026, 10, 6))
    assert all(not event.alarms.times for event in parsed(app, kept(enrolment)).events)
    for event in parsed(app, kept(enrolment) + "?remind=yes").events:
        (alarm,) = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(minutes=-30)


def test_the_address_to_follow_opens_the_dates_alone_and_ends_with_the_page(
    app: Flask, at: datetime
) -> None:
    enrolment = place(date(2026, 10, 6))
    client, url = app.test_client(), followed(enrolment)
    key = url.removeprefix("/c/").removesuffix(".ics")
    assert client.get(f"/g/{key}").status_code == 404
    assert client.get(url).status_code == client.head(url).status_code == 200
    last = enrolment.cohort.sessions[-1].ends_at
    set_clock(last + timedelta(days=14, minutes=-1))
    assert client.get(url).status_code == 200
    set_clock(last + timedelta(days=14))
    assert client.get(url).status_code == 404
    set_clock(at)
    replace_link(Purpose.MY_GROUP, enrolment.id)
    assert client.get(url).status_code == 404


def test_the_page_says_what_others_see(app: Flask, at: datetime) -> None:
    enrolment = place(date(2026, 10, 6))
    my_group = f"/g/{link_key(Purpose.MY_GROUP, enrolment.id)}"
    client = app.test_client()
    assert f'href="{my_group}/calendar"' in client.get(my_group).text
    page = " ".join(client.get(f"{my_group}/calendar").text.split())
    assert "Anybody who sees your calendar sees “Tuesday group” and the time." in page
    assert f'href="{kept(enrolment)}"' in page
    assert f'href="webcal://localhost{followed(enrolment)}"' in page


def test_more_sessions_ask_no_more_of_the_database(app: Flask, at: datetime) -> None:
    enrolment = place(date(2026, 10, 6))
    client, url = app.test_client(), followed(enrolment)
    with counted_queries() as few:
        client.get(url)
    more_sessions(enrolment.cohort)
    with counted_queries() as many:
        client.get(url)
    assert len(few) == len(many) <= 4


def more_sessions(cohort: Cohort) -> None:
    for number, session in enumerate(list(cohort.sessions), start=11):
        later = {"day": session.day + TEN_WEEKS, "starts_at": session.starts_at + TEN_WEEKS}
        later |= {"ends_at": session.ends_at + TEN_WEEKS, "local_time": session.local_time}
        cohort.sessions.append(GroupSession(number=number, **later))
    db.session.commit()


def test_an_e_mail_about_sessions_brings_the_dates_and_a_text_does_not(
    app: Flask,
    at: datetime,
    mail_server: MailServer,  # noqa: F811
) -> None:
    by_mail, by_text = place(date(2026, 10, 6)), place(date(2026, 10, 13), channel=Channel.BY_HAND)
    for enrolment in (by_mail, by_text):
        send_to_participant(
            db.session.get_one(Participant, enrolment.participant_id),
            template="welcome", values=VALUES | {"calendar": enrolment.id}, due_at=at,
            expires_at=at + timedelta(days=2), at=at, sender_name="Tuesday group",
        )  # fmt: skip
    db.session.commit()
    assert send_due(at) == 1
    (mail,) = mail_server.mails
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("dates.ics", "text/calendar")
    assert file.get_param("method") == "PUBLISH"
    calendar = Calendar.from_ical(file.get_content())
    assert len(calendar.events) == 10
    assert revealing_words(str(mail["Subject"]) + file.get_content()) == []


def test_somebody_without_a_place_gets_no_dates(app: Flask, at: datetime) -> None:
    assert attach_dates(999, at) is None
