"""One evening, written as each meeting service would report it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from programme.registers.reports.report import Evening

DAY = date(2026, 9, 16)
EVENING = Evening(DAY, time(19, 0), time(20, 0))
Stay = tuple[str, str]
"""From and until, such as ("18:58:40", "20:01:10")."""


@dataclass(frozen=True)
class Came:
    """Somebody in the report, and each time they were in the meeting."""

    name: str
    stays: Sequence[Stay]
    email: str = ""
    is_host: bool = False
    waited: Sequence[Stay] = ()


PEOPLE = (
    Came("Bea Norris", [("18:45:02", "20:06:30")], "bea@charity.example.org", is_host=True),
    Came("Aaliyah Khan", [("18:58:40", "20:01:10")], "aaliyah@example.org"),
    Came("Donna O'Neill", [("19:02:05", "19:20:10"), ("19:24:00", "20:00:30")], "d@example.org"),
    Came("Smith, Jordan", [("19:31:15", "19:52:15")], "jordan@example.org"),
    Came("Chloë Adeyemi", [("19:00:00", "20:00:00"), ("19:10:00", "19:40:00")], "c@example.org"),
    Came("Marek Nowák", [("18:59:59", "20:00:59")], waited=[("18:53:59", "18:59:59")]),
    Came("Galaxy A14", [("19:05:00", "19:09:30")]),
    Came("+44 7700 900123", [("19:03:00", "20:00:00")]),
)
MINUTES = {
    "Bea Norris": 60.0, "Aaliyah Khan": 60.0, "Donna O'Neill": 54.1, "Smith, Jordan": 21.0,
    "Chloë Adeyemi": 60.0, "Marek Nowák": 60.0, "Galaxy A14": 4.5, "+44 7700 900123": 57.0,
}  # fmt: skip


def moment(clock: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def us(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at:%y}, {at.hour % 12 or 12}:{at:%M:%S %p}"


def us_long(at: datetime) -> str:
    return f"{at:%m/%d/%Y %I:%M:%S %p}"


def british(at: datetime) -> str:
    return f"{at:%d/%m/%Y, %H:%M:%S}"


def german(at: datetime) -> str:
    return f"{at:%d.%m.%Y, %H:%M:%S}"


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


Say = Callable[[datetime], str]
WAYS: dict[str, Say] = {
    "us": us, "us long": us_long, "british": british, "german": german, "iso": iso,
}  # fmt: skip


def span(stay: Stay, day: date = DAY) -> tuple[datetime, datetime]:
    return moment(stay[0], day), moment(stay[1], day)


def minutes_up(stay: Stay) -> int:
    """Zoom rounds up."""
    joined, left = span(stay)
    return -(-int((left - joined).total_seconds()) // 60)


def long(size: timedelta) -> str:
    """`1h 2m 30s`; parts that are nought are left out, as Teams does."""
    seconds = int(size.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def joined(rows: Iterable[Sequence[str]], between: str = ",") -> str:
    """Quoted where it must be, with Windows's line ends."""
    return "".join(f"{between.join(_cell(cell, between) for cell in row)}\r\n" for row in rows)


def _cell(text: str, between: str) -> str:
    if any(each in text for each in (between, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def zoom(
    people: Iterable[Came], say: Say = us_long, *, is_classic: bool = False,
    with_meeting: bool = True, day: date = DAY,
) -> list[list[str]]:  # fmt: skip
    rows = _zoom_meeting(say, is_classic, day) if with_meeting else []
    rows += [_ZOOM_CLASSIC if is_classic else _ZOOM]
    for each in people:
        for stay in (*each.waited, *each.stays):
            start, end = span(stay, day)
            row = [each.name, each.email, say(start), say(end), str(minutes_up(stay))]
            row += ["No" if each.is_host else "Yes", ""]
            rows.append(row if is_classic else [*row, "Yes" if stay in each.waited else "No"])
    return rows


_ZOOM = [
    "Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest",
    "Recording disclaimer response", "In waiting room",
]  # fmt: skip
_ZOOM_CLASSIC = [
    "Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest",
    "Recording Consent",
]  # fmt: skip


def _zoom_meeting(say: Say, is_classic: bool, day: date) -> list[list[str]]:
    start, end = say(moment("18:45:02", day)), say(moment("20:06:30", day))
    if is_classic:
        heads = ["Meeting ID", "Topic", "Start Time", "End Time", "User Email",
                 "Duration (Minutes)", "Participants"]  # fmt: skip
        row = ["812 3456 7890", "Tuesday group", start, end, "bea@charity.example.org", "82", "9"]
    else:
        heads = ["Topic", "ID", "Host", "Duration (minutes)", "Start time", "End time",
                 "Participants"]  # fmt: skip
        host = "Bea Norris (bea@charity.example.org)"
        row = ["Tuesday group", "812 3456 7890", host, "82", start, end, "9"]
    return [heads, row, [""]]


def teams(people: Iterable[Came], say: Say = us, *, sections: int = 3) -> list[list[str]]:
    people = list(people)
    rows = [["1. Summary"], ["Meeting title", "Tuesday group"],
            ["Attended participants", str(len(people))], ["Start time", say(moment("18:45:02"))],
            ["End time", say(moment("20:06:30"))], ["Meeting duration", "1h 21m 28s"],
            ["Average attendance time", "54m 40s"], [""], ["2. Participants"],
            ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email",
             "Participant ID (UPN)", "Role"]]  # fmt: skip
    for each in people:
        spans = [span(stay) for stay in each.stays]
        size = sum((end - start for start, end in spans), timedelta())
        first, last = min(start for start, _ in spans), max(end for _, end in spans)
        role = "Organiser" if each.is_host else "Presenter"
        rows.append([each.name, say(first), say(last), long(size), each.email, "", role])
    if sections == 2:
        return rows
    rows += [[""], ["3. In-Meeting Activities"],
             ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"]]  # fmt: skip
    for each in people:
        for stay in each.stays:
            start, end = span(stay)
            role = "Organiser" if each.is_host else "Presenter"
            rows.append([each.name, say(start), say(end), long(end - start), each.email, role])
    return rows


def teams_actions(
    people: Iterable[Came], say: Say = british, *,
    words: Sequence[str] = ("Full Name", "User Action", "Timestamp", "Joined", "Left"),
    until: str = "20:06:30",
) -> list[list[str]]:  # fmt: skip
    """Nobody who was there at the end leaves."""
    events = []
    for each in people:
        for stay in each.stays:
            start, end = span(stay)
            events.append((start, each.name, words[3]))
            if end < moment(until):
                events.append((end, each.name, words[4]))
    return [list(words[:3])] + [[name, verb, say(at)] for at, name, verb in sorted(events)]


def meet(people: Iterable[Came]) -> list[list[str]]:
    """First joining and last leaving, to the minute, and how long in all."""
    rows = [["First name", "Last name", "Email", "Duration", "Time joined", "Time exited"]]
    for each in people:
        spans = [span(stay) for stay in each.stays]
        first, last = min(start for start, _ in spans), max(end for _, end in spans)
        size = sum((end - start for start, end in spans), timedelta())
        hours, minutes = divmod(round(size.total_seconds() / 60), 60)
        words = f"{hours} hr {minutes} min" if hours else f"{minutes} min"
        given, _, family = each.name.partition(" ")
        clock = [f"{at.hour % 12 or 12}:{at:%M %p}" for at in (first, last)]
        rows.append([given, family, each.email, words, *clock])
    return rows
