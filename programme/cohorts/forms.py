"""What coordinators type about cohorts: into typed values, or sentences that say what to mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from programme.cohorts.opening import NewCohort
from programme.foundation.clock import instant

Value = TypeVar("Value")
Typed = MultiDict[str, str] | Mapping[str, str]


@dataclass
class Reader:
    """Reads fields one by one and gathers what is wrong, in order, with the field's id."""

    typed: Typed
    errors: list[tuple[str, str]] = field(default_factory=list)

    def read(
        self, name: str, convert: Callable[[str], Value], sentence: str, default: Value
    ) -> Value:
        """The field as a value; when it cannot be read, `sentence` is kept and `default` given."""
        try:
            return convert(self.typed.get(name, "").strip())
        except ValueError:
            self.errors.append((name, sentence))
            return default

    def day(self, name: str, sentence: str) -> date:
        return self.read(name, date.fromisoformat, sentence, date.max)

    def number(self, name: str, sentence: str) -> int:
        return self.read(name, int, sentence, 0)


def read_new_cohort(form: MultiDict[str, str]) -> tuple[NewCohort, list[tuple[str, str]]]:
    """The cohort somebody wants to open, and what stands in the way of understanding it."""
    reader = Reader(form)
    new = NewCohort(
        programme=form.get("programme", ""),
        partner_id=reader.number("partner", "Choose the organisation."),
        term_id=reader.number("term", "Choose the term. If there is none yet, add it first."),
        public_name=reader.read(
            "public_name", _some_words, "Give the group a short name, such as Tuesday group.", ""
        ),
        first_day=reader.day("first_day", "Say on which day the first session is."),
        local_time=reader.read(
            "local_time", time.fromisoformat, "Say when it begins, such as 19:30.", time()
        ),
        minutes=reader.number("minutes", "Say how many minutes a session lasts, such as 90."),
        capacity=reader.number("capacity", "Say how many places there are, such as 12."),
        join_url=form.get("join_url", "").strip(),
        facilitator_ids=tuple(int(each) for each in form.getlist("facilitators") if each.isdigit()),
    )
    return new, reader.errors


def _some_words(text: str) -> str:
    if not text:
        raise ValueError
    return text


def read_when(typed: Typed) -> tuple[date, time, list[tuple[str, str]]]:
    """A day and a local time, and what cannot be read of them."""
    reader = Reader(typed)
    day = reader.day("day", "Choose the day.")
    at = reader.read("time", time.fromisoformat, "Say at what time, such as 19:30.", time())
    return day, at, reader.errors


def read_instant(typed: Typed, zone: str) -> tuple[datetime | None, list[tuple[str, str]]]:
    """The same as an instant."""
    day, at, errors = read_when(typed)
    return (None if errors else instant(datetime.combine(day, at), zone)), errors


def read_days(typed: Typed) -> tuple[str, date, date, list[tuple[str, str]]]:
    """A name with its first and last day: of a term or a break."""
    reader = Reader(typed)
    name = reader.read("name", _some_words, "Give it a name.", "")
    first = reader.day("first_day", "Choose the first day.")
    last = reader.day("last_day", "Choose the last day.")
    return name, first, last, reader.errors
