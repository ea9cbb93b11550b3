"""One evening of made-up people, written as each meeting service writes it."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from openpyxl import Workbook

from programme.registers.reports.reading import read_report
from programme.registers.reports.report import Evening, Person, Report

DAY = date(2026, 9, 16)
EVENING = Evening(DAY, time(19), time(20))
Say = Callable[[datetime], str]


@dataclass(frozen=True)
class Seen:
    """One stay. `shown` is what they called themselves in the meeting, if otherwise."""

    name: str
    email: str
    joined: datetime
    left: datetime
    shown: str = ""
    is_organiser: bool = False

    @property
    def as_zoom(self) -> str:
        return f"{self.shown} ({self.name})" if self.shown else self.name


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock))


SEEN = (
    Seen("Bea Leader", "bea@charity.example.org", at("18:45:02"), at("20:06:30"), "", True),
    Seen("Amina Kahn", "amina@example.org", at("18:58:40"), at("20:01:10"), "Mina"),
    Seen("Marek Nowák", "", at("18:59:59"), at("20:00:59")),
    Seen("Zoë Adey", "zoe@example.org", at("19:00:00"), at("20:00:00")),
    Seen("Dee O'Neal", "dee@example.org", at("19:02:05"), at("19:20:10")),
    Seen("+44 7700 900123", "", at("19:03:00"), at("20:00:00")),
    Seen("Galaxy A14", "", at("19:05:00"), at("19:09:30")),
    Seen("Zoë Adey", "zoe@example.org", at("19:10:00"), at("19:40:00")),
    Seen("Dee O'Neal", "", at("19:24:00"), at("20:00:30"), "iPhone"),
    Seen("Smith, Jo", "jo@example.org", at("19:31:15"), at("19:52:15")),
)
MINUTES = {
    "Bea Leader": 60.0, "Amina Kahn": 60.0, "Marek Nowák": 60.0, "Zoë Adey": 60.0,
    "Dee O'Neal": 54.1, "+44 7700 900123": 57.0, "Galaxy A14": 4.5, "Smith, Jo": 21.0,
}  # fmt: skip


def american(moment: datetime) -> str:
    return f"{moment:%m/%d/%Y %I:%M:%S %p}"


def british(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M:%S}"


def german(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S}"


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def utc(moment: datetime) -> str:
    """In summer time."""
    return f"{moment - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"


def offset(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S+01:00}"


def narrow(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y, %I:%M:%S}\u202f{moment:%p}".lower()


def spanish(moment: datetime) -> str:
    half = "a.\u00a0m." if moment.hour < 12 else "p.\u00a0m."
    return f"{moment.day}/{moment.month}/{moment.year}, {moment:%I:%M:%S} {half}"


def in_words(moment: datetime) -> str:
    return f"{moment:%b %d, %Y %I:%M:%S %p}"


def teams(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment:%y}, {moment:%I:%M:%S %p}"


SAYINGS: tuple[Say, ...] = (
    american, british, german, iso, utc, offset, narrow, spanish, in_words, teams,
)  # fmt: skip


def short(length: timedelta) -> str:
    """`1h 2m 3s`, without what is nought."""
    seconds = int(length.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def zoom_rows(seen: Iterable[Seen], say: Say = american) -> list[list[str]]:
    """The table that every form of Zoom's report has."""
    head = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)"]
    return [[*head, "Guest", "Recording Consent"]] + [
        [
            each.as_zoom,
            each.email,
            say(each.joined),
            say(each.left),
            str(ceil((each.left - each.joined).total_seconds() / 60)),
            "No" if each.is_organiser else "Yes",
            "",
        ]
        for each in seen
    ]


def zoom_meeting(say: Say = american) -> list[list[str]]:
    return [
        ["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)"],
        [
            "812 3456",
            "Tuesday group",
            say(at("18:45:02")),
            say(at("20:06:30")),
            "bea@charity.example.org",
            "82",
        ],
        [],
    ]


def teams_rows(seen: Sequence[Seen], say: Say = teams) -> list[list[str]]:
    """Three sections; the second has a row for each person."""
    rows = [
        ["1. Summary"],
        ["Meeting title", "Tuesday group"],
        ["Attended participants", "8"],
        ["Start time", say(at("18:45:02"))],
        ["End time", say(at("20:06:30"))],
        ["Meeting duration", "1h 21m 28s"],
        [],
        ["2. Participants"],
        [
            "Name",
            "First Join",
            "Last Leave",
            "In-Meeting Duration",
            "Email",
            "Participant ID (UPN)",
            "Role",
        ],
    ]
    for name in dict.fromkeys(each.name for each in seen):
        stays = [each for each in seen if each.name == name]
        first, last = min(each.joined for each in stays), max(each.left for each in stays)
        length = sum((each.left - each.joined for each in stays), timedelta())
        email = next((each.email for each in stays if each.email), "")
        rows.append([name, say(first), say(last), short(length), email, "", _role(stays[0])])
    rows += [[], ["3. In-Meeting Activities"]]
    rows.append(["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"])
    for each in seen:
        length = short(each.left - each.joined)
        rows.append([each.name, say(each.joined), say(each.left), length, each.email, _role(each)])
    return rows


def action_rows(
    seen: Iterable[Seen], say: Say = british, verbs: Sequence[str] = ("Joined", "Left")
) -> list[list[str]]:
    events = [(each.joined, each.name, verbs[0]) for each in seen]
    events += [(each.left, each.name, verbs[1]) for each in seen]
    rows = [[name, verb, say(moment)] for moment, name, verb in sorted(events)]
    return [["Full Name", "User Action", "Timestamp"], *rows]


def meet_rows(seen: Sequence[Seen]) -> list[list[str]]:
    """A row for each person, to the minute, without a date."""
    rows = [["First name", "Last name", "Email", "Duration", "Time joined", "Time exited"]]
    for each in seen:
        first, _, last = each.name.partition(" ")
        length = short((each.left - each.joined) // timedelta(minutes=1) * timedelta(minutes=1))
        rows.append(
            [
                *(first, last, each.email),
                length.replace("h", " hr").replace("m", " min"),
                f"{each.joined:%I:%M\u202f%p}",
                f"{each.left:%I:%M\u202f%p}",
            ]
        )
    return rows


def as_text(rows: Iterable[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def as_workbook(rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def read(report: str | bytes, evening: Evening = EVENING) -> Report:
    return read_report(report.encode() if isinstance(report, str) else report, evening)


def people(report: str | bytes, evening: Evening = EVENING) -> dict[str, Person]:
    return {person.name: person for person in read(report, evening).people}


def minutes(report: str | bytes, evening: Evening = EVENING) -> dict[str, float]:
    return {name: each.minutes_in_session for name, each in people(report, evening).items()}


def _role(each: Seen) -> str:
    return "Organiser" if each.is_organiser else "Presenter"
