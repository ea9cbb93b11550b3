"""Printing letters and saying what became of them.

A letter is printed at most once by itself: from printing on it is in somebody's hands, and
only they can say that it was posted, or put it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.clock import local
from programme.foundation.web import Refusal
from programme.messages.letters import Found, letters_to_print, printed_letters, stopped_because
from programme.messages.models import Message
from programme.messages.papers import Paper, draw_letters, paper_of
from programme.messages.reaching import settings
from programme.messages.rendering import render
from programme.messages.rules import State
from programme.messages.templates import TemplateError
from programme.messages.wanted import leave_out, unwanted_texts

LEASE = timedelta(hours=24)
"""How long somebody has to print, pack and post before we ask whether they did."""
NOT_WANTED = "It was no longer wanted."


@dataclass(frozen=True)
class PrintRun:
    """One file of letters, and a sentence for each that was left out."""

    pdf: bytes
    count: int
    left_out: tuple[str, ...]


def print_letters(ids: Iterable[int], *, by: Viewer, at: datetime) -> PrintRun:
    """Draw these letters, and take down that they are now in somebody's hands.

    Raises:
        Refusal: none of them can be printed.
    """
    left_out: list[str] = []
    papers: dict[int, Paper] = {}
    messages: dict[int, Message] = {}
    for found in letters_to_print(by, ids, at):
        try:
            papers[found[0].id] = _paper(found, at)
            messages[found[0].id] = found[0]
        except Refusal as refusal:
            left_out.append(f"{_name(found[0])}: {refusal}")
    drawn = draw_letters(papers, at)
    left_out += [f"{_name(messages[each])}: write this letter by hand." for each in drawn.undrawn]
    if not drawn.drawn:
        raise Refusal(" ".join(left_out) or "These letters were printed meanwhile. Look below.")
    for each in drawn.drawn:
        _begin(messages[each], papers[each], at)
    audit.record("printed letters", Message, by=by, at=at, messages=list(drawn.drawn))
    return PrintRun(drawn.pdf, len(drawn.drawn), tuple(left_out))


def mark_posted(ids: Iterable[int], *, by: Viewer, at: datetime) -> int:
    """Write down that printed letters were posted; say how many."""
    letters = printed_letters(by, ids)
    for message in letters:
        message.state, message.reason = State.SENT, None
        message.sent_at, message.sent_by = at, by.actor
        audit.record("posted letter", message, by=by, at=at)
    return len(letters)


def put_back(ids: Iterable[int], *, by: Viewer, at: datetime) -> int:
    """Let letters that were not printed after all wait again; say how many."""
    letters = printed_letters(by, ids)
    for message in letters:
        message.state, message.reason = State.QUEUED, None
        message.begun_at, message.next_try_at = None, at
        message.subject = message.text = None
        audit.record("put letter back", message, by=by, at=at)
    return len(letters)


def _paper(found: Found, at: datetime) -> Paper:
    """What to draw.

    Raises:
        Refusal: it may not go, or its text cannot be made.
    """
    message = found[0]
    if reason := stopped_because(found, local(at, settings().zone).date()):
        raise Refusal(reason)
    unwanted = unwanted_texts(message, at)
    leave_out(message, unwanted, at)
    if len(unwanted) == message.carries:
        message.state, message.reason = State.SKIPPED, NOT_WANTED
        raise Refusal("this letter is no longer wanted.")
    try:
        text = render(message, settings(), without=unwanted)
        return paper_of(message, text, settings())
    except TemplateError as problem:
        raise Refusal(str(problem)) from problem


def _begin(message: Message, paper: Paper, at: datetime) -> None:
    message.state, message.begun_at, message.next_try_at = State.SENDING, at, at + LEASE
    message.subject, message.text = paper.text.subject, paper.text.body
    message.attempts += 1


def _name(message: Message) -> str:
    return message.participant.known_as if message.participant else ""
