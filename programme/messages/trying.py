"""A text tried out on the longest real names, and what is wrong with it, before anybody gets it."""

import re
from dataclasses import dataclass

from programme.access.links import LARGEST_ROW
from programme.access.rules import Purpose
from programme.foundation.settings import Settings
from programme.messages.catalogue import About
from programme.messages.languages import Language
from programme.messages.links import personal_link
from programme.messages.rules import revealing_words
from programme.messages.segments import Length, measure
from programme.messages.templates import PLACEHOLDER, Template, fill

ALWAYS = frozenset({"known_as", "public_name", "phone"})
"""What every text may ask for."""
MAY_NOT_GO = frozenset({"link", "phone"})
"""Where the text that ships gives one of these, another wording must too."""
STOP = "STOP"
LONGEST_SUBJECT = 60
MOST_SEGMENTS = 3
BRACED = re.compile(r"\{[^{}\n]*\}|[{}]")
WHY_IT_REVEALS = (
    "would tell whoever sees the phone or the screen why we know the family. Say it another way."
)


@dataclass(frozen=True)
class Sample:
    """The longest real names to try a text on. `unusual`: somebody whose name has characters
    outside the alphabet of text messages, if there is one."""

    known_as: str
    group: str
    unusual: str = ""


@dataclass(frozen=True)
class Tried:
    """A text as those with the longest names would get it."""

    subject: str
    body: str
    together: str
    length: Length
    length_for_unusual: Length
    """The same for whoever has the unusual name."""

    @property
    def longest(self) -> Length:
        return max(self.length, self.length_for_unusual, key=lambda length: length.segments)


def try_out(text: Template, language: Language, sample: Sample, settings: Settings) -> Tried:
    """Fill a text for the longest names; what cannot be filled in stays as it is written."""
    values = _values(language, sample, settings)
    left = {
        name: f"{{{name}}}"
        for name in PLACEHOLDER.findall(text.subject + text.body + text.together)
    }
    body = fill(text.body, left | values)
    for_unusual = fill(text.body, left | values | {"known_as": sample.unusual or sample.known_as})
    return Tried(
        subject=fill(text.subject, left | values),
        body=body,
        together=fill(text.together, left | values),
        length=measure(body),
        length_for_unusual=measure(for_unusual),
    )


def may_ask_for(about: About) -> list[str]:
    """The placeholders of a text, as they are typed."""
    return sorted(f"{{{name}}}" for name in about.fills | ALWAYS)


def problems(text: Template, shipped: Template, about: About, tried: Tried) -> dict[str, list[str]]:
    """What keeps a wording from being used: the sentences of each field that has any."""
    found = {
        "subject": [] if about.is_part else _subject_problems(text.subject, about, tried),
        "body": _body_problems(text.body, shipped.body, about, tried),
        "together": _together_problems(text.together, shipped.together, about, tried),
    }
    said = {name: list(filter(None, sentences)) for name, sentences in found.items()}
    return {name: sentences for name, sentences in said.items() if sentences}


def question(about: About, tried: Tried, shipped: Tried) -> str:
    """What to ask before a wording is used that takes more text messages than one, and than
    the text that ships; empty when there is nothing to ask."""
    ours, theirs = tried.longest, shipped.longest
    if about.is_part or ours.segments <= max(1, theirs.segments):
        return ""
    return (
        f"For the longest names it takes {ours.in_words}, where the text that ships takes "
        f"{theirs.segments}. Each is paid for. {ours.why}"
    ).strip()


def _values(language: Language, sample: Sample, settings: Settings) -> dict[str, str]:
    return {
        "known_as": sample.known_as,
        "group": sample.group,
        "day": language.longest_day(),
        "time": language.longest_time(),
        "link": personal_link(Purpose.QUESTIONNAIRE, LARGEST_ROW, base=settings.link_base),
        "public_name": settings.public_name,
        "phone": settings.office_phone,
    }


def _subject_problems(subject: str, about: About, tried: Tried) -> list[str]:
    too_long = len(tried.subject) > LONGEST_SUBJECT
    return [
        "" if subject else "Write a subject: an e-mail without one looks like a mistake.",
        "A subject is one line. Take the line break out." if _breaks(subject) else "",
        _unknown(subject, (about.fills | ALWAYS) - {"link"}),
        _revealing(subject, tried.subject),
        f"For the longest names the subject has {len(tried.subject)} characters, and phones cut "
        f"it off after {LONGEST_SUBJECT}. Make it shorter."
        if too_long
        else "",
    ]


def _body_problems(body: str, shipped: str, about: About, tried: Tried) -> list[str]:
    return [
        "" if body else "Write the text, or go back to the text that ships.",
        _unknown(body, about.fills | ALWAYS),
        _missing(body, shipped),
        _revealing(body, tried.body),
        "" if about.is_part else _too_long(tried.longest),
    ]


def _together_problems(together: str, shipped: str, about: About, tried: Tried) -> list[str]:
    if not together:
        return []
    return [
        "" if shipped else "This text always goes alone. Leave this empty.",
        _unknown(together, about.fills | ALWAYS),
        _missing(together, shipped),
        _revealing(together, tried.together),
        _too_long(measure(tried.together)),
    ]


def _breaks(text: str) -> bool:
    return len(text.splitlines()) > 1


def _unknown(text: str, known: frozenset[str]) -> str:
    found = [each for each in BRACED.findall(text) if each[1:-1] not in known]
    if not found:
        return ""
    can = ", ".join(sorted(f"{{{name}}}" for name in known))
    return f"We cannot fill in {found[0]} here. What you can use is {can}."


def _missing(text: str, shipped: str) -> str:
    needed = [f"{{{name}}}" for name in sorted(MAY_NOT_GO)] + [STOP]
    gone = [each for each in needed if each in shipped and each not in text]
    if not gone:
        return ""
    return f"{gone[0]} is missing: put it where they should find it. The text that ships has it."


def _revealing(*texts: str) -> str:
    found = [word for text in texts for word in revealing_words(text)]
    return f"“{found[0]}” {WHY_IT_REVEALS}" if found else ""


def _too_long(length: Length) -> str:
    if length.segments <= MOST_SEGMENTS:
        return ""
    sentence = f"For the longest names it takes {length.in_words}; {MOST_SEGMENTS} are the most."
    return f"{sentence} {length.why}".strip()
