"""What a message says: its texts, in the words that count for it and the language that its
person has by then."""

import json
import re
from dataclasses import dataclass
from typing import Any

from programme.foundation.settings import Settings
from programme.messages.languages import language_of
from programme.messages.models import Message
from programme.messages.rules import revealing_words
from programme.messages.templates import (
    FOOT,
    SEVERAL,
    Template,
    TemplateError,
    Wordings,
    fill,
    load_template,
)
from programme.messages.values import say
from programme.messages.wordings import wordings_for
from programme.people.rules import Channel

HIDDEN = "······"
"""Stands in place of a code."""


@dataclass(frozen=True)
class Text:
    """A text as sent, and the language it is in."""

    subject: str
    body: str
    language: str = ""


@dataclass(frozen=True)
class Filling:
    """One text of a message, with what fills it."""

    template: Template
    values: dict[str, str]

    @property
    def alone(self) -> str:
        return fill(self.template.body, self.values)

    @property
    def with_others(self) -> str:
        return fill(self.template.together or self.template.body, self.values)

    @property
    def subject(self) -> str:
        return fill(self.template.subject, self.values)


def render(
    message: Message,
    settings: Settings,
    *,
    without: frozenset[int] = frozenset(),
    hides_code: bool = False,
    wordings: Wordings | None = None,
) -> Text:
    """The text of a message as things stand now, with its links and its code made anew.

    `without`: which of its texts, counted from 0, to leave out. `hides_code`: as it is kept
    and shown, for a code is nobody's but the recipient's; a text with one always goes alone.
    `wordings`: its programme's own, if they are known already.

    Raises:
        TemplateError: the template is missing, or something it asks for is, or what came of it
            must not be seen by the wrong person.
    """
    if wordings is None:
        wordings = wordings_for(message.wording or "", present_language(message))
    texts = [_filling(message, *each, wordings, settings) for each in _carried(message)]
    said = [each for number, each in enumerate(texts) if number not in without] or texts
    if hides_code and "code" in said[0].values:
        said[0].values["code"] = HIDDEN
    body = said[0].alone if len(said) == 1 else _together(message, said, wordings, settings)
    if message.channel is Channel.EMAIL and message.participant_id:
        body += "\n\n" + _filling(message, FOOT, {}, wordings, settings).alone
    text = Text(said[0].subject, body, said[0].template.language)
    _refuse_revealing(message, text, settings)
    return text


def present_language(message: Message) -> str:
    """The language of its person as it is now: what was queued in another follows."""
    return (message.participant and message.participant.language) or message.language


def _carried(message: Message) -> list[tuple[str, dict[str, Any]]]:
    """What the message carries: the name of each text and the values it was queued with."""
    first = (message.template, json.loads(message.values or "{}"))
    return [first, *((name, given) for name, given in json.loads(message.more or "[]"))]


def _filling(
    message: Message, name: str, given: dict[str, Any], wordings: Wordings, settings: Settings
) -> Filling:
    template = load_template(present_language(message), name, wordings)
    language = language_of(template.language)
    values = given | {
        "known_as": _known_as(message),
        "public_name": settings.public_name,
        "phone": settings.office_phone,
    }
    return Filling(template, {key: say(each, language, settings) for key, each in values.items()})


def _known_as(message: Message) -> str:
    if message.participant:
        return message.participant.known_as
    return message.account.name if message.account else ""


def _together(message: Message, said: list[Filling], wordings: Wordings, settings: Settings) -> str:
    """One greeting, then each text, shorter than it is alone."""
    greeting = _filling(message, SEVERAL, {}, wordings, settings).alone
    gap = "\n\n" if message.channel is Channel.EMAIL else "\n"
    return gap.join([greeting, *(each.with_others for each in said)])


def _refuse_revealing(message: Message, text: Text, settings: Settings) -> None:
    """A word may have come in with what was filled in, such as the name of a group."""
    if message.participant_id is None:
        return
    seen = "\n".join((message.sender_name, text.subject, text.body))
    if found := revealing_words(_without_what_is_theirs(seen, message, settings)):
        raise TemplateError(f"It would say “{found[0]}”, which tells why we know the family.")


def _without_what_is_theirs(seen: str, message: Message, settings: Settings) -> str:
    """What somebody is called, and the keys of links, may look like any word."""
    named = re.sub(rf"(?<!\w){re.escape(_known_as(message))}(?!\w)", " ", seen)
    return re.sub(rf"{re.escape(settings.link_base)}\S*", settings.link_base, named)
