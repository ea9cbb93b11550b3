"""The texts that ship: one file a text and language, filled by plain replacement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from programme.messages.languages import ENGLISH, TEXTS, fallbacks

PLACEHOLDERS = frozenset(
    {"known_as", "group", "day", "time", "link", "public_name", "phone", "people", "code"}
)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LINK = re.compile(r"https?://\S+")
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]*")
FOOT = "foot"
"""The template that closes every e-mail to a participant."""
SEVERAL = "several"
"""The template that begins a message with several texts."""
TOGETHER = "\n\nTogether: "


class TemplateError(Exception):
    """A text cannot be made; the message says which and why, and names nobody."""


@dataclass(frozen=True)
class Template:
    """A text as written, in `language`. `subject` is for e-mail only; `together` is what it says
    when it goes in one message with others, and empty when it always goes alone."""

    subject: str
    body: str
    together: str = ""
    language: str = ENGLISH


Wordings = Mapping[tuple[str, str], Template]
"""Texts in a programme's own words, by language and name."""
NO_WORDINGS: Wordings = MappingProxyType({})


def load_template(language: str, name: str, wordings: Wordings = NO_WORDINGS) -> Template:
    """A text in that language, else in its parent language, else in English.

    In each language the programme's own wording comes first, then the text that ships. So a
    Welsh text that ships comes before an English wording: nobody gets a text in a language
    further from their own than need be.

    Raises:
        TemplateError: there is none, or it is not as it should be.
    """
    for each in fallbacks(language):
        found = wordings.get((each, name)) or _read(each, name)
        if found:
            return found
    raise TemplateError(f"There is no template called {name!r}.")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace each `{placeholder}` once; what is put in is not looked at again.

    Raises:
        TemplateError: a value is missing.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise TemplateError(f"The text asks for {match[0]}, which this message does not have.")
        return values[match[1]]

    return PLACEHOLDER.sub(value, text)


@cache
def _read(language: str, name: str) -> Template | None:
    if not (PLAIN_NAME.fullmatch(language) and PLAIN_NAME.fullmatch(name)):
        return None
    path = TEXTS / language / f"{name}.txt"
    return _parse(path.read_text(encoding="utf-8"), language, name) if path.exists() else None


def _parse(written: str, language: str, name: str) -> Template:
    first, _, body = written.partition("\n")
    unknown = set(PLACEHOLDER.findall(written)) - PLACEHOLDERS
    if not first.startswith("Subject: ") or not body.startswith("\n"):
        raise TemplateError(f"The template {name!r} does not begin with its subject, then a line.")
    if unknown:
        raise TemplateError(f"The template {name!r} asks for {', '.join(sorted(unknown))}.")
    alone, _, together = body.partition(TOGETHER)
    subject = first.removeprefix("Subject: ").strip()
    return Template(subject, alone.strip(), together.strip(), language)
