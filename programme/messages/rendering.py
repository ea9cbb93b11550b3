"""What a message says: a template of its language, filled by plain replacement."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from programme.foundation.settings import Settings
from programme.messages.links import personal_link
from programme.messages.models import Message
from programme.people.rules import Channel

TEMPLATES = Path(__file__).parents[2] / "templates" / "messages"
PLACEHOLDERS = frozenset({"known_as", "group", "day", "time", "link", "public_name", "phone"})
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
    """A text as written. `subject` is for e-mail only; `together` is what it says when it goes
    in one message with others, and empty when it always goes alone."""

    subject: str
    body: str
    together: str = ""


@dataclass(frozen=True)
class Text:
    """A text as sent."""

    subject: str
    body: str


Filling = tuple[Template, dict[str, str]]


def render(message: Message, settings: Settings, *, without: frozenset[int] = frozenset()) -> Text:
    """The text of a message as things stand now, with its links made anew.

    `without`: which of its texts, counted from 0, to leave out.

    Raises:
        TemplateError: the template is missing, or something it asks for is.
    """
    texts = _texts(message, settings)
    said = [each for number, each in enumerate(texts) if number not in without] or texts
    first, values = said[0]
    body = fill(first.body, values) if len(said) == 1 else _together(message, said)
    if message.channel is Channel.EMAIL and message.participant_id:
        body += "\n\n" + fill(load_template(message.language, FOOT).body, values)
    return Text(fill(first.subject, values), body)


def _texts(message: Message, settings: Settings) -> list[Filling]:
    """What the message carries: each text with what fills it."""
    first = (message.template, json.loads(message.values or "{}"))
    return [
        (load_template(message.language, name), _values(message, given, settings))
        for name, given in (first, *json.loads(message.more or "[]"))
    ]


def _together(message: Message, said: list[Filling]) -> str:
    """One greeting, then each text, shorter than it is alone."""
    greeting = load_template(message.language, SEVERAL).body
    gap = "\n\n" if message.channel is Channel.EMAIL else "\n"
    lines = [fill(template.together, values) for template, values in said]
    return gap.join([fill(greeting, said[0][1]), *lines])


def goes_with_others(message: Message) -> bool:
    """Whether the text of this message may go in one message with others."""
    try:
        return bool(load_template(message.language, message.template).together)
    except TemplateError:  # told when it is sent
        return False


def load_template(language: str, name: str) -> Template:
    """A template in that language, else in its parent language, else in English.

    Raises:
        TemplateError: there is none, or it is not as it should be.
    """
    for each in (language.lower(), language.lower().split("-")[0], "en"):
        found = _read(each, name)
        if found:
            return found
    raise TemplateError(f"There is no template called {name!r}.")


def fill(text: str, values: dict[str, str]) -> str:
    """Replace each `{placeholder}` once; what is put in is not looked at again.

    Raises:
        TemplateError: a value is missing.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise TemplateError(f"The text asks for {match[0]}, which this message does not have.")
        return values[match[1]]

    return PLACEHOLDER.sub(value, text)


def _values(message: Message, given: dict[str, Any], settings: Settings) -> dict[str, str]:
    person = message.participant.known_as if message.participant else None
    staff = message.account.name if message.account else ""
    ours = {"known_as": person or staff, "public_name": settings.public_name}
    ours |= {"phone": settings.office_phone}
    return {name: _plain(value, settings.link_base) for name, value in (given | ours).items()}


def _plain(value: Any, base: str) -> str:
    """One line of text: nothing that is put in can begin a new header or paragraph."""
    if isinstance(value, dict):
        return personal_link(value["link"], value["row"], base=base)
    return " ".join(str(value).split())


@cache
def _read(language: str, name: str) -> Template | None:
    if not (PLAIN_NAME.fullmatch(language) and PLAIN_NAME.fullmatch(name)):
        return None
    path = TEMPLATES / language / f"{name}.txt"
    return _parse(path.read_text(encoding="utf-8"), name) if path.exists() else None


def _parse(written: str, name: str) -> Template:
    first, _, body = written.partition("\n")
    unknown = set(PLACEHOLDER.findall(written)) - PLACEHOLDERS
    if not first.startswith("Subject: ") or not body.startswith("\n"):
        raise TemplateError(f"The template {name!r} does not begin with its subject, then a line.")
    if unknown:
        raise TemplateError(f"The template {name!r} asks for {', '.join(sorted(unknown))}.")
    alone, _, together = body.partition(TOGETHER)
    return Template(first.removeprefix("Subject: ").strip(), alone.strip(), together.strip())
