"""What came of a call: said, no answer, or to ring back."""

from datetime import datetime, timedelta

from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.clock import instant
from programme.foundation.web import Refusal, say_moment
from programme.messages.calls import spoken
from programme.messages.models import Message
from programme.messages.reaching import safe_hours, settings
from programme.messages.rules import State, is_within_hours, next_opening
from programme.messages.templates import TemplateError
from programme.messages.wanted import leave_out, unwanted_texts
from programme.people.rules import Channel

TRY_AGAIN_AFTER = timedelta(hours=2)


def mark_said(message: Message, *, by: Viewer, at: datetime) -> None:
    """Write down that somebody rang and said it, and what that was.

    Raises:
        Refusal: the call is not waiting.
    """
    check_waits(message)
    try:
        message.text = spoken(message, at, hides_code=True)
    except TemplateError as problem:
        raise Refusal(str(problem)) from problem
    leave_out(message, unwanted_texts(message, at), at)
    message.state, message.sent_at, message.sent_by = State.SENT, at, by.actor
    audit.record("rang", message, by=by, at=at)


def note_no_answer(message: Message, *, by: Viewer, at: datetime) -> None:
    """Count a try, and put the call off until it is safe to ring again while it is of use.

    Raises:
        Refusal: the call is not waiting.
    """
    check_waits(message)
    again = _next_safe(message, at + TRY_AGAIN_AFTER)
    message.attempts += 1
    message.next_try_at = again if again < message.expires_at else at
    audit.record("no answer", message, by=by, at=at, tries=message.attempts)


def ring_back(message: Message, wall: datetime, *, by: Viewer, at: datetime) -> None:
    """Put a call off until a time that suits, given as clocks at the charity show it.

    Raises:
        Refusal: the call is not waiting, or the time will not do.
    """
    check_waits(message)
    when = instant(wall, settings().zone)
    if when <= at:
        raise Refusal("That time has passed. Choose a later one.")
    if when >= message.expires_at:
        last = say_moment(message.expires_at, settings().zone)
        raise Refusal(f"It is of use only until {last}. Choose an earlier time.")
    from_hour, until_hour = _hours(message)
    if not is_within_hours(when, from_hour, until_hour, settings().zone):
        raise Refusal(f"It is safe to ring between {from_hour}.00 and {until_hour}.00 only.")
    message.next_try_at = when
    audit.record("will ring back", message, by=by, at=at)


def check_waits(message: Message) -> None:
    """Whether the call is still to be made.

    Raises:
        Refusal: it is not.
    """
    if not waits(message):
        raise Refusal("This call is not waiting any more. Somebody else may have made it.")


def waits(message: Message) -> bool:
    """Whether the call is still to be made."""
    return message.channel is Channel.PHONE and message.state is State.QUEUED


def _next_safe(message: Message, wanted: datetime) -> datetime:
    from_hour, until_hour = _hours(message)
    if is_within_hours(wanted, from_hour, until_hour, settings().zone):
        return wanted
    return next_opening(wanted, from_hour, settings().zone)


def _hours(message: Message) -> tuple[int, int]:
    talk = message.participant and message.participant.conversation
    return safe_hours(talk) if talk else (0, 0)
