"""What a message says: a template of its language, filled by plain replacement."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from programme.access.codes import typed_code
from programme.foundation.settings import Settings
from programme.messages.links import personal_link
from programme.messages.models import Message
from programme.people.rules import Channel

TEMPLATES = Path(__file__).parents[2] / "templates" / "messages"
PLACEHOLDERS = frozenset(
    {"known_as", "group", "day", "time", "link", "public_name", "phone", "code"}
)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LINK = re.compile(r"https?://\S+")
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]*")
HIDDEN = "······"
"""Stands in place of a code."""
FOOT = "foot"
"""The template that closes every e-mail to a participant."""


class TemplateError(Exception):
    """A text cannot be made; the message says which and why, and names nobody."""


@dataclass(frozen=True)
class Template:
    """A text as written. `subject` is for e-mail only."""

    subject: str
    body: str


@dataclass(frozen=True)
class Text:
    """A text as sent."""

    subject: str
    body: str


def render(message: Message, settings: Settings, *, hides_code: bool = False) -> Text:
    """The text of a message as things stand now, with its links and its code made anew.

    `hides_code`: as it is kept and shown, for a code is nobody's but the recipient's.

    Raises:
        TemplateError: the template is missing, or something it asks for is.
    """
    template = load_template(message.language, message.template)
    values = _values(message, settings)
    if hides_code and "code" in values:
        values["code"] = HIDDEN
    body = fill(template.body, values)
    if message.channel is Channel.EMAIL and message.participant_id:
        body += "\n\n" + fill(load_template(message.language, FOOT).body, values)
    return Text(fill(template.subject, values), body)


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


def _values(message: Message, settings: Settings) -> dict[str, str]:
    person = message.participant.known_as if message.participant else None
    staff = message.account.name if message.account else ""
    given: dict[str, Any] = json.loads(message.values or "{}")
    ours = {"known_as": person or staff, "public_name": settings.public_name}
    ours |= {"phone": settings.office_phone}
    return {name: _plain(value, settings.link_base) for name, value in (given | ours).items()}


def _plain(value: Any, base: str) -> str:
    """One line of text: nothing that is put in can begin a new header or paragraph."""
    if isinstance(value, dict):
        if "code" in value:
            return typed_code(value["code"])
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
    return Template(first.removeprefix("Subject: ").strip(), body.strip())
