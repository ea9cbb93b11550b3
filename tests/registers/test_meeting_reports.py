"""A meeting's report brought in: who is who, and what it says of the register."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.registers.models import Alias, Mark, MeetingReport, ReportedName
from programme.registers.report_actions import Choice, bring_in, decide, mark_as_reported, take_out
from programme.registers.report_queries import ReportedEvening, reported_evening
from programme.registers.rules import Attendance, Whose, suggested_by_stay
from tests.counting import counted_queries
from tests.evening import Evening, SignIn, an_evening

HEADINGS = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest"
LATER = datetime(2026, 10, 6, 20, 30, tzinfo=UTC)


@pytest.fixture
def evening(app: Flask) -> Evening:
    """From 7.30 pm to 9 pm."""
    return an_evening("Aaliyah", "Jordan", "Marek", "Priya", "Sam")


@dataclass(frozen=True)
class Came:
    """Somebody in a report, and each time they were in the meeting: from and until."""

    name: str
    stays: list[tuple[str, str]]
    email: str = ""


def report(*people: Came, day: str = "06/10/2026") -> bytes:
    """As Zoom would write it."""
    rows = [
        f"{each.name},{each.email},{day} {joined},{day} {left},1,Yes"
        for each in people
        for joined, left in each.stays
    ]
    return "\n".join([HEADINGS, *rows]).encode()


def brought(evening: Evening, *people: Came) -> ReportedEvening:
    bring_in(evening.session, report(*people), by=evening.viewer(), at=LATER)
    db.session.commit()
    return reported_evening(evening.session)


def say(evening: Evening, **whose: Choice | int) -> None:
    """Whose each name is, by its words joined with underscores."""
    names = {
        each.name.replace(" ", "_"): each.id for each in db.session.scalars(select(ReportedName))
    }
    choices = {
        names[name]: Choice(Whose.PARTICIPANT, (who,)) if isinstance(who, int) else who
        for name, who in whose.items()
    }
    decide(evening.session, choices, by=evening.viewer(), at=LATER)
    db.session.commit()


def test_likely_people_are_suggested_and_nobody_is_counted_before_somebody_says_so(
    evening: Evening,
) -> None:
    aaliyah, jordan, marek, priya, sam = (each.id for each in evening.people)
    shown = brought(
        evening,
        Came("Aaliyah", [("19:30:00", "21:00:00")]),
        Came("J. Smith", [("19:30:00", "21:00:00")], "Jordan@example.org"),
        Came("Marek N", [("19:30:00", "21:00:00")]),
        Came("Sam & Priya", [("19:30:00", "21:00:00")]),
        Came("07700 900003", [("19:30:00", "21:00:00")]),
        Came("Galaxy A14", [("19:30:00", "20:00:00")]),
    )
    assert {row.name: (row.chosen, row.why) for row in shown.unknown} == {
        "Aaliyah": ((aaliyah,), "The same name"),
        "J. Smith": ((jordan,), "The same e-mail address"),
        "Marek N": ((marek,), "A name like it"),
        "Sam & Priya": ((priya, sam), "Two names"),
        "07700 900003": ((priya,), "The same telephone number"),
        "Galaxy A14": ((), ""),
    }
    assert (shown.told, db.session.scalar(select(func.count(Mark.id)))) == ((), 0)


def test_a_name_that_could_be_two_peoples_is_suggested_for_neither(app: Flask) -> None:
    shown = brought(an_evening("Jo", "Jo"), Came("Jo", [("19:30:00", "21:00:00")]))
    assert [row.chosen for row in shown.unknown] == [()]


def test_what_was_confirmed_is_remembered_and_a_mistake_is_forgotten(evening: Evening) -> None:
    aaliyah, jordan = evening.people[0].id, evening.people[1].id
    brought(evening, Came("Sunshine", [("19:30:00", "21:00:00")]))
    say(evening, Sunshine=aaliyah)
    say(evening, Sunshine=jordan)
    assert db.session.scalars(select(Alias.participant_id)).all() == [jordan]
    shown = brought(evening, Came("SUNSHINE", [("19:31:00", "21:00:00")]))
    assert [(row.chosen, row.why) for row in shown.unknown] == [
        ((jordan,), "Used this name before")
    ]


def test_a_device_is_not_remembered_as_somebodys_name(evening: Evening) -> None:
    brought(evening, Came("Galaxy A14", [("19:30:00", "21:00:00")]))
    say(evening, Galaxy_A14=evening.people[0].id)
    assert db.session.scalars(select(Alias.id)).all() == []


def test_two_on_one_device_both_came_and_staff_and_strangers_are_nobody(evening: Evening) -> None:
    priya, sam = evening.people[3].id, evening.people[4].id
    brought(
        evening,
        Came("Tablet", [("19:30:00", "20:30:00")]),
        Came("Bea", [("19:30:00", "21:00:00")]),
        Came("Who", [("19:30:00", "21:00:00")]),
    )
    both = Choice(Whose.PARTICIPANT, (priya, sam))
    say(evening, Tablet=both, Bea=Choice(Whose.STAFF), Who=Choice(Whose.NOBODY))
    shown = reported_evening(evening.session)
    assert [(each.participant_id, each.minutes) for each in shown.told] == [
        (priya, 60.0),
        (sam, 60.0),
    ]
    assert shown.unknown == ()


def test_reports_of_one_evening_add_up_and_count_no_minute_twice(evening: Evening) -> None:
    who = evening.people[0].id
    brought(evening, Came("Aaliyah", [("19:20:00", "20:00:00")]))
    brought(evening, Came("Aaliyah K", [("19:50:00", "20:10:00"), ("20:20:00", "21:10:00")]))
    say(evening, Aaliyah=who, Aaliyah_K=who)
    (told,) = reported_evening(evening.session).told
    assert told.minutes == 80.0


def test_the_same_report_twice_counts_once(evening: Evening) -> None:
    came = Came("Aaliyah", [("19:30:00", "21:00:00")])
    brought(evening, came)
    with pytest.raises(Refusal, match="was brought in already, Tuesday 6 October"):
        brought(evening, came)


def test_a_report_of_another_evening_is_refused(evening: Evening) -> None:
    data = report(Came("Jo", [("19:30:00", "21:00:00")]), day="13/10/2026")
    with pytest.raises(Refusal, match="not of the session's day"):
        bring_in(evening.session, data, by=evening.viewer(), at=LATER)


def test_marks_follow_the_report_where_there_are_none_and_no_mark_is_changed(
    evening: Evening,
) -> None:
    present, late, early, absent, short = evening.people
    evening.mark(4, Attendance.ABSENT, absent)
    brought(
        evening,
        Came("A", [("19:32:00", "21:00:00")]), Came("B", [("19:50:00", "21:00:00")]),
        Came("C", [("19:30:00", "20:40:00")]), Came("D", [("19:30:00", "21:00:00")]),
        Came("E", [("19:30:00", "19:40:00")]),
    )  # fmt: skip
    say(evening, A=present.id, B=late.id, C=early.id, D=absent.id, E=short.id)
    assert mark_as_reported(evening.session, by=evening.viewer(), at=LATER) == 3
    marks = {
        mark.participant_id: (mark.attendance, mark.minutes)
        for mark in db.session.scalars(select(Mark))
    }
    assert marks == {
        present.id: (Attendance.PRESENT, 88), late.id: (Attendance.LATE, 70),
        early.id: (Attendance.LEFT_EARLY, 70), absent.id: (Attendance.ABSENT, 90),
    }  # fmt: skip
    told = {each.participant_id: each for each in reported_evening(evening.session).told}
    assert told[absent.id].differs == "Marked “Absent”, and 90 minutes in the meeting."
    assert told[short.id].suggested is None


def test_a_report_taken_out_again_leaves_marks_but_not_its_minutes(evening: Evening) -> None:
    brought(evening, Came("A", [("19:30:00", "21:00:00")]))
    say(evening, A=evening.people[0].id)
    mark_as_reported(evening.session, by=evening.viewer(), at=LATER)
    number = db.session.scalars(select(MeetingReport.id)).one()
    take_out(evening.session, number, by=evening.viewer(), at=LATER)
    mark = db.session.scalars(select(Mark)).one()
    assert (mark.attendance, mark.minutes) == (Attendance.PRESENT, None)
    assert db.session.scalars(select(ReportedName.id)).all() == []


def test_somebody_of_another_group_cannot_be_said(evening: Evening) -> None:
    other = an_evening("Stranger", group="Monday group").people[0]
    brought(evening, Came("A", [("19:30:00", "21:00:00")]))
    with pytest.raises(Refusal):
        say(evening, A=other.id)


def test_the_trail_says_that_a_report_came_but_no_name(evening: Evening) -> None:
    brought(evening, Came("Sunshine", [("19:30:00", "21:00:00")]))
    entries = db.session.scalars(select(AuditEntry).filter_by(action="brought in meeting report"))
    assert [("Sunshine" in str(vars(each))) for each in entries] == [False]


def test_a_report_without_times_says_how_long_only(evening: Evening) -> None:
    data = b"Name (original name),Email,Total duration (minutes),Guest\nAaliyah,,70,Yes\n"
    bring_in(evening.session, data, by=evening.viewer(), at=LATER)
    say(evening, Aaliyah=evening.people[0].id)
    (told,) = reported_evening(evening.session).told
    assert (told.minutes, told.suggested) == (70.0, Attendance.PRESENT)


@pytest.mark.parametrize(("minutes", "joins", "leaves", "suggested"), [
    (44.9, 0, 90, None), (45, 0, 90, Attendance.PRESENT), (60, 11, 90, Attendance.LATE),
    (60, 10, 79, Attendance.LEFT_EARLY), (60, 11, 79, Attendance.LATE),
    (70, None, None, Attendance.PRESENT),
])  # fmt: skip
def test_what_a_stay_suggests(
    minutes: float, joins: int | None, leaves: int | None, suggested: Attendance | None
) -> None:
    at = [None if each is None else LATER + timedelta(minutes=each) for each in (joins, leaves)]
    assert suggested_by_stay(minutes, *at, LATER, LATER + timedelta(minutes=90)) is suggested


def test_the_page_asks_as_much_of_the_database_for_many_names_as_for_few(
    evening: Evening, sign_in: SignIn
) -> None:
    client, url = sign_in(evening.facilitator), f"/tonight/{evening.session.id}/report"
    brought(evening, Came("A", [("19:30:00", "21:00:00")]))
    with counted_queries() as few:
        client.get(url)
    brought(evening, *(Came(f"Name {n}", [("19:30:00", "21:00:00")]) for n in range(9)))
    with counted_queries() as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_facilitator_brings_it_in_says_who_is_who_and_marks(
    evening: Evening, sign_in: SignIn
) -> None:
    client, url = sign_in(evening.facilitator), f"/tonight/{evening.session.id}/report"
    data = report(Came("Marek N", [("19:30:00", "21:00:00")]))
    assert client.post(url, data={"file": (io.BytesIO(b"Dear all,"), "a.csv")}).status_code == 422
    assert client.post(url, data={}).status_code == 422
    assert client.post(url, data={"file": (io.BytesIO(data), "a.csv")}).status_code == 303
    name = db.session.scalars(select(ReportedName.id)).one()
    page = client.get(url).get_data(as_text=True)
    assert "Who is this?" in page
    client.post(f"{url}/names", data={f"who-{name}": f"{evening.people[2].id}", f"also-{name}": ""})
    client.post(f"{url}/marks")
    assert db.session.scalars(select(Mark.attendance)).all() == [Attendance.PRESENT]
    assert client.post(f"{url}/names", data={f"who-{name}": "x"}).status_code == 422


def test_a_helper_sees_no_report(evening: Evening, sign_in: SignIn) -> None:
    client = sign_in(evening.helper)
    assert client.get(f"/tonight/{evening.session.id}/report").status_code in (403, 404)
