"""Every form of report gives the same evening."""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from programme.registers.reports.reading import read_report
from programme.registers.reports.report import Evening, NotAReport, Person, Report
from tests.registers.reports.writing import (
    EVENING,
    MINUTES,
    PEOPLE,
    WAYS,
    Came,
    Say,
    british,
    iso,
    joined,
    meet,
    moment,
    teams,
    teams_actions,
    us,
    us_long,
    zoom,
)

Rows = list[list[str]]


def read(
    rows: Rows, *, between: str = ",", encoding: str = "utf-8", day: date | None = None
) -> Report:
    evening = EVENING if day is None else Evening(day, time(19, 0), time(20, 0))
    return read_report(joined(rows, between).encode(encoding), evening)


def minutes(report: Report) -> dict[str, float]:
    return {each.name: each.minutes_in_session for each in report.people}


def of(report: Report, name: str) -> Person:
    return next(each for each in report.people if each.name == name)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_classic", [True, False])
@pytest.mark.parametrize("with_meeting", [True, False])
def test_zoom_in_every_way_of_writing_dates(way: str, is_classic: bool, with_meeting: bool) -> None:
    people = [Came(each.name, each.stays, each.email, each.is_host) for each in PEOPLE]
    rows = zoom(people, WAYS[way], is_classic=is_classic, with_meeting=with_meeting)
    assert minutes(read(rows)) == MINUTES


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_teams_with_three_sections(way: str, encoding: str) -> None:
    assert minutes(read(teams(PEOPLE, WAYS[way]), between="\t", encoding=encoding)) == MINUTES


@pytest.mark.parametrize("words", [
    ("Full Name", "User Action", "Timestamp", "Joined", "Left"),
    ("Full Name", "User Action", "Timestamp", "Joined before", "Left"),
    ("Vollständiger Name", "Benutzeraktion", "Zeitstempel", "Beigetreten", "Verlassen"),
    ("Nom complet", "Action de l'utilisateur", "Horodatage", "A rejoint", "A quitté"),
    ("Nombre completo", "Acción del usuario", "Marca de tiempo", "Se unió", "Salió"),
    ("Pełna nazwa", "Czynność użytkownika", "Znacznik czasu", "Dołączył(a)", "Opuścił(a)"),
    ("Enw llawn", "Gweithred defnyddiwr", "Stamp amser", "Wedi ymuno", "Wedi gadael"),
])  # fmt: skip
def test_the_oldest_teams_form_in_many_languages(words: Sequence[str]) -> None:
    rows = teams_actions(PEOPLE, words=words)
    assert minutes(read(rows, between="\t", encoding="utf-16")) == MINUTES


def test_who_never_left_stayed_until_the_session_ended() -> None:
    rows = teams_actions(PEOPLE, until="19:45:00")
    assert minutes(read(rows))["Donna O'Neill"] == 54.1
    assert minutes(read(rows))["Aaliyah Khan"] == 60.0


def test_google_meet_tells_minutes_without_a_date() -> None:
    told = minutes(read(meet(PEOPLE[:3])))
    assert told == {"Bea Norris": 60.0, "Aaliyah Khan": 60.0, "Donna O'Neill": 55.0}


def test_teams_with_two_sections_counts_the_time_in_the_meeting_and_not_the_gaps() -> None:
    told = minutes(read(teams(PEOPLE, sections=2), between="\t"))
    assert told["Donna O'Neill"] == pytest.approx(54.6)
    assert told["Smith, Jordan"] == 21.0


def test_the_waiting_room_does_not_count_and_says_so() -> None:
    report = read(zoom(PEOPLE))
    assert minutes(report) == MINUTES
    assert [(each.name, each.reason) for each in report.ignored] == [
        ("Marek Nowák", "In the waiting room, not in the meeting.")
    ]


def test_who_renamed_themselves_is_known_by_the_name_they_came_with() -> None:
    rows = zoom([Came("Aaliyah K (Aaliyah Khan)", [("19:00:00", "19:10:00")])])
    rows += [["Aaliyah Khan", "", us_long(moment("19:20:00")), us_long(moment("19:30:00")), "10"]]
    (person,) = read(rows).people
    assert (person.name, person.other_names) == ("Aaliyah Khan", ("Aaliyah K",))
    assert person.minutes_in_session == 20.0


@pytest.mark.parametrize("shown", [
    "Jo Reid (External)", "Jo Reid (Unverified)", "Jo Reid (Guest)", "Jo Reid (she/her)",
    "Jo Reid (Extern)", "\u202aJo Reid\u202c", "Jo\u00a0Reid", " Jo  Reid ",
])  # fmt: skip
def test_what_a_service_hangs_on_a_name_is_no_part_of_it(shown: str) -> None:
    assert list(minutes(read(teams([Came(shown, [("19:00:00", "19:30:00")])])))) == ["Jo Reid"]


def test_two_devices_of_one_person_count_once_and_two_people_of_one_name_stay_apart() -> None:
    people = [
        Came("Jo Reid", [("19:00:00", "19:30:00")], "jo@example.org"),
        Came("Jo's iPad", [("19:10:00", "19:40:00")], "jo@example.org"),
        Came("Jo Reid", [("19:00:00", "19:20:00")], "other@example.org"),
    ]
    told = {each.email: each.minutes_in_session for each in read(zoom(people)).people}
    assert told == {"jo@example.org": 40.0, "other@example.org": 20.0}


def test_staff_are_known_where_the_report_says_so() -> None:
    for rows in (teams(PEOPLE), zoom(PEOPLE), zoom(PEOPLE, is_classic=True)):
        report = read(rows)
        assert [each.name for each in report.people if each.is_staff] == ["Bea Norris"]


@pytest.mark.parametrize("day", [date(2026, 10, 9), date(2026, 9, 10), date(2026, 12, 12)])
@pytest.mark.parametrize("say", [us_long, british])
def test_a_day_that_could_be_two_is_the_sessions(day: date, say: Say) -> None:
    rows = zoom([PEOPLE[3]], say, day=day)
    assert minutes(read(rows, day=day)) == {"Smith, Jordan": 21.0}


def test_a_report_of_another_day_is_refused_with_that_day() -> None:
    with pytest.raises(NotAReport, match="9 September 2026, not of the session's day"):
        read(zoom([PEOPLE[3]], iso, day=date(2026, 9, 9)))


@pytest.mark.parametrize("offset", ["Z", "+00:00", " GMT", " UTC"])
def test_times_in_utc_are_told_as_the_clock_on_the_wall_says(offset: str) -> None:
    rows = zoom([Came("Jo", [("18:10:00", "18:40:00")])], lambda at: iso(at) + offset)
    (person,) = read(rows).people
    assert [f"{at:%H:%M}" for at in person.intervals[0]] == ["19:10", "19:40"]


def test_the_form_without_times_gives_minutes_and_no_intervals() -> None:
    rows = [["Name (original name)", "Email", "Total duration (minutes)", "Guest"],
            ["Bea Norris", "bea@example.org", "82", "No"], ["Jo", "", "41", "Yes"]]  # fmt: skip
    report = read(rows)
    assert minutes(report) == {"Bea Norris": 60.0, "Jo": 41.0}
    assert all(each.intervals == () for each in report.people)


def test_who_registered_for_a_webinar_and_did_not_come_is_no_person_of_the_evening() -> None:
    start, end = us_long(moment("19:00:00")), us_long(moment("19:30:00"))
    report = read([
        ["Attendee Report"], ["Report Generated:", us_long(moment("21:00:00"))],
        ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered"],
        ["Tuesday group", "812 3456 7890", start, "60", "3"],
        ["Host Details"],
        ["Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time",
         "Time in Session (minutes)"],
        ["Yes", "Bea Norris", "bea@example.org", start, end, "30"],
        ["Attendee Details"],
        ["Attended", "User Name (Original Name)", "First Name", "Last Name", "Email",
         "Registration Time", "Approval Status", "Join Time", "Leave Time",
         "Time in Session (minutes)"],
        ["Yes", "Jo Reid", "Jo", "Reid", "jo@example.org", start, "approved", start, end, "30"],
        ["No", "Al Fox", "Al", "Fox", "al@example.org", start, "approved", "--", "--", "--"],
    ])  # fmt: skip
    assert minutes(report) == {"Bea Norris": 30.0, "Jo Reid": 30.0}
    assert of(report, "Bea Norris").is_staff
    assert [each.name for each in report.ignored] == ["Al Fox"]


def workbook(rows: Rows, read_as: Callable[[str], Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([read_as(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_a_spreadsheet_would(cell: str) -> Any:
    try:
        return datetime.strptime(cell, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return float(cell) if cell.isdigit() else cell


@pytest.mark.parametrize("rows", [zoom(PEOPLE, iso), teams(PEOPLE, iso)])
def test_a_workbook_with_true_dates_is_read(rows: Rows) -> None:
    assert minutes(read_report(workbook(rows, as_a_spreadsheet_would), EVENING)) == MINUTES


def test_a_spreadsheet_program_may_lose_seconds_and_change_what_stands_between() -> None:
    rows = zoom(PEOPLE, lambda at: f"{at:%d/%m/%Y %H:%M}", with_meeting=False)
    told = minutes(read([[*row, "", ""] for row in rows] + [[""] * 10] * 3, between=";"))
    assert told.keys() == MINUTES.keys()
    assert all(abs(told[name] - MINUTES[name]) <= 2 for name in told)


@pytest.mark.parametrize("data", [
    b"", b"\x00\x01\x02\x03" * 500, b"%PDF-1.7 nothing", b"Dear all,\nthank you for coming.\n",
    b"First name,Last name,Phone\nJo,Reid,07700 900123\n", b"PK\x03\x04 not a workbook",
])  # fmt: skip
def test_what_is_no_report_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NotAReport) as refused:
        read_report(data, EVENING)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_the_session_alone_counts_also_past_midnight() -> None:
    evening = Evening(date(2026, 9, 16), time(23, 30), time(0, 30))
    rows = [
        ["Name", "Join time", "Leave time"],
        ["Jo", "16/09/2026 23:20:00", "17/09/2026 00:10:00"],
    ]
    (person,) = read_report(joined(rows).encode(), evening).people
    assert person.minutes_in_session == 40.0


def test_a_name_that_only_a_machine_would_bear_stays_a_name() -> None:
    report = read(teams(PEOPLE, us))
    assert {"Galaxy A14", "+44 7700 900123"} <= minutes(report).keys()
