"""The same evening from every service, in every dress that a program puts on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.registers.reports.writing import (
    MINUTES,
    SAYINGS,
    SEEN,
    Say,
    action_rows,
    american,
    as_text,
    as_workbook,
    at,
    british,
    meet_rows,
    minutes,
    people,
    read,
    teams_rows,
    zoom_meeting,
    zoom_rows,
)

FORMS = {
    "zoom": zoom_rows(SEEN),
    "zoom with its meeting": zoom_meeting() + zoom_rows(SEEN),
    "zoom with its meeting at once above": zoom_meeting()[:2] + zoom_rows(SEEN),
    "teams": teams_rows(SEEN),
    "teams without blank rows": [row for row in teams_rows(SEEN) if row],
    "teams of 2020": action_rows(SEEN),
}
DRESSES: dict[str, Callable[[list[list[str]]], bytes]] = {
    "comma": lambda rows: as_text(rows).encode(),
    "comma with a mark": lambda rows: as_text(rows).encode("utf-8-sig"),
    "semicolon": lambda rows: as_text(rows, ";").encode(),
    "tab in UTF-16": lambda rows: as_text(rows, "\t").encode("utf-16"),
    "tab in UTF-16 without a mark": lambda rows: as_text(rows, "\t").encode("utf-16-le"),
    "tab in cp1252": lambda rows: as_text(rows, "\t").encode("cp1252"),
    "trailing columns and rows": lambda rows: as_text([[*r, "", ""] for r in rows] + [[""] * 9] * 5).encode(),
    "every second row blank": lambda rows: as_text([r for row in rows for r in (row, [])]).encode(),
    "only one column": lambda rows: as_text([[as_text([row], line_end="")] for row in rows]).encode(),
    "only one column of tabs": lambda rows: as_text([[as_text([r], "\t", "")] for r in rows]).encode(),
    "workbook": as_workbook,
    "old line ends": lambda rows: as_text(rows, line_end="\r").encode(),
    "mojibake": lambda rows: as_text(rows).encode().decode("cp1252").encode(),
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("form", FORMS)
def test_an_evening_is_the_same_in_every_form_and_dress(form: str, dress: str) -> None:
    assert minutes(DRESSES[dress](FORMS[form])) == MINUTES


@pytest.mark.parametrize("say", SAYINGS)
@pytest.mark.parametrize("form", [zoom_rows, teams_rows, action_rows])
def test_moments_are_read_as_each_country_writes_them(
    form: Callable[..., list[list[str]]], say: Say
) -> None:
    assert minutes(as_text(form(SEEN, say), "\t")) == MINUTES


def test_people_stand_in_the_order_of_the_report_with_their_addresses() -> None:
    found = people(as_text(zoom_rows(SEEN)))
    assert list(found) == list(dict.fromkeys(each.name for each in SEEN))
    assert found["Dee O'Neal"].email == "dee@example.org"
    assert found["Dee O'Neal"].other_names == ("iPhone",)
    assert found["Amina Kahn"].other_names == ("Mina",)


def test_intervals_are_merged_and_told_whole() -> None:
    found = people(as_text(teams_rows(SEEN), "\t"))
    assert found["Zoë Adey"].intervals == ((at("19:00:00"), at("20:00:00")),)
    assert found["Bea Leader"].intervals == ((at("18:45:02"), at("20:06:30")),)
    assert [f"{joined:%H:%M}" for joined, _ in found["Dee O'Neal"].intervals] == ["19:02", "19:24"]


@pytest.mark.parametrize("form", ["zoom", "zoom with its meeting", "teams"])
def test_whoever_the_report_calls_organiser_is_staff_and_nobody_else(form: str) -> None:
    found = people(as_text(FORMS[form], "\t"))
    assert [name for name, each in found.items() if each.is_staff] == ["Bea Leader"]


def test_meet_is_read_to_the_minute() -> None:
    seen = [each for each in SEEN if each.name not in ("Dee O'Neal", "Zoë Adey", "Smith, Jo")]
    found = minutes(as_text(meet_rows(seen)))
    assert found.keys() == {each.name for each in seen}
    assert all(abs(found[name] - MINUTES[name]) <= 1 for name in found)


def test_true_dates_of_a_workbook_are_read() -> None:
    head, *rows = zoom_rows(SEEN)
    told = [
        [*row[:2], each.joined, each.left, *row[4:]] for row, each in zip(rows, SEEN, strict=True)
    ]
    assert minutes(as_workbook([head, *told])) == MINUTES


def test_seconds_lost_cost_a_minute_at_most() -> None:
    found = minutes(as_text(zoom_rows(SEEN, lambda moment: f"{moment:%d/%m/%Y %H:%M}")))
    assert all(abs(found[name] - MINUTES[name]) <= 1.5 for name in MINUTES)


def test_the_organiser_who_downloads_the_list_has_not_left() -> None:
    rows = [row for row in action_rows(SEEN) if row[:2] != ["Bea Leader", "Left"]]
    assert minutes(as_text(rows, "\t")) == MINUTES


@pytest.mark.parametrize(
    "verbs",
    [
        ("Beigetreten", "Verlassen"),
        ("A rejoint", "A quitté"),
        ("Se unió", "Abandonó"),
        ("Ymunodd", "Gadawodd"),
        ("Dołączono", "Opuszczono"),
        ("Venis", "Foriris"),  # a language that nobody taught it
    ],
)
def test_joining_and_leaving_are_known_in_other_languages(verbs: tuple[str, str]) -> None:
    assert minutes(as_text(action_rows(SEEN, british, verbs), "\t")) == MINUTES


TRANSLATED = {
    "German": (
        "1. Zusammenfassung|2. Teilnehmer|3. Aktivitäten während der Besprechung",
        "Name|Erster Beitritt|Letztes Verlassen|Dauer in der Besprechung|E-Mail|Teilnehmer-ID (UPN)|Rolle",
        "Name|Beitrittszeit|Verlassenszeit|Dauer|E-Mail|Rolle",
        "Organisator",
    ),
    "French": (
        "1. Résumé|2. Participants|3. Activités pendant la réunion",
        "Nom|Première participation|Dernier départ|Durée|E-mail|ID du participant (UPN)|Rôle",
        "Nom|Heure d’arrivée|Heure de départ|Durée|E-mail|Rôle",
        "Organisateur",
    ),
    "Polish": (
        "1. Podsumowanie|2. Uczestnicy|3. Działania w spotkaniu",
        "Imię i nazwisko|Pierwsze dołączenie|Ostatnie opuszczenie|Czas trwania|E-mail|Id (UPN)|Rola",
        "Imię i nazwisko|Czas dołączenia|Czas opuszczenia|Czas trwania|E-mail|Rola",
        "Organizator",
    ),
    "Welsh": (
        "1. Crynodeb|2. Cyfranogwyr|3. Gweithgareddau yn y cyfarfod",
        "Enw|Ymuno gyntaf|Gadael olaf|Hyd yn y cyfarfod|E-bost|ID Cyfranogwr (UPN)|Rôl",
        "Enw|Amser ymuno|Amser gadael|Hyd|E-bost|Rôl",
        "Trefnydd",
    ),
    "a language that nobody taught it": (
        "1. Resumo|2. Homoj|3. Agoj",
        "Homo|Unua veno|Lasta foriro|Daŭro|Retpoŝto|Homa signo|Rolo",
        "Homo|Veno|Foriro|Daŭro|Retpoŝto|Rolo",
        "Organizanto",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", TRANSLATED)
def test_sections_are_found_by_shape_in_other_languages(language: str) -> None:
    titles, second, third, organiser = TRANSLATED[language]
    first_title, second_title, third_title = titles.split("|")
    words = {
        "1. Summary": [first_title],
        "2. Participants": [second_title],
        "3. In-Meeting Activities": [third_title],
    }
    rows = [words.get(row[0], row) if row else row for row in teams_rows(SEEN, british)]
    heads = iter([second.split("|"), third.split("|")])
    rows = [next(heads) if row and row[0] == "Name" else row for row in rows]
    rows = [[organiser if cell == "Organiser" else cell for cell in row] for row in rows]
    found = people(as_text(rows, "\t").encode("utf-16"))
    assert {name: each.minutes_in_session for name, each in found.items()} == MINUTES
    assert [name for name, each in found.items() if each.is_staff] == ["Bea Leader"]


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
    rows = teams_rows(early) + [[]] + teams_rows(late)
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


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Im Warteraum", "Ja", "Nein"),
        ("Dans la salle d’attente", "Oui", "Non"),
        ("En sala de espera", "Sí", "No"),
        ("Yn yr ystafell aros", "Ie", "Na"),
        ("W poczekalni", "Tak", "Nie"),
    ],
)
def test_the_waiting_room_is_known_in_other_languages(heading: str, yes: str, no: str) -> None:
    rows = [[*row, no if number else heading] for number, row in enumerate(zoom_rows(SEEN[:2]))]
    report = read(as_text([*rows, [*rows[1][:-1], yes]]))
    assert len(report.people) == 2
    assert len(report.ignored) == 1


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
    ]  # noqa: E501
    table_head, *rows = zoom_rows(SEEN, british)
    flat = [[*head, *table_head], *([*meeting, *row] for row in rows)]
    assert minutes(as_text(flat)) == MINUTES


def test_a_sheet_without_headings_is_read_by_shape() -> None:
    assert minutes(as_text(zoom_rows(SEEN[1:3], british)[1:])) == {
        "Mina (Amina Kahn)": 60.0,
        "Marek Nowák": 60.0,
    }  # noqa: E501


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
    from tests.registers.reports.writing import EVENING, Seen

    evening = type(EVENING)(EVENING.day, late.time(), (late + timedelta(minutes=30)).time())
    seen = [
        Seen("Ann Kay", "", late, late + timedelta(minutes=25)),
        Seen("Bo Li", "", late + timedelta(minutes=15), late + timedelta(minutes=40)),
    ]  # noqa: E501
    for rows in (zoom_rows(seen), action_rows(seen), meet_rows(seen)):
        assert minutes(as_text(rows, "\t"), evening) == {"Ann Kay": 25.0, "Bo Li": 15.0}
