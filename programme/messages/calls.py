"""Calls to make: who is to be rung, when it is safe, and the card of one of them."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_moment
from programme.messages.labels import label_of
from programme.messages.models import Message
from programme.messages.outbox import visible_to
from programme.messages.reaching import safe_hours, safe_route, settings
from programme.messages.rendering import render
from programme.messages.rules import NotSafe, State, is_within_hours
from programme.messages.templates import LINK, TemplateError
from programme.messages.wanted import is_still_wanted, unwanted_texts
from programme.people.models import FirstConversation, Participant
from programme.people.rules import Channel

INSTEAD_OF_A_LINK = {
    "my_group": "The link to their own page cannot be said. Tell them the day and the time, and "
    "ask whether you may send the link another way.",
    "questionnaire": "The questions open by a link that cannot be said. Ask how they would like "
    "to get them, or when it suits to go through them together.",
}
SPOKEN_LINK = "(a link: see below)"


@dataclass(frozen=True)
class CallRow:
    """One call on the list. `from_hour`, `until_hour`: when it is safe, today and every day."""

    id: int
    known_as: str
    what: str
    expires_at: datetime
    again_at: datetime | None
    """From when on to try again; None when it can be now."""
    from_hour: int
    until_hour: int
    tries: int
    may_leave_voicemail: bool


@dataclass(frozen=True)
class CallList:
    """Whom to ring now, and whom at another time of the day or later."""

    now: tuple[CallRow, ...]
    later: tuple[CallRow, ...]


@dataclass(frozen=True)
class CallCard:
    """One person to ring. `number` is empty, and `not_now` says why, when it is not safe."""

    row: CallRow
    number: str
    not_now: str
    say: tuple[str, ...]
    instead: tuple[str, ...]
    who_must_not_know: str
    can_stop: bool


def call_list(viewer: Viewer, at: datetime) -> CallList:
    """The calls that the viewer may make. One query, however many."""
    agreed = FirstConversation.participant_id == Message.participant_id
    waiting = visible_to(viewer).where(_is_due(at)).join(FirstConversation, agreed)
    asked = waiting.add_columns(Participant.known_as, FirstConversation)
    found = db.session.execute(asked.order_by(Message.expires_at, Message.id))
    rows = [_row(message, known_as, talk, at) for message, known_as, talk in found]
    now = tuple(row for row in rows if row.again_at is None and _is_safe(row, at))
    return CallList(now, tuple(row for row in rows if row not in now))


def open_card(message: Message, *, by: Viewer, at: datetime) -> CallCard:
    """Somebody's card, with what to say; that somebody saw the number is written down."""
    person = message.participant
    assert person is not None
    talk = person.conversation
    not_now = _not_now(message, person, at)
    number = "" if not_now else person.phone or ""
    audit.record("saw number" if number else "read message", message, by=by, at=at)
    say, problem = _script(message, at, hides_code=bool(not_now))
    return CallCard(
        row=_row(message, person.known_as, talk, at),
        number=number,
        not_now=not_now or problem,
        say=say,
        instead=_instead(message),
        who_must_not_know=(talk and talk.who_must_not_know) or "",
        can_stop=message.state is State.QUEUED,
    )


def spoken(message: Message, at: datetime, *, hides_code: bool) -> str:
    """What to say, without links, which cannot be said.

    `hides_code`: as it is kept, or shown to whoever should not ring now.

    Raises:
        TemplateError: the text cannot be made.
    """
    without = unwanted_texts(message, at)
    text = render(message, settings(), without=without, hides_code=hides_code)
    return LINK.sub(SPOKEN_LINK, text.body)


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """How many calls are to be made now, and by when the first."""
    if not viewer.can(Permission.SEE_OUTBOX):
        return []
    counted = visible_to(viewer).where(_is_due(at), Message.next_try_at <= at)
    columns = (func.count(Message.id), func.min(Message.expires_at))
    count, expires = db.session.execute(counted.with_only_columns(*columns)).one()
    if not count:
        return []
    zone = settings().zone
    item = ToDo(
        title="1 call to make" if count == 1 else f"{count} calls to make",
        fact=f"They asked to be rung. The first by {say_moment(expires, zone)}.",
        action="Ring",
        url="/calls",
        tone="soon",
        due=local(expires, zone).date(),
    )
    return [item]


def _is_due(at: datetime) -> ColumnElement[bool]:
    is_call = and_(Message.channel == Channel.PHONE, Message.state == State.QUEUED)
    return and_(is_call, Message.due_at <= at, Message.expires_at > at)


def _row(message: Message, known_as: str, talk: FirstConversation | None, at: datetime) -> CallRow:
    from_hour, until_hour = safe_hours(talk) if talk else (0, 0)
    return CallRow(
        id=message.id,
        known_as=known_as,
        what=label_of(message),
        expires_at=message.expires_at,
        again_at=message.next_try_at if message.next_try_at > at else None,
        from_hour=from_hour,
        until_hour=until_hour,
        tries=message.attempts,
        may_leave_voicemail=bool(talk and talk.may_leave_voicemail),
    )


def _is_safe(row: CallRow, at: datetime) -> bool:
    return is_within_hours(at, row.from_hour, row.until_hour, settings().zone)


def _not_now(message: Message, person: Participant, at: datetime) -> str:
    """Why nobody should ring this person now, in a sentence; empty when it is safe."""
    if message.state is not State.QUEUED or message.expires_at <= at:
        return "This call is not to be made any more."
    if not is_still_wanted(message, at):
        return "The plan is paused, or it is no longer their turn. Do not ring now."
    try:
        route = safe_route(person, at=at)
    except NotSafe as problem:
        return problem.reason
    if route.channel is not Channel.PHONE:
        return "They asked to be reached another way now. It goes that way in a minute."
    if is_within_hours(at, route.from_hour, route.until_hour, settings().zone):
        return ""
    return (
        f"It is not safe to ring now. Ring between {route.from_hour}.00 and {route.until_hour}.00."
    )


def _script(message: Message, at: datetime, *, hides_code: bool) -> tuple[tuple[str, ...], str]:
    try:
        return tuple(filter(None, spoken(message, at, hides_code=hides_code).split("\n"))), ""
    except TemplateError as problem:
        return (), str(problem)


def _instead(message: Message) -> tuple[str, ...]:
    """What the caller can do about each link of the text."""
    given = [json.loads(message.values or "{}")]
    given += [values for _, values in json.loads(message.more or "[]")]
    purposes = [
        value["link"]
        for values in given
        for value in values.values()
        if isinstance(value, dict) and "link" in value
    ]
    known = (INSTEAD_OF_A_LINK.get(purpose) for purpose in dict.fromkeys(purposes))
    return tuple(filter(None, known))
