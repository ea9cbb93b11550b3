"""The languages that messages are written in, and how each says a day and a time.

What is said of them is data, `templates/messages/languages.yaml`, so that whoever checks the
texts checks the names of the days as well.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from programme.foundation.clock import local

TEXTS = Path(__file__).parents[2] / "templates" / "messages"
ENGLISH = "en"
A_LEAP_YEAR = date(2028, 1, 1)
WHEN_GROUPS_MEET = range(9, 22)


class Status(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language as messages need it. `days` begin on Monday, `months` in January."""

    code: str
    name: str
    own_name: str
    status: Status
    direction: str
    days: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    time_of_day: str
    on_the_hour: str
    parts: dict[int, str]
    clock: int = 12
    checked_by: str = ""
    checked_on: date | None = None

    @property
    def standing(self) -> str:
        """Whether the texts that ship can be relied upon: "a draft, not yet checked"."""
        if self.status is Status.DRAFT:
            return "a draft, not yet checked"
        on = f" on {self.checked_on.day} {self.checked_on:%B %Y}" if self.checked_on else ""
        return f"checked by {self.checked_by}{on}"

    @property
    def is_right_to_left(self) -> bool:
        return self.direction == "rtl"

    def say_day(self, at: datetime, zone: str) -> str:
        """ "Tuesday 6 October" """
        return self._say_date(local(at, zone).date())

    def say_time(self, at: datetime, zone: str) -> str:
        """ "7.30 pm" """
        return self.say_clock(local(at, zone).time())

    def longest_day(self) -> str:
        """The day that takes the most room, for trying a text out."""
        days = (A_LEAP_YEAR + timedelta(days=number) for number in range(366))
        return max(map(self._say_date, days), key=len)

    def longest_time(self) -> str:
        """The time of a session that takes the most room."""
        return max((self.say_clock(time(hour, 30)) for hour in WHEN_GROUPS_MEET), key=len)

    def say_clock(self, wall: time) -> str:
        """A time of day by itself."""
        begun = max(hour for hour in self.parts if hour <= wall.hour)
        says = self.time_of_day if wall.minute else self.on_the_hour
        hour = wall.hour if self.clock == 24 else wall.hour % 12 or 12
        return says.format(hour=hour, minute=f"{wall:%M}", part=self.parts[begun])

    def _say_date(self, day: date) -> str:
        weekday, month = self.days[day.weekday()], self.months[day.month - 1]
        return self.day.format(weekday=weekday, number=day.day, month=month)


@cache
def every_language() -> dict[str, Language]:
    """The languages of the file, by their codes, in its order."""
    written = yaml.safe_load((TEXTS / "languages.yaml").read_text(encoding="utf-8"))
    return {code: _language(code, facts) for code, facts in written.items()}


def language_of(code: str) -> Language:
    """The language of that code, else the language it is a kind of, else English."""
    return every_language()[next(each for each in fallbacks(code) if each in every_language())]


def fallbacks(code: str) -> tuple[str, ...]:
    """Where to look for a text, nearest first: "cy-gb", "cy", "en"."""
    own = code.lower()
    return tuple(dict.fromkeys((own, own.split("-")[0], ENGLISH)))


def _language(code: str, facts: dict[str, Any]) -> Language:
    days, months = tuple(facts["days"]), tuple(facts["months"])
    given = {"code": code, "status": Status(facts["status"]), "days": days, "months": months}
    return Language(**(facts | given))
