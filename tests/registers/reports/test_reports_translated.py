"""Reports in other languages: columns are found by what stands in them."""

import pytest

from tests.registers.reports.writing import (
    MINUTES,
    SEEN,
    action_rows,
    as_text,
    british,
    minutes,
    people,
    read,
    teams_rows,
    zoom_rows,
)


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
        "Name|Erster Beitritt|Letztes Verlassen|Dauer|E-Mail|Teilnehmer-ID (UPN)|Rolle",
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
        "Imię i nazwisko|Pierwsze dołączenie|Ostatnie opuszczenie|Czas trwania|E-mail|UPN|Rola",
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
