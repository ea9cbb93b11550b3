"""What somebody would be written, word by word, without writing it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from programme.access.models import Account
from programme.messages.models import Message
from programme.messages.reaching import settings
from programme.messages.rendering import render
from programme.messages.segments import count_segments
from programme.messages.templates import LINK, TemplateError
from programme.people.models import Participant
from programme.people.rules import CHANNEL_LABELS, Channel


@dataclass(frozen=True)
class Preview:
    """One text as it would be sent. `note` says what is particular about it."""

    to: str
    channel: str
    subject: str
    body: str
    note: str


def preview(
    to: Participant | Account,
    *,
    channel: Channel,
    template: str,
    values: Mapping[str, Any],
    sender_name: str,
    wording: str = "",
) -> Preview:
    """The text to one person. Of personal links only the beginning is shown: whoever has the
    whole of one is taken for the person it was made for."""
    name = to.known_as if isinstance(to, Participant) else to.name
    label = CHANNEL_LABELS[channel]
    try:
        text = render(_unsaved(to, channel, template, values, sender_name, wording), settings())
    except TemplateError as problem:
        return Preview(name, label, "", "", str(problem))
    subject = text.subject if channel is Channel.EMAIL else ""
    return Preview(name, label, subject, _without_links(text.body), _note(channel, text.body))


def _unsaved(
    to: Participant | Account,
    channel: Channel,
    template: str,
    values: Mapping[str, Any],
    sender_name: str,
    wording: str,
) -> Message:
    is_participant = isinstance(to, Participant)
    return Message(
        participant=to if is_participant else None,
        participant_id=to.id if is_participant else None,
        account=None if is_participant else to,
        channel=channel,
        language=to.language if isinstance(to, Participant) else "en",
        template=template,
        values=json.dumps(values),
        carries=1,
        sender_name=sender_name,
        wording=wording,
    )


def _without_links(body: str) -> str:
    return LINK.sub(settings().link_base.rstrip("/") + "/…", body)


def _note(channel: Channel, body: str) -> str:
    if channel is Channel.EMAIL:
        return ""
    count = count_segments(body)
    return "It fits one text message." if count == 1 else f"It takes {count} text messages."
