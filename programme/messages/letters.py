"""Letters that somebody prints and posts: which wait, which are printed, and what stops one.

No address is shown: it stands on the printed letter alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo, say_day
from programme.messages.labels import label_of
from programme.messages.models import Message
from programme.messages.reaching import check_address, check_agreed, post_by, settings
from programme.messages.rules import NotSafe, State
from programme.people.models import FirstConversation, Participant
from programme.people.queries import is_kept_apart_at_home, latest_consents
from programme.people.rules import Channel, ConsentPurpose

PRINTED = (State.SENDING, State.UNCERTAIN)
Asked = Select[*tuple[Any, ...]]
Found = Row[*tuple[Any, ...]]
"""A message, what was agreed, the answer about messages, whether somebody is to be kept apart."""


@dataclass(frozen=True)
class LetterRow:
    """One letter on the list. `post_by`: the last day on which it arrives in time."""

    id: int
    known_as: str
    what: str
    post_by: date
    is_large: bool
    stopped_because: str


@dataclass(frozen=True)
class Run:
    """Letters that were printed together, and not all said to be posted."""

    printed_at: datetime
    is_unsure: bool
    letters: tuple[LetterRow, ...]


@dataclass(frozen=True)
class LetterPage:
    """Everything on the page of letters."""

    to_print: tuple[LetterRow, ...]
    stopped: tuple[LetterRow, ...]
    runs: tuple[Run, ...]


def letter_page(viewer: Viewer, at: datetime) -> LetterPage:
    """The letters that the viewer may print, and those that were. Two queries, however many."""
    waiting = [_row(found, at) for found in db.session.execute(_waiting(viewer, at)).all()]
    printed = db.session.execute(_printed(viewer)).all()
    return LetterPage(
        to_print=tuple(row for row in waiting if not row.stopped_because),
        stopped=tuple(row for row in waiting if row.stopped_because),
        runs=tuple(_runs(printed)),
    )


def letters_to_print(viewer: Viewer, ids: Iterable[int], at: datetime) -> Sequence[Found]:
    """Those of these letters that still wait, held until the transaction ends."""
    return _held(_waiting(viewer, at).where(Message.id.in_(ids)))


def printed_letters(viewer: Viewer, ids: Iterable[int]) -> list[Message]:
    """Those of these letters that are printed and not yet posted, held likewise."""
    return [found[0] for found in _held(_printed(viewer).where(Message.id.in_(ids)))]


def stopped_because(found: Found, on: date) -> str:
    """Why a letter may not go, as the facts stand now; empty when it may."""
    message, agreed, agrees, is_kept_apart = found
    person = message.participant
    try:
        if check_agreed(agreed, bool(agrees), on).channel is not Channel.POST:
            return "They asked to be reached another way now."
        check_address(person, is_kept_apart=is_kept_apart)
    except NotSafe as problem:
        return problem.reason
    late = on > post_by(person.household.postcode, message.expires_at)
    return "A letter would arrive too late: ring them." if late else ""


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """How many letters to print, by when, and which were printed and perhaps not posted."""
    if not viewer.can(Permission.PACK_PARCELS):
        return []
    count, first = func.count(Message.id), func.min(Message.expires_at)
    counted = _within(viewer).with_only_columns(count, first).order_by(None)
    waiting, expires = db.session.execute(counted.where(_is_waiting(at))).one()
    unsure = counted.where(Message.state == State.UNCERTAIN)
    unsure_count, _ = db.session.execute(unsure).one()
    found = [_to_print(waiting, expires), _was_it_posted(unsure_count)]
    return [item for item in found if item]


def _to_print(count: int, expires: datetime | None) -> ToDo | None:
    if not count or expires is None:
        return None
    day = post_by(None, expires)
    return ToDo(
        title=f"{_letters(count)} to print and post",
        fact=f"The first must go by {say_day(day, settings().zone)}.",
        action="Print",
        url="/letters",
        tone="soon",
        due=day,
    )


def _was_it_posted(count: int) -> ToDo | None:
    if not count:
        return None
    fact = "Printed, and nobody said more. Nothing is printed again by itself."
    title = f"{_letters(count)}: posted or not?"
    return ToDo(title=title, fact=fact, action="Say which", url="/letters", tone="wrong")


def _letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"


def _waiting(viewer: Viewer, at: datetime) -> Asked:
    return _with_facts(_within(viewer).where(_is_waiting(at)).order_by(Message.expires_at))


def _is_waiting(at: datetime) -> ColumnElement[bool]:
    is_queued = Message.state == State.QUEUED
    return and_(is_queued, Message.due_at <= at, Message.expires_at > at)


def _printed(viewer: Viewer) -> Asked:
    return _with_facts(
        _within(viewer).where(Message.state.in_(PRINTED)).order_by(Message.begun_at, Message.id)
    )


def _within(viewer: Viewer) -> Select[Message]:
    scope = viewer.scope(Permission.PACK_PARCELS)
    asked = select(Message).join(Participant, Participant.id == Message.participant_id)
    ours = scope.where(partner=Participant.partner_id)
    return asked.where(Message.channel == Channel.POST, ours)


def _with_facts(letters: Select[Message]) -> Asked:
    """Each letter with what was agreed, the answer about messages, and whom to keep apart."""
    agrees = latest_consents(ConsentPurpose.MESSAGES).subquery()
    return (
        letters.outerjoin(FirstConversation, FirstConversation.participant_id == Participant.id)
        .outerjoin(agrees, agrees.c.participant_id == Participant.id)
        .join(Participant.household)
        .add_columns(FirstConversation, agrees.c.is_given, is_kept_apart_at_home())
        .options(contains_eager(Message.participant).contains_eager(Participant.household))
    )


def _held(asked: Asked) -> Sequence[Found]:
    held = asked.with_for_update(of=Message).execution_options(populate_existing=True)
    return db.session.execute(held).all()


def _row(found: Found, at: datetime) -> LetterRow:
    message, on = found[0], local(at, settings().zone).date()
    person = message.participant
    return LetterRow(
        id=message.id,
        known_as=person.known_as,
        what=label_of(message),
        post_by=post_by(person.household.postcode, message.expires_at),
        is_large=person.large_print,
        stopped_because=stopped_because(found, on),
    )


def _runs(printed: Sequence[Found]) -> Iterable[Run]:
    for at, together in groupby(printed, key=lambda found: found[0].begun_at):
        letters = list(together)
        unsure = any(found[0].state is State.UNCERTAIN for found in letters)
        yield Run(at, unsure, tuple(_row(found, at) for found in letters))
