"""Preparing messages to be sent: whether each is still wanted, safe and in time, and its text.

Some at a time, in a few queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.access.links import generations_known
from programme.access.rules import Purpose
from programme.foundation.database import db
from programme.messages import queries
from programme.messages.attachments import attachments_of
from programme.messages.carried import links_in, values_of
from programme.messages.links import personal_link
from programme.messages.models import Message
from programme.messages.reaching import Route, routes, settings
from programme.messages.rendering import Text, present_language, render
from programme.messages.rules import (
    ASKED_JUST_NOW,
    RETRY_FOR,
    NotAgreed,
    NotSafe,
    State,
    is_within_hours,
    next_opening,
)
from programme.messages.templates import TemplateError, Wordings
from programme.messages.transport import Attachment, Letter
from programme.messages.wanted import leave_out, unwanted_among, waits_as_it_is
from programme.messages.wordings import wordings_for
from programme.people.rules import Channel

LOOKS_AGAIN = timedelta(minutes=5)
"""How often a message that waits is asked about."""
TOO_LATE = "It was too late for it to be of use."
NOT_WANTED = "It was no longer wanted."
NO_SAFE_TIME = "There was no safe time to send it while it was of use."


class NotNeeded(Exception):
    """A message that comes to nothing, and why."""


@dataclass(frozen=True)
class Claim:
    """A row that this sender holds, until the lease ends or somebody counts another attempt."""

    message_id: int
    attempt: int


@dataclass(frozen=True)
class Known:
    """What was found out about some messages at once: by message, the texts that are not
    wanted any more; by participant, how they may be reached, or why not; by programme and
    language, the wordings of texts."""

    unwanted: Mapping[int, frozenset[int]]
    routes: Mapping[int, Route | NotSafe]
    wordings: Mapping[tuple[str, str], Wordings]

    def route_to(self, message: Message) -> Route:
        found = self.routes[message.participant_id or 0]
        if isinstance(found, NotSafe):
            raise found
        return found


def prepare(claims: Sequence[Claim], at: datetime) -> list[Letter]:
    """The letters of those that are still ours, wanted, safe and in time; commits."""
    messages = queries.held({each.message_id: each.attempt for each in claims})
    known, links = _find_out(messages, at), set[tuple[Purpose, int]]()
    for each in messages:
        links |= links_in(each) | {(Purpose.STOP, each.participant_id or 0)}
    with generations_known(links), db.session.no_autoflush:
        letters = [letter for each in messages if (letter := _ready(each, known, at))]
    db.session.commit()
    return letters


def _find_out(messages: Sequence[Message], at: datetime) -> Known:
    people = [each.participant for each in messages if each.participant]
    words = {_words_of(each) for each in messages}
    return Known(
        unwanted_among(messages, at),
        routes(people, at=at),
        {each: wordings_for(*each) for each in words},
    )


def _words_of(message: Message) -> tuple[str, str]:
    return message.wording or "", present_language(message)


def _ready(message: Message, known: Known, at: datetime) -> Letter | None:
    try:
        return _letter(message, known, at)
    except (NotNeeded, NotAgreed) as problem:
        message.state, message.reason = State.SKIPPED, str(problem)
    except (NotSafe, TemplateError) as problem:
        message.state, message.reason = State.FAILED, str(problem)
    return None


def _letter(message: Message, known: Known, at: datetime) -> Letter | None:
    if message.expires_at <= at:
        raise NotNeeded(TOO_LATE)
    unwanted = known.unwanted[message.id]
    if len(unwanted) == message.carries:
        _say_nothing(message, unwanted, at)
        return None
    if message.participant_id and not _may_go_now(message, known.route_to(message), at):
        return None
    leave_out(message, unwanted, at)
    wordings = known.wordings[_words_of(message)]
    text = render(message, settings(), without=unwanted, wordings=wordings)
    message.language = text.language
    return _addressed(message, text, _kept(message, text), attachments_of(message, at))


def _say_nothing(message: Message, unwanted: frozenset[int], at: datetime) -> None:
    if not waits_as_it_is(message, at):
        leave_out(message, unwanted, at)
        raise NotNeeded(NOT_WANTED)
    _put_back(message, at + LOOKS_AGAIN)


def _kept(message: Message, text: Text) -> str:
    """The body as we keep it. A text with a code always goes alone."""
    has_code = "code" in values_of(message, 0)
    return render(message, settings(), hides_code=True).body if has_code else text.body


def _may_go_now(message: Message, route: Route, at: datetime) -> bool:
    """Follow what is safe for a participant today; staff can be written to at any hour."""
    zone = settings().zone
    message.channel = message.channel if message.address else route.channel
    if message.channel in queries.BY_PERSON:
        message.state, message.next_try_at = State.QUEUED, at
        message.attempts = 0  # nobody rang or printed yet
        return False
    if message.template in ASKED_JUST_NOW or is_within_hours(
        at, route.from_hour, route.until_hour, zone
    ):
        return True
    _postpone(message, next_opening(at, route.from_hour, zone))
    return False


def _postpone(message: Message, until: datetime) -> None:
    if until >= message.expires_at:
        raise NotNeeded(NO_SAFE_TIME)
    _put_back(message, until)


def _put_back(message: Message, until: datetime) -> None:
    """Nothing was tried, so this was no attempt."""
    message.state, message.next_try_at = State.QUEUED, until
    message.attempts -= 1


def _addressed(
    message: Message, text: Text, kept: str, attachments: tuple[Attachment, ...]
) -> Letter:
    return Letter(
        message_id=message.id,
        attempt=message.attempts,
        key=message.key,
        channel=message.channel,
        to=_address(message),
        language=message.language,
        subject=text.subject,
        body=text.body,
        kept=kept,
        sender_name=message.sender_name,
        give_up_at=min(message.expires_at, message.due_at + RETRY_FOR),
        stop_url=_stop_url(message),
        attachments=attachments,
    )


def _stop_url(message: Message) -> str:
    if message.participant_id is None or message.channel is not Channel.EMAIL:
        return ""
    return personal_link(Purpose.STOP, message.participant_id, base=settings().link_base)


def _address(message: Message) -> str:
    if message.account:
        return message.account.email
    person = message.participant
    found = message.address or (
        person and (person.email if message.channel is Channel.EMAIL else person.phone)
    )
    return found or ""
