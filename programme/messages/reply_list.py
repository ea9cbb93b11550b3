"""What staff see of replies: the list, one of them, and what waits on Today."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.messages.mail_in import ASKED, READ
from programme.messages.models import ClockTick, Reply
from programme.messages.reaching import settings
from programme.messages.replies import people_at
from programme.messages.rules import Wants
from programme.people.models import Participant
from programme.people.phones import say_phone
from programme.people.rules import Channel

ON_A_PAGE = 50
NAMED = 3
"""How many people Today names before it only counts."""
CLOSED_AFTER = timedelta(hours=6)
SOMEBODY = "somebody"
WANTS_LABELS = {
    Wants.STOP: "Wants no more messages",
    Wants.START: "May want messages again",
    Wants.ANSWER: "Wrote back",
}


@dataclass(frozen=True)
class ReplyRow:
    """A reply in the list, without what it says."""

    id: int
    known_as: str
    wants: str
    channel: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class Page:
    """A page of the list, what nobody has read yet first. `older`: the next page, or None."""

    rows: list[ReplyRow]
    older: int | None


@dataclass(frozen=True)
class OpenReply:
    """One reply, read. `sharing`: who else has this number or address; `text` is empty when
    there was none, or it was deleted."""

    row: ReplyRow
    participant_id: int | None
    sender: str
    phone: str
    lines: list[str]
    note: str
    sharing: str
    stopped: bool
    asks_to_start: bool


def list_replies(viewer: Viewer, *, page: int = 1) -> Page:
    """The replies that the viewer may see, unread ones first, then the newest."""
    asked = visible_to(viewer).order_by(Reply.read_at.is_not(None), Reply.id.desc())
    asked = asked.options(_WITH_NAME).limit(ON_A_PAGE + 1).offset((max(page, 1) - 1) * ON_A_PAGE)
    found = db.session.scalars(asked).all()
    return Page([_row(reply) for reply in found[:ON_A_PAGE]], page + 1 if _is_more(found) else None)


def find_reply(viewer: Viewer, reply_id: int, *, to_change: bool = False) -> Reply | None:
    """One reply, if the viewer may see it."""
    asked = visible_to(viewer).where(Reply.id == reply_id)
    if to_change:
        return db.session.scalar(asked.with_for_update(of=Reply))
    return db.session.scalar(asked.options(_WITH_NAME))


def visible_to(viewer: Viewer) -> Select[Reply]:
    """Replies of people in the viewer's scope; those of nobody known, for those who see all."""
    scope = viewer.scope(Permission.SEE_OUTBOX)
    asked = select(Reply).outerjoin(Participant, Participant.id == Reply.participant_id)
    return asked.where(scope.where(partner=Participant.partner_id))


def read_reply(reply: Reply, *, by: Viewer, at: datetime) -> OpenReply:
    """Show a reply to somebody, and write down that they read it."""
    audit.record("read reply", reply, by=by, at=at)
    people = [] if reply.participant_id else people_at(reply.channel, reply.sender)
    is_text = reply.channel is Channel.SMS
    return OpenReply(
        row=_row(reply),
        participant_id=reply.participant_id,
        sender=say_phone(reply.sender) if is_text else reply.sender,
        phone=(reply.participant and reply.participant.phone) or "",
        lines=[line for line in (reply.text or "").split("\n") if line],
        note=_note(reply),
        sharing=" and ".join(dict.fromkeys(person.known_as for person in people)),
        stopped=reply.wants is Wants.STOP and bool(reply.participant_id or people),
        asks_to_start=reply.wants is Wants.START,
    )


def todo(viewer: Viewer, _at: datetime) -> list[ToDo]:
    """Who wrote back and waits for a person; and a mailbox that cannot be read."""
    if not viewer.can(Permission.SEE_OUTBOX):
        return []
    unread = visible_to(viewer).where(Reply.read_at.is_(None)).order_by(Reply.id)
    columns = unread.with_only_columns(Reply.id, Reply.wants, Participant.known_as)
    waiting: dict[Wants, list[tuple[int, str]]] = defaultdict(list)
    for reply_id, wants, name in db.session.execute(columns.limit(ON_A_PAGE)):
        waiting[wants].append((reply_id, name or SOMEBODY))
    found = [_to_read(wants, waiting[wants]) for wants in Wants if waiting[wants]]
    return [*found, *_mailbox_closed()]


_FACTS = {
    Wants.STOP: ("no more messages", "It is stopped already. Ring to hear if they still come."),
    Wants.START: ("may want messages again", "Nothing starts by itself: ring and ask them."),
    Wants.ANSWER: ("wrote back", "Read it, and answer in the way you agreed with them."),
}


def _to_read(wants: Wants, waiting: Sequence[tuple[int, str]]) -> ToDo:
    what, fact = _FACTS[wants]
    names = list(dict.fromkeys(name for _, name in waiting))
    who = " and ".join(names) if len(names) <= NAMED else f"{len(names)} people"
    if wants is Wants.STOP:
        what = f"{'wants' if len(names) == 1 else 'want'} {what}"
    url = f"/replies/{waiting[0][0]}" if len(waiting) == 1 else "/replies"
    title = f"{who[0].upper()}{who[1:]} {what}"
    return ToDo(title=title, fact=fact, action="Read", url=url, tone="soon")


def _mailbox_closed() -> list[ToDo]:
    """Without it nobody learns that an address is wrong, or that somebody wants to stop."""
    ours = settings()
    if ours.demonstration or not (ours.bounce_host or ours.bounce_maildir):
        return []
    asked = select(ClockTick).where(ClockTick.job.in_((ASKED, READ)))
    noted = {tick.job: tick.at for tick in db.session.scalars(asked)}
    was_read = noted.get(READ)
    if ASKED not in noted or (was_read and real_now() - was_read < CLOSED_AFTER):
        return []
    fact = "Nobody learns what came back, nor who wants to stop. Check the settings for `bounce_`."
    return [ToDo(title="The mailbox does not open", fact=fact, action="See the outbox",
                 url="/outbox", tone="wrong")]  # fmt: skip


def _row(reply: Reply) -> ReplyRow:
    return ReplyRow(
        id=reply.id,
        known_as=reply.participant.known_as if reply.participant else SOMEBODY.capitalize(),
        wants=WANTS_LABELS[reply.wants],
        channel="Text message" if reply.channel is Channel.SMS else "E-mail",
        at=reply.at,
        is_read=reply.read_at is not None,
    )


def _note(reply: Reply) -> str:
    if reply.text is None:
        return "The text was deleted: we keep what people wrote for 90 days."
    if reply.text:
        return ""
    return (
        "They wrote nothing."
        if reply.sender
        else "They pressed the button to stop, below an e-mail."
    )


def _is_more(found: Sequence[Reply]) -> bool:
    return len(found) > ON_A_PAGE


_WITH_NAME = contains_eager(Reply.participant)
