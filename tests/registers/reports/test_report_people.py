"""Who is one person, who is two, and which rows count for nobody."""

from datetime import date, datetime, time

import pytest

from programme.registers.reports.report import Evening, NotAReport
from tests.registers.reports.writing import (
    EVENING,
    american,
    as_text,
    as_workbook,
    at,
    iso,
    minutes,
    people,
    read,
)

HEAD = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)"]


def report(*rows: tuple[str, str, str, str]) -> str:
    """Each of name, address, and two clock times of the evening."""
    told = [
        [name, email, american(at(joined)), american(at(left)), ""]
        for name, email, joined, left in rows
    ]
    return as_text([HEAD, *told])


def test_one_address_is_one_person_under_the_first_name() -> None:
    found = people(
        report(
            ("Sam Patel", "sam@example.org", "19:00", "19:10"),
            ("Priya Patel", "SAM@example.org", "19:05", "19:20"),
            ("priya  PATEL", "", "19:30", "19:40"),
        )
    )
    assert list(found) == ["Sam Patel"]
    assert found["Sam Patel"].other_names == ("Priya Patel",)
    assert found["Sam Patel"].minutes_in_session == 30.0


def test_one_name_with_two_addresses_is_two_people_and_without_one_a_third() -> None:
    found = read(
        report(
            ("Jo Lee", "jo1@example.org", "19:00", "19:10"),
            ("Jo Lee", "jo2@example.org", "19:05", "19:20"),
            ("Jo Lee", "", "19:30", "19:40"),
        )
    )
    assert [(each.email, each.minutes_in_session) for each in found.people] == [
        ("jo1@example.org", 10.0), ("jo2@example.org", 15.0), ("", 10.0),
    ]  # fmt: skip


def test_case_apostrophes_and_invisible_marks_make_no_other_person() -> None:
    found = minutes(
        report(
            ("DEE O'NEAL", "", "19:00", "19:10"),
            ("Dee O’Neal", "", "19:10", "19:20"),
            ("\u202adee\u00a0o'neal\u202c", "", "19:30", "19:40"),
            ("\u202a+44 7700 900123\u202c", "", "19:00", "19:10"),
            ("+44\u00a07700\u00a0900123", "", "19:10", "19:20"),
        )
    )
    assert found == {"DEE O'NEAL": 30.0, "+44 7700 900123": 20.0}


def test_two_people_who_renamed_the_same_phone_stay_two() -> None:
    found = minutes(
        report(("Ann (iPhone)", "", "19:00", "19:10"), ("Bob (iPhone)", "", "19:00", "19:20"))
    )
    assert found == {"Ann": 10.0, "Bob": 20.0}


def test_two_devices_at_once_count_once() -> None:
    found = people(report(("Ann", "", "19:00", "19:30"), ("Ann", "", "19:10", "19:40")))
    assert found["Ann"].minutes_in_session == 40.0
    assert len(found["Ann"].intervals) == 1


def test_a_row_without_a_name_is_known_by_its_address_or_ignored() -> None:
    found = read(report(("", "x@example.org", "19:00", "19:10"), ("", "", "19:00", "19:10")))
    assert [each.name for each in found.people] == ["x@example.org"]
    assert [(each.row, each.reason) for each in found.ignored] == [(3, "This row names nobody.")]


def test_rows_of_another_day_are_ignored_with_their_day() -> None:
    rows = [HEAD, ["Ann", "", "09/16/2026 07:00 PM", "09/16/2026 07:10 PM", "10"]]
    rows.append(["Bob", "", "09/09/2026 07:00 PM", "09/09/2026 07:10 PM", "10"])
    found = read(as_text(rows))
    assert [each.name for each in found.people] == ["Ann"]
    assert [each.reason for each in found.ignored] == ["This row is of 9 September 2026."]


@pytest.mark.parametrize("day", [date(2026, 9, 10), date(2026, 10, 9)])
def test_an_ambiguous_date_is_the_sessions(day: date) -> None:
    rows = [["Name", "Join time", "Leave time"], ["Ann", "9/10/26 19:00", "9/10/26 19:30"]]
    assert minutes(as_text(rows), Evening(day, time(19), time(20))) == {"Ann": 30.0}


def test_true_dates_that_a_spreadsheet_program_turned_round_are_turned_back() -> None:
    turned = [datetime(2026, 10, 9, 19, 0), datetime(2026, 10, 9, 19, 30)]  # noqa: DTZ001
    rows = [["Name", "Join time", "Leave time"], ["Ann", *turned]]
    evening = Evening(date(2026, 9, 10), time(19), time(20))
    assert minutes(as_workbook(rows), evening) == {"Ann": 30.0}
    with pytest.raises(NotAReport, match="9 October 2026"):
        read(as_text([rows[0], ["Ann", *map(iso, turned)]]), evening)


OTHER_DAYS = {
    "stays": [["Name", "Join time", "Leave time"], ["Ann", "09/09/2026 19:00", "09/09/2026 19:30"]],
    "nobody left": [["Name", "User Action", "Timestamp"], ["Ann", "Joined", "09/09/2026 19:00"]],
    "unique users": [
        ["Topic", "ID", "Host", "Duration (minutes)", "Start time", "End time"],
        ["X", "1", "B (b@example.org)", "82", "09/09/2026 19:00", "09/09/2026 20:00"],
        [],
        ["Name (original name)", "Email", "Total duration (minutes)", "Guest"],
        ["Ann", "", "60", "Yes"],
        ["Bob", "", "60", "Yes"],
    ],
    "times without a date": [
        ["Meeting", "Group"], ["Date", "09/09/2026"], [],
        ["Name", "Email", "Joined", "Left"], ["Ann", "", "19:00", "19:30"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("form", OTHER_DAYS)
def test_a_report_of_another_day_says_of_which(form: str) -> None:
    with pytest.raises(NotAReport, match=r"^This report is of 9 September 2026, not of"):
        read(as_text(OTHER_DAYS[form]))


def test_both_days_are_named_where_the_report_may_mean_either() -> None:
    rows = [["Name", "Join time", "Leave time"], ["Ann", "4/5/26 19:00", "4/5/26 19:30"]]
    with pytest.raises(NotAReport, match="4 May 2026 or 5 April 2026"):
        read(as_text(rows))


def test_utc_is_an_hour_behind_in_summer_and_not_in_winter() -> None:
    rows = [["Name", "Join Time (UTC)", "Leave Time (UTC)"]]
    summer = [*rows, ["Ann", "2026-09-16 18:00:00", "2026-09-16 18:30:00"]]
    winter = [*rows, ["Ann", "2026-11-04 19:00:00", "2026-11-04 19:30:00"]]
    assert minutes(as_text(summer)) == {"Ann": 30.0}
    assert minutes(as_text(winter), Evening(date(2026, 11, 4), time(19), time(20))) == {"Ann": 30.0}


def test_times_that_cannot_be_read_are_told_row_by_row() -> None:
    rows = [
        HEAD,
        ["Ann", "", "soon", "later", ""],
        ["Bob", "", american(at("19:00")), american(at("19:10")), ""],
    ]
    rows.append(["Cy", "", american(at("19:20")), american(at("19:10")), ""])
    rows.append(["Di", "", "", "", ""])
    found = read(as_text(rows))
    assert [each.name for each in found.people] == ["Bob"]
    assert [each.name for each in found.ignored] == ["Ann", "Cy", "Di"]
    assert "cannot be read" in found.ignored[0].reason
    assert "left before they joined" in found.ignored[1].reason
    assert "no times" in found.ignored[2].reason


def test_everybody_in_the_waiting_room_is_a_report_of_nobody() -> None:
    rows = [
        [*HEAD, "Guest", "In Waiting Room"],
        ["Ann", "", american(at("19:00")), american(at("19:10")), "10", "Yes", "Yes"],
    ]
    found = read(as_text(rows))
    assert found.people == ()
    assert [each.name for each in found.ignored] == ["Ann"]


def test_whoever_leaves_unseen_to_join_was_there_from_the_first_event() -> None:
    rows = [["Full Name", "User Action", "Timestamp"], ["Ann", "Left", "16/09/2026 19:20:00"]]
    rows.append(["Bob", "Joined before", "16/09/2026 19:05:00"])
    assert minutes(as_text(rows)) == {"Ann": 15.0, "Bob": 55.0}


def test_the_session_may_go_past_midnight() -> None:
    evening = Evening(EVENING.day, time(23), time(0, 30))
    rows = [["Name", "Join time", "Leave time"]]
    rows.append(["Ann", "16/09/2026 23:00", "17/09/2026 00:40"])
    rows.append(["Bob", "17/09/2026 00:05", "17/09/2026 00:20"])
    assert minutes(as_text(rows), evening) == {"Ann": 90.0, "Bob": 15.0}


NO_REPORTS = {
    "families": "Name,Phone,Postcode\nAnn Kay,07700 900101,AB1 2CD\n",
    "children": "Child,Born,Joined\nAnn,01/02/2019,03/04/2026\nBo,01/02/2020,03/04/2026\n",
    "sums": "fruit,count\napples,3\npears,4\n",
    "a timetable": "Session,Start,End\nWeek 1,16/09/2026 19:00,16/09/2026 20:00\n",
    "a letter": "Dear all,\nthe group meets on 16/09/2026 19:00.\nBest, Bea\n",
    "only headings": ",".join(HEAD) + "\n",
    "only who was asked": "Name,Attended\nAnn,Yes\nBob,No\n",
}


@pytest.mark.parametrize("kind", NO_REPORTS)
def test_what_is_no_report_is_refused_in_one_sentence(kind: str) -> None:
    with pytest.raises(NotAReport, match=r"^This is not an attendance report[^.]*\.$"):
        read(NO_REPORTS[kind])
