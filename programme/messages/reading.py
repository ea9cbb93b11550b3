"""One message as staff read it, with the exact text. Reading it leaves a trace."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.messages.actions import can_ring, can_send_by_hand, can_stop
from programme.messages.models import Message
from programme.messages.outbox import next_to_send
from programme.messages.reaching import settings
from programme.messages.rendering import Text, render
from programme.messages.rows import Row, row_of
from programme.messages.rules import WAITING
from programme.messages.segments import count_segments
from programme.messages.templates import LINK, TemplateError
from programme.messages.wanted import is_still_wanted, unwanted_texts
from programme.people.rules import Channel


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `url` when it can be followed."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Reading:
    """A message with its text. `note` says what is particular about it, or why there is none."""

    row: Row
    subject: str
    text: str
    lines: list[list[Piece]]
    note: str
    phone: str
    sent_by: str
    can_send_by_hand: bool
    can_stop: bool
    can_ring: bool
    sms_url: str
    """Opens the text in the messages of a phone, ready to be sent; empty when not to be sent."""
    next_id: int | None
    """The next message to send from a phone, and in `left` how many there are with this one."""
    left: int


def read_message(message: Message, *, by: Viewer, at: datetime) -> Reading:
    """Show a message to somebody, and write down that they read it."""
    audit.record("read message", message, by=by, at=at)
    text, problem = _text(message, at)
    asks_for_a_phone = can_ring(message) or can_send_by_hand(message, at)
    person = message.participant if asks_for_a_phone else None
    may_send = can_send_by_hand(message, at)
    phone = (person and (message.address or person.phone)) or ""
    next_id, left = next_to_send(by, at, after=message.id) if may_send else (None, 0)
    return Reading(
        row=row_of(message, at),
        subject=text.subject if message.channel is Channel.EMAIL else "",
        text=text.body,
        lines=[_pieces(line) for line in text.body.split("\n") if line],
        note=problem or _note(message, text, at),
        phone=phone,
        sent_by=message.sent_by or "",
        can_send_by_hand=may_send,
        can_stop=can_stop(message),
        can_ring=can_ring(message),
        sms_url=_sms_url(phone, text) if may_send else "",
        next_id=next_id,
        left=left,
    )


def _sms_url(phone: str, text: Text) -> str:
    """RFC 5724; `?&` is understood by the phones of both makers."""
    return f"sms:{phone}?&body={quote(text.body)}" if phone and text.body else ""


def _text(message: Message, at: datetime) -> tuple[Text, str]:
    """What was said, or what would be said if it were sent now. A code is shown only to
    whoever has to pass it on, while it can be used."""
    if message.text is not None:
        return Text(message.subject or "", message.text), ""
    if message.forgotten_at:
        return Text("", ""), "The text was deleted: we keep what messages said for 90 days."
    try:
        hides_code = not can_send_by_hand(message, at)
        without = unwanted_texts(message, at)
        return render(message, settings(), without=without, hides_code=hides_code), ""
    except TemplateError as problem:
        return Text("", ""), str(problem)


def _note(message: Message, text: Text, at: datetime) -> str:
    if message.state not in WAITING:
        return "" if message.text is not None else "This is what it would have said."
    if not is_still_wanted(message, at):
        return "It is no longer wanted, and will not be sent."
    segments = count_segments(text.body)
    if message.channel is not Channel.EMAIL and segments > 1:
        return f"It takes {segments} text messages."
    return "This is what it says if it is sent now."


def _pieces(text: str) -> list[Piece]:
    """In the demonstration, links can be opened as a parent would, at whatever address and port
    it is looked at."""
    if not settings().demonstration:
        return [Piece(text)]
    ours = settings().link_base
    pieces, end = [], 0
    for match in LINK.finditer(text):
        pieces += [Piece(text[end : match.start()]), Piece(match[0], match[0].removeprefix(ours))]
        end = match.end()
    return [*pieces, Piece(text[end:])]
