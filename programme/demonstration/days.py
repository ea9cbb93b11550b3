"""When everything in the demonstration happens, counted from its today."""

from dataclasses import dataclass
from datetime import date, time, timedelta

WEEK = timedelta(weeks=1)
SEASONS = {1: "Spring", 5: "Summer", 9: "Autumn"}


@dataclass(frozen=True)
class GroupDates:
    """One group: which people, its first day and time, and a week's break after some weeks."""

    group: str
    first_day: date
    local_time: time
    break_after: int

    @property
    def name(self) -> str:
        """A neutral name by its weekday, as charities give them."""
        return f"{self.first_day:%A} group"

    @property
    def break_days(self) -> tuple[date, date]:
        """Monday to Sunday of the week without a session."""
        skipped = self.first_day + WEEK * self.break_after
        monday = skipped - timedelta(days=skipped.weekday())
        return monday, monday + timedelta(days=6)

    @property
    def last_day(self) -> date:
        """The day of the tenth session."""
        return self.first_day + WEEK * 10

    @property
    def term(self) -> str:
        """Such as "Autumn 2026, Tuesday"."""
        month = max(start for start in SEASONS if start <= self.first_day.month)
        return f"{SEASONS[month]} {self.first_day.year}, {self.first_day:%A}s"


def group_dates(today: date) -> list[GroupDates]:
    """A group that finished so long ago that all three waves are in; one in its fourth week,
    meeting today; one that begins in three weeks."""
    return [
        GroupDates("past", today - timedelta(days=124) - WEEK * 10, time(10, 30), break_after=5),
        GroupDates("now", today - WEEK * 3, time(19, 30), break_after=6),
        GroupDates("next", today + WEEK * 3 - timedelta(days=1), time(13, 0), break_after=4),
    ]
