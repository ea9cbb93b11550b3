"""The questions about somebody's details that are answered on one screen, and then count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from programme.foundation.web import Refusal
from programme.messages.languages import every_language
from programme.people import own
from programme.people.imports.languages import language_name
from programme.people.models import Participant

LONGEST_NAME = 60
HOURS = {
    "9-20": "Any time from 9 am to 8 pm",
    "9-12": "In the morning, 9 am to noon",
    "12-17": "In the afternoon, noon to 5 pm",
    "17-20": "In the evening, 5 pm to 8 pm",
}
YES_OR_NO = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True)
class Screen:
    """One question. Without `options` it is a line to type.

    `chosen` gives the value as it stands, one of the options' where there are some.
    """

    term: str
    question: str
    hint: str
    chosen: Callable[[Participant], str]
    options: Callable[[Participant], dict[str, str]] | None
    write: Callable[[Participant, str, datetime], None]

    def says(self, person: Participant) -> str:
        """The answer as it stands, in words."""
        value = self.chosen(person)
        return self.options(person).get(value, value) if self.options else value

    def answer(self, person: Participant, typed: str, at: datetime) -> None:
        """Take an answer.

        Raises:
            Refusal: there is none, or it cannot be.
        """
        value = " ".join(typed.split())[:LONGEST_NAME]
        if self.options and value not in self.options(person):
            raise Refusal("Choose one of the answers.")
        self.write(person, value, at)


def _hours(person: Participant) -> str:
    agreed = person.conversation
    return f"{agreed.from_hour}-{agreed.until_hour}" if agreed else ""


def _hours_offered(person: Participant) -> dict[str, str]:
    """With the hours that were agreed, whatever they are."""
    start, _, end = (now := _hours(person)).partition("-")
    return ({} if now in HOURS or not now else {now: f"From {start}.00 to {end}.00"}) | HOURS


def _languages_offered(person: Participant) -> dict[str, str]:
    """Those that we write in, each by its own name; and the one that was recorded."""
    ours = {code: language.own_name for code, language in every_language().items()}
    return {person.language: language_name(person.language)} | ours


def _write_hours(person: Participant, value: str, at: datetime) -> None:
    start, _, end = value.partition("-")
    own.change_hours(person, own.Hours(int(start), int(end)), at=at)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


SCREENS = {
    "name": Screen(
        "Name to use",
        "What name should we use?",
        "A first name is enough. The others in your group see it.",
        lambda person: person.known_as,
        None,
        lambda person, value, at: own.change_name(person, value, at=at),
    ),
    "language": Screen(
        "Language",
        "Which language do you like to read?",
        "Not everything is in every language yet. The rest comes in English.",
        lambda person: person.language,
        _languages_offered,
        lambda person, value, at: own.change_language(person, value, at=at),
    ),
    "print": Screen(
        "Large print",
        "Do you want your papers in large print?",
        "",
        lambda person: _yes(person.large_print),
        lambda _person: YES_OR_NO,
        lambda person, value, at: own.change_print(person, value == "yes", at=at),
    ),
    "hours": Screen(
        "When we may reach you",
        "When may we ring or write to you?",
        "We keep to these hours. A code that you ask for comes at once.",
        _hours,
        _hours_offered,
        _write_hours,
    ),
    "voicemail": Screen(
        "Voicemail",
        "May we leave a voicemail?",
        "Say no if somebody else may hear it.",
        lambda person: _yes(bool(person.conversation and person.conversation.may_leave_voicemail)),
        lambda _person: YES_OR_NO,
        lambda person, value, at: own.change_voicemail(person, value == "yes", at=at),
    ),
    "texts": Screen(
        "Texts",
        "May we send you texts?",
        "Say no if somebody else may read them.",
        lambda person: _yes(person.may_text),
        lambda _person: YES_OR_NO,
        lambda person, value, at: own.change_texting(person, value == "yes", at=at),
    ),
}
