"""What staff see of the outbox: the list, one message, what needs doing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from programme.access.models import Account
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.messages.alarms import alarms, stuck
from programme.messages.labels import ATTENTION, READY
from programme.messages.models import Message
from programme.messages.queries import BY_PERSON
from programme.messages.rows import LISTED, Row, row_of
from programme.messages.rules import NEEDS_A_PERSON, WAITING, State
from programme.people.models import Participant
from programme.people.rules import Channel

ON_A_PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of the list, newest first. `older`: where the next one begins, or None."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which messages to list: of one state, by one channel, to people known by a name like that;
    empty for any. `before`: only those with a lower number."""

    state: str = ""
    channel: str = ""
    name: str = ""
    before: int | None = None


def list_messages(viewer: Viewer, wanted: Wanted, *, at: datetime) -> Page:
    """The messages that the viewer may see, newest first. One query, however many."""
    chosen = (_in_state(wanted.state, at), _by_channel(wanted.channel), _named(wanted.name))
    asked = visible_to(viewer).where(*chosen)
    if wanted.before:
        asked = asked.where(Message.id < wanted.before)
    asked = asked.options(*LISTED).order_by(Message.id.desc()).limit(ON_A_PAGE + 1)
    found = db.session.scalars(asked).all()
    rows = [row_of(message, at) for message in found[:ON_A_PAGE]]
    return Page(rows, rows[-1].id if len(found) > ON_A_PAGE else None)


def next_to_send(viewer: Viewer, at: datetime, *, after: int = 0) -> tuple[int | None, int]:
    """The message that somebody should send from their phone next, and how many there are.

    The one after that number, so that one left for later does not come back at once.
    """
    ready = visible_to(viewer).where(_in_state(READY, at), _by_channel(Channel.BY_HAND))
    ids = db.session.scalars(ready.with_only_columns(Message.id).order_by(Message.id)).all()
    later = (each for each in ids if each > after)
    return next(later, next((each for each in ids if each != after), None)), len(ids)


def find_message(viewer: Viewer, message_id: int, *, to_change: bool = False) -> Message | None:
    """One message with whom it is to, if the viewer may see it."""
    asked = visible_to(viewer).where(Message.id == message_id)
    if to_change:
        return db.session.scalar(asked.with_for_update(of=Message))
    people = (contains_eager(Message.participant), contains_eager(Message.account))
    return db.session.scalar(asked.options(*people))


def visible_to(viewer: Viewer) -> Select[Message]:
    """Messages to participants within the viewer's scope; to staff, for those who see all."""
    scope = viewer.scope(Permission.SEE_OUTBOX)
    participant = Message.participant_id == Participant.id
    account = Message.account_id == Account.id
    asked = select(Message).outerjoin(Participant, participant).outerjoin(Account, account)
    return asked.where(scope.where(partner=Participant.partner_id))


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """What the outbox needs somebody to do."""
    if not viewer.can(Permission.SEE_OUTBOX):
        return []
    counted = db.session.execute(_counts(viewer, at)).one()
    found = [
        *alarms(),
        _stuck(counted.stuck),
        _to_ring(counted.attention),
        _to_send(counted.ready),
    ]
    return [item for item in found if item]


def _stuck(count: int) -> ToDo | None:
    fact = "They should have left a quarter of an hour ago. Is the sender running?"
    return _item(count, "waiting too long", fact, "See which", State.QUEUED, "wrong")


def _to_ring(count: int) -> ToDo | None:
    fact = "Ring them instead, then say that you did."
    return _item(count, "that did not arrive", fact, "See whom", ATTENTION, "wrong")


def _to_send(count: int) -> ToDo | None:
    fact = "Copy each, send it from your phone, and tick it."
    return _item(count, "for you to send", fact, "Send", f"{READY}&channel=by_hand", "soon")


def _item(count: int, what: str, fact: str, action: str, state: str, tone: str) -> ToDo | None:
    if not count:
        return None
    title = f"{count} {'message' if count == 1 else 'messages'} {what}"
    return ToDo(title=title, fact=fact, action=action, url=f"/outbox?state={state}", tone=tone)


def _counts(viewer: Viewer, at: datetime) -> Select[int, int, int]:
    open_ones = visible_to(viewer).where(Message.state.in_((*WAITING, *NEEDS_A_PERSON)))
    return open_ones.with_only_columns(
        _count(and_(_in_state(READY, at), _by_channel(Channel.BY_HAND))).label("ready"),
        _count(and_(_in_state(ATTENTION, at), ~_is_unsure_letter())).label("attention"),
        _count(stuck(at)).label("stuck"),
    )


def _is_unsure_letter() -> ColumnElement[bool]:
    """Asked about where letters are printed."""
    return and_(Message.channel == Channel.POST, Message.state == State.UNCERTAIN)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _in_state(state: str, at: datetime) -> ColumnElement[bool]:
    if state == READY:
        in_time = and_(Message.due_at <= at, Message.expires_at > at)
        return and_(Message.channel.in_(BY_PERSON), Message.state == State.QUEUED, in_time)
    if state == ATTENTION:
        return Message.state.in_(NEEDS_A_PERSON)
    known = [item for item in State if item == state]
    return Message.state.in_(known or list(State))


def _by_channel(channel: str) -> ColumnElement[bool]:
    known = [item for item in Channel if item == channel]
    return Message.channel.in_(known or list(Channel))


def _named(name: str) -> ColumnElement[bool]:
    like = name.strip().lower()
    return or_(
        func.lower(Participant.known_as).contains(like, autoescape=True),
        func.lower(Account.name).contains(like, autoescape=True),
    )
