"""What people write back: kept once, sealed, and a wish to stop honoured at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.messages.came_back import address_index
from programme.messages.incoming.wishes import wants_of
from programme.messages.incoming.words import LONGEST_TEXT, Heard, plain
from programme.messages.models import Reply
from programme.messages.reaching import agrees_to_messages
from programme.messages.rules import LONGEST_ID, Wants
from programme.messages.stopping import everybody_who_is, stop_messages
from programme.people.imports.phones import normalise_phone
from programme.people.models import Participant
from programme.people.rules import Channel

LONGEST_SENDER = 320


def take_reply(heard: Heard, *, at: datetime) -> Reply | None:
    """Keep what somebody wrote back, and stop their messages if that is what they want.

    None: it was told before, and nothing follows from it again.
    """
    people = people_at(heard.channel, heard.sender)
    reply = Reply(
        channel=heard.channel,
        provider_id=plain(heard.provider_id)[:LONGEST_ID],
        participant_id=_the_one_of(people),
        sender=plain(heard.sender)[:LONGEST_SENDER],
        text=plain(heard.text.strip() or heard.subject)[:LONGEST_TEXT],
        wants=_wants(heard, people),
        at=at,
    )
    if not _keep(reply):
        return None
    if reply.wants is Wants.STOP:
        stop_messages(people, at=at)
    return reply


def stop_by_link(participant_id: int, *, at: datetime) -> None:
    """They pressed the button under an e-mail. Staff see it like a reply that says so."""
    people = everybody_who_is(participant_id)
    if not stop_messages(people, at=at):
        return
    reply = Reply(
        channel=Channel.EMAIL,
        provider_id=f"link:{participant_id}:{at.timestamp()}",
        participant_id=_the_one_of(people),
        sender="",
        text="",
        wants=Wants.STOP,
        at=at,
    )
    db.session.add(reply)


def mark_read(reply: Reply, *, by: Viewer, at: datetime) -> None:
    """Say that somebody read it and knows what to do. The first who did stays named."""
    if reply.read_at is None:
        reply.read_at, reply.read_by = at, by.actor
        audit.record("dealt with reply", reply, by=by, at=at)


def people_at(channel: Channel, sender: str) -> list[Participant]:
    """Everybody with that address or number, and every entry of theirs."""
    number = sender if channel is Channel.EMAIL else normalise_phone(sender)
    index = address_index(channel, number) if number else None
    if index is None:
        return []
    column = Participant.email_index if channel is Channel.EMAIL else Participant.phone_index
    found = db.session.scalars(select(Participant).where(column == index)).all()
    kept = {person.merged_into_id or person.id for person in found}
    entries = or_(Participant.id.in_(kept), Participant.merged_into_id.in_(kept))
    return list(db.session.scalars(select(Participant).where(entries).order_by(Participant.id)))


def _the_one_of(people: Sequence[Participant]) -> int | None:
    """Whose it is, when that is one person's and no other's."""
    kept = {person.merged_into_id or person.id for person in people}
    return kept.pop() if len(kept) == 1 else None


def _wants(heard: Heard, people: Sequence[Participant]) -> Wants:
    """ "Yes" from somebody who gets messages is an answer like any other."""
    wish = wants_of(heard.text, heard.subject)
    if wish is Wants.START and any(agrees_to_messages(person.id) for person in people):
        return Wants.ANSWER
    return wish


def _keep(reply: Reply) -> bool:
    """Whether it is new. Two processes may be told the same at the same moment."""
    same = select(Reply.id).filter_by(channel=reply.channel, provider_id=reply.provider_id)
    try:
        with db.session.begin_nested():
            db.session.add(reply)
    except IntegrityError:
        if db.session.scalar(same) is None:
            raise
        return False
    return True
