"""What is particular to one form of report or another."""

from datetime import timedelta

from programme.registers.reports.report import Evening
from tests.registers.reports.writing import (
    EVENING,
    MINUTES,
    SEEN,
    Seen,
    action_rows,
    american,
    as_text,
    at,
    british,
    meet_rows,
    minutes,
    people,
    read,
    teams_rows,
    zoom_rows,
)


def test_the_organiser_who_downloads_the_list_has_not_left() -> None:
    rows = [row for row in action_rows(SEEN) if row[:2] != ["Bea Leader", "Left"]]
    assert minutes(as_text(rows, "\t")) == MINUTES


def test_without_the_third_section_the_duration_bounds_the_minutes() -> None:
    rows = teams_rows(SEEN)
    end = next(number for number, row in enumerate(rows) if row and row[0].startswith("3."))
    found = minutes(as_text(rows[:end], "\t"))
    assert found.keys() == MINUTES.keys()
    assert all(abs(found[name] - MINUTES[name]) < 1 for name in MINUTES)


def test_whom_the_third_section_forgets_is_taken_from_the_second() -> None:
    rows = teams_rows(SEEN)
    rows = [row for row in rows if row[:1] != ["Galaxy A14"] or len(row) == 7]
    assert minutes(as_text(rows, "\t")) == MINUTES


def test_the_newest_form_has_columns_and_a_section_that_do_not_matter() -> None:
    more = [f"Engagement: {word}" for word in ("Camera", "Mic", "Hand", "Chat", "a", "b", "c", "d")]
    rows = [
        row + (more if row[0] == "Name" else ["1h 2m", "3m", "1", "0", "2", "0", "0", "0"])
        if len(row) == 7
        else row
        for row in teams_rows(SEEN)
    ]
    rows += [[], ["4. Meeting Engagement"], ["Name", "Engagement", "Time"]]
    rows += [["Galaxy A14", "Raised hand", "9/16/26, 7:50:00 PM"]]
    assert minutes(as_text(rows, "\t").encode("utf-16")) == MINUTES


def test_two_reports_of_one_evening_in_one_file_add_up() -> None:
    early, late = SEEN[:6], SEEN[6:]
    rows = [*teams_rows(early), [], *teams_rows(late)]
    assert minutes(as_text(rows, "\t")) == MINUTES


def test_the_waiting_room_is_not_the_meeting() -> None:
    rows = [
        [*row, "In waiting room" if not number else "No"]
        for number, row in enumerate(zoom_rows(SEEN))
    ]
    waiting = [
        "Only Waiting",
        "",
        american(at("18:50:00")),
        american(at("19:30:00")),
        "40",
        "Yes",
        "",
        "Yes",
    ]
    report = read(as_text([*rows, waiting]))
    assert {each.name: each.minutes_in_session for each in report.people} == MINUTES
    assert [(each.name, each.row) for each in report.ignored] == [("Only Waiting", len(rows) + 1)]
    assert "waiting room" in report.ignored[0].reason


def test_unique_users_have_minutes_and_no_times() -> None:
    rows = [["Name (original name)", "Email", "Total duration (minutes)", "Guest"]]
    rows += [
        ["Mina (Amina Kahn)", "amina@example.org", "63", "Yes"],
        ["Galaxy A14", "", "5", "Yes"],
    ]
    found = people(as_text(rows))
    assert {name: each.minutes_in_session for name, each in found.items()} == {
        "Amina Kahn": 60.0,
        "Galaxy A14": 5.0,
    }
    assert all(each.intervals == () for each in found.values())


WEBINAR = """Attendee Report
Report Generated:,"Sep 16, 2026 21:30:11"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,Unique Viewers
Evening,812 345,"Sep 16, 2026 6:45 PM",82,4,3
Host Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Bea Leader,bea@example.org,"Sep 16, 2026 6:45:02 PM","Sep 16, 2026 8:06:30 PM",82,No
Panelist Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
No,Pat Panel,pat@example.org,--,--,--,--
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)
Yes,Mina (Amina Kahn),Amina,Kahn,amina@example.org,"Sep 1, 2026 6:50 PM","Sep 16, 2026 7:00:00 PM","Sep 16, 2026 7:30:00 PM",30
No,--,Eve,Absent,eve@example.org,"Sep 1, 2026 6:50 PM",--,--,--
Other Attended
User Name,Join Time,Leave Time,Time in Session (minutes)
447700900123,"Sep 16, 2026 7:03:00 PM","Sep 16, 2026 8:00:00 PM",57
"""  # noqa: E501


def test_a_webinar_tells_of_hosts_attendees_and_those_who_did_not_come() -> None:
    report = read(WEBINAR)
    assert {each.name: each.minutes_in_session for each in report.people} == {
        "Bea Leader": 60.0,
        "Amina Kahn": 30.0,
        "447700900123": 57.0,
    }
    assert [each.name for each in report.people if each.is_staff] == ["Bea Leader"]
    assert [each.name for each in report.ignored] == ["Pat Panel", "Eve Absent"]


def test_a_stay_without_an_end_goes_on_to_the_end() -> None:
    rows = [["Name", "Email", "Join time", "Leave time", "Duration"]]
    rows += [
        ["Ann", "", british(at("19:30:00")), "", ""],
        ["Bob", "", british(at("19:30:00")), "", "10m"],
    ]
    rows += [["Cy", "", british(at("19:00:00")), british(at("19:10:00")), "10m"]]
    assert minutes(as_text(rows)) == {"Ann": 30.0, "Bob": 10.0, "Cy": 10.0}


def test_rows_of_the_meeting_itself_beside_each_person_are_not_theirs() -> None:
    head = ["Topic", "User Name", "User Email", "Creation Time", "Start Time", "End Time"]
    meeting = [
        "Group",
        "Bea Leader",
        "bea@charity.example.org",
        british(at("09:00:00")),
        british(at("18:45:02")),
        british(at("20:06:30")),
    ]
    table_head, *rows = zoom_rows(SEEN, british)
    flat = [[*head, *table_head], *([*meeting, *row] for row in rows)]
    assert minutes(as_text(flat)) == MINUTES


def test_a_sheet_without_headings_is_read_by_shape() -> None:
    assert minutes(as_text(zoom_rows(SEEN[1:3], british)[1:])) == {
        "Mina (Amina Kahn)": 60.0,
        "Marek Nowák": 60.0,
    }


def test_first_seen_and_time_in_call_are_enough() -> None:
    rows = [
        ["Full Name", "First Seen", "Time in Call"],
        ["Ann Kay", "2026-09-16 19:30:00", "0:15:00"],
    ]
    assert minutes(as_text(rows)) == {"Ann Kay": 15.0}


def test_a_lone_quotation_mark_swallows_nobody() -> None:
    rows = as_text(zoom_rows(SEEN)).replace("Galaxy A14", '"Galaxy A14').splitlines()
    rows = [line.replace('""Galaxy', '"Galaxy') for line in rows]
    assert minutes("\n".join(rows)) == MINUTES


def test_times_after_midnight_are_of_the_same_evening() -> None:
    late = at("23:50:00")
    evening = Evening(EVENING.day, late.time(), (late + timedelta(minutes=30)).time())
    seen = [
        Seen("Ann Kay", "", late, late + timedelta(minutes=25)),
        Seen("Bo Li", "", late + timedelta(minutes=15), late + timedelta(minutes=40)),
    ]
    for rows in (zoom_rows(seen), action_rows(seen), meet_rows(seen)):
        assert minutes(as_text(rows, "\t"), evening) == {"Ann Kay": 25.0, "Bo Li": 15.0}
