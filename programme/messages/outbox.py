"""What staff see of the outbox: the list, one message, what needs doing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, load_only

from programme.access.models import Account
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.messages.alarms import alarms, stuck
from programme.messages.models import Message
from programme.messages.rules import NEEDS_A_PERSON, WAITING, State
from programme.people.models import Participant
from programme.people.rules import Channel

ON_A_PAGE = 50
READY = "ready"
ATTENTION = "attention"
STATE_LABELS = {
    READY: "For you to send",
    ATTENTION: "Needs a person",
    State.QUEUED: "Waiting",
    State.SENDING: "On its way",
    State.SENT: "Sent",
    State.DELIVERED: "Delivered",
    State.FAILED: "Not sent",
    State.BOUNCED: "Came back",
    State.UNCERTAIN: "May have been sent",
    State.SKIPPED: "Left out",
    State.STOPPED: "Stopped",
}
TONES = {READY: "soon", State.QUEUED: "plain", State.SENDING: "live", State.SENT: "done"}
TONES |= {State.DELIVERED: "done", State.SKIPPED: "quiet", State.STOPPED: "quiet"}
TONES |= dict.fromkeys(NEEDS_A_PERSON, "wrong")
CHANNEL_LABELS = {
    Channel.EMAIL: "E-mail",
    Channel.SMS: "Text message",
    Channel.BY_HAND: "I send it",
    Channel.PHONE: "Phone",
    Channel.POST: "Post",
}

TEMPLATE_LABELS = {
    "remind-day-before": "Reminder, the day before",
    "remind-hour-before": "Reminder, an hour before",
    "handout-ready": "This week’s handout",
    "questionnaire-open": "Questions to answer",
    "questionnaire-remind": "Questions, once more",
    "register-nudge": "Register not taken",
    "thanks": "Thank you",
}


@dataclass(frozen=True)
class Row:
    """One message in the list, without its text."""

    id: int
    to: str
    what: str
    template: str
    channel: str
    state: str
    state_label: str
    tone: str
    due_at: datetime
    sent_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Page:
    """A page of the list, newest first. `older`: where the next one begins, or None."""

    rows: list[Row]
    older: int | None


def list_messages(
    viewer: Viewer, *, at: datetime, state: str = "", name: str = "", before: int | None = None
) -> Page:
    """The messages that the viewer may see, of one state, to people known by a name like that."""
    asked = visible_to(viewer).where(_in_state(state, at), _named(name))
    if before:
        asked = asked.where(Message.id < before)
    asked = asked.options(*_LISTED).order_by(Message.id.desc()).limit(ON_A_PAGE + 1)
    found = db.session.scalars(asked).all()
    rows = [row_of(message, at) for message in found[:ON_A_PAGE]]
    return Page(rows, rows[-1].id if len(found) > ON_A_PAGE else None)


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


def row_of(message: Message, at: datetime) -> Row:
    """A message as the list shows it."""
    state = READY if is_ready(message, at) else message.state
    return Row(
        id=message.id,
        to=_name(message),
        what=_label_of(message),
        template=message.template,
        channel=CHANNEL_LABELS[message.channel],
        state=state,
        state_label=STATE_LABELS[state],
        tone=TONES[state],
        due_at=message.due_at,
        sent_at=message.sent_at,
        reason=message.reason,
    )


def is_ready(message: Message, at: datetime) -> bool:
    """Whether somebody should send it by hand now."""
    by_hand = message.channel is Channel.BY_HAND and message.state is State.QUEUED
    return by_hand and message.due_at <= at < message.expires_at


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
    return _item(count, "for you to send", fact, "Send", READY, "soon")


def _item(count: int, what: str, fact: str, action: str, state: str, tone: str) -> ToDo | None:
    if not count:
        return None
    title = f"{count} {'message' if count == 1 else 'messages'} {what}"
    return ToDo(title=title, fact=fact, action=action, url=f"/outbox?state={state}", tone=tone)


def _counts(viewer: Viewer, at: datetime) -> Select[int, int, int]:
    open_ones = visible_to(viewer).where(Message.state.in_((*WAITING, *NEEDS_A_PERSON)))
    return open_ones.with_only_columns(
        _count(_in_state(READY, at)).label("ready"),
        _count(_in_state(ATTENTION, at)).label("attention"),
        _count(stuck(at)).label("stuck"),
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _in_state(state: str, at: datetime) -> ColumnElement[bool]:
    if state == READY:
        in_time = and_(Message.due_at <= at, Message.expires_at > at)
        return and_(Message.channel == Channel.BY_HAND, Message.state == State.QUEUED, in_time)
    if state == ATTENTION:
        return Message.state.in_(NEEDS_A_PERSON)
    known = [item for item in State if item == state]
    return Message.state.in_(known or list(State))


def _named(name: str) -> ColumnElement[bool]:
    like = name.strip().lower()
    return or_(
        func.lower(Participant.known_as).contains(like, autoescape=True),
        func.lower(Account.name).contains(like, autoescape=True),
    )


def _label_of(message: Message) -> str:
    name = message.template
    label = TEMPLATE_LABELS.get(name) or name.replace("-", " ").capitalize()
    return f"{label}, and {message.carries - 1} more" if message.carries > 1 else label


def _name(message: Message) -> str:
    to = message.participant.known_as if message.participant else None
    return to or (message.account.name if message.account else "")


_LISTED = (
    load_only(
        *(Message.channel, Message.template, Message.carries, Message.state, Message.reason),
        *(Message.due_at, Message.sent_at, Message.expires_at),
    ),
    contains_eager(Message.participant).load_only(Participant.known_as),
    contains_eager(Message.account).load_only(Account.name),
)
