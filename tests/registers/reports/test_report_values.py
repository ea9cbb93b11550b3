"""Moments, durations and names, one by one."""

from datetime import date, time, timedelta

import pytest

from programme.registers.reports.durations import read_number, read_seconds
from programme.registers.reports.moments import Order, read_moment
from programme.registers.reports.names import Name, is_device, read_name


@pytest.mark.parametrize(
    "text",
    [
        "16/09/2026 18:57:00", "16/09/2026, 18:57:00", "16.09.2026 18:57", "16.9.2026 18.57.00",
        "16-09-2026 18:57", "16. 9. 2026 18:57", "9/16/26, 6:57:00 PM", "09/16/2026 06:57 pm",
        "2026-09-16 18:57:00", "2026-09-16T18:57:00.000", "2026/9/16 18:57", "20260916 18:57",
        "16 Sep 2026 18:57", "Sep 16, 2026 6:57 PM", "Wednesday, September 16, 2026 at 6:57 PM",
        "16 septembre 2026 à 18 h 57", "16. September 2026 um 18:57 Uhr", "16-Sep-26 18:57",
        "16 de septiembre de 2026, 6:57 p. m.", "16 Medi 2026 18:57", "16 wrz 2026 18:57",
        "16/9/2026 6:57 p.m.", "2026. 9. 16. 오후 6:57:00", "2026/9/16 下午6:57",
        "46281.789583333333",
    ],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(text: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert date(2026, 9, 16) in [day for _, day in moment.days]
    assert moment.clock == time(18, 57)


@pytest.mark.parametrize(
    "text",
    [
        "", "Ann", "Week 1 16/09/2026 19:00 of twelve more words", "+44 7700 900123", "07700900123",
        "1h 2m", "25:00", "812 3456 7890", "a@example.org", "9" * 5_000, "Galaxy A14", "99/99/2026",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_an_ambiguous_date_keeps_both_its_days() -> None:
    moment = read_moment("9/10/2026 19:00")
    assert moment is not None
    assert moment.day(Order.DAY_MONTH_YEAR) == date(2026, 10, 9)
    assert moment.day(Order.MONTH_DAY_YEAR) == date(2026, 9, 10)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-09-16T18:57:00Z", 0), ("2026-09-16T18:57:00+01:00", 1), ("16/09/2026 18:57 GMT", 0),
        ("16/09/2026 18:57 BST", 1), ("16/09/2026 18:57 (UTC+02:00)", 2), ("18:57 GMT-5", -5),
        ("16/09/2026 6:57 PM +0100", 1), ("2026-09-16 18:57:00 UTC", 0),
    ],
)  # fmt: skip
def test_a_zone_is_read_from_the_end(text: str, hours: int) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.offset == timedelta(hours=hours)
    assert moment.clock == time(18, 57)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("12:05 AM", time(0, 5)),
        ("12:05 PM", time(12, 5)),
        ("7 PM", time(19)),
        ("23:59:59.9", time(23, 59, 59)),
        ("18:45:01.9999", time(18, 45, 2)),
    ],
)
def test_clock_times_at_the_edges(text: str, clock: time) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert abs(moment.clock.hour * 60 + moment.clock.minute - clock.hour * 60 - clock.minute) == 0
    assert moment.clock == clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 21m 28s", 4888), ("3h 26s", 10826), ("54m 35s", 3275), ("1 hr 2 min", 3720),
        ("55 min", 3300), ("1 hr", 3600), ("1 Std. 2 Min. 3 Sek.", 3723), ("1 godz. 2 min", 3720),
        ("1 h 2 min 3 s", 3723), ("1awr 21mun 28eil", 4888), ("1 hora 2 minutos", 3720),
        ("1:02:03", 3723), ("=1:02:03", 3723), ("PT1H2M", 3720), ("0s", 0),
        ("1 hour and 2 minutes", 3720),
        ("Ann", None), ("12 monkeys 3 eggs", None), ("2m 1h", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: int | None) -> None:
    assert read_seconds(text) == seconds


def test_numbers_of_minutes() -> None:
    assert [read_number(text) for text in ("62", "62.5", "62,5", "1,234", "x", "")] == [
        62.0, 62.5, 62.5, 1234.0, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Mina (Amina Kahn)", Name("Amina Kahn", "Mina")),
        ("iPhone (Dee O'Neal)", Name("Dee O'Neal", "iPhone")),
        ("Dee O'Neal (Galaxy A14)", Name("Dee O'Neal", "Galaxy A14")),
        ("Mum (+44 7700 900123)", Name("Mum", "+44 7700 900123")),
        ("Ann Lee (She/Her)", Name("Ann Lee")),
        ("Ann (Ann Lee (she/her))", Name("Ann Lee", "Ann")),
        ("Sam (They/Them) (Sam Smith)", Name("Sam Smith", "Sam")),
        ("Dan (Guest)", Name("Dan")),
        ("Bea (Host, me)", Name("Bea", is_staff=True)),
        ("Smith, Jordan", Name("Smith, Jordan")),
        ("(Ann)", Name("(Ann)")),
        ("Ann )", Name("Ann )")),
        ("Ann（Ann Kay）", Name("Ann Kay", "Ann")),
    ],
)
def test_names_where_the_report_tells_what_they_were_before(typed: str, name: Name) -> None:
    assert read_name(typed, is_renaming=True) == name


@pytest.mark.parametrize(
    "suffix",
    ["External", "Unverified", "Extern", "Non vérifié", "Externo", "Gość", "Allanol", "she/her"],
)
def test_what_a_service_hangs_on_is_no_part_of_the_name(suffix: str) -> None:
    assert read_name(f"Ann Kay ({suffix})", is_renaming=False) == Name("Ann Kay")


def test_brackets_stay_where_they_mean_nothing_to_the_service() -> None:
    assert read_name("Ann (Nan) Kay (Leeds)", is_renaming=False) == Name("Ann (Nan) Kay (Leeds)")


def test_devices_are_told_from_people() -> None:
    devices = [
        "iPhone",
        "Sam's iPhone",
        "Galaxy A14",
        "+44 7700 900123",
        "SM-A145F",
        "iPad (2)",
        "Pixel 7",
        "Zoom User",
        "DESKTOP-4F2K",
    ]
    assert [name for name in devices if not is_device(name)] == []
    named = [
        "Dorothy Jones",
        "Honor Blackman",
        "Dell Smith",
        "Guestina",
        "Philip Hone",
        "User's Mum",
    ]
    assert [name for name in named if is_device(name)] == []
