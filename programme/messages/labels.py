"""What staff call states, channels and texts, and how a message stands, in a sentence."""

from datetime import datetime

from programme.foundation.web import say_moment
from programme.messages.catalogue import every_text
from programme.messages.models import Message
from programme.messages.queries import BY_PERSON
from programme.messages.rules import NEEDS_A_PERSON, State
from programme.people.rules import Channel

READY = "ready"
ATTENTION = "attention"
STATE_LABELS = {
    READY: "For you to do",
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
READY_LABELS = {
    Channel.BY_HAND: "For you to send",
    Channel.PHONE: "For you to ring",
    Channel.POST: "To print and post",
}
BY_THEMSELVES = {
    State.QUEUED: "It leaves by itself when its time has come.",
    State.SENDING: "It is being handed over now.",
    State.SENT: "It left. Nothing was heard of it since.",
    State.DELIVERED: "It arrived.",
    State.FAILED: "It could not be sent.",
    State.BOUNCED: "It came back.",
    State.UNCERTAIN: "It may have arrived; it is never sent again by itself.",
    State.SKIPPED: "It was not needed.",
    State.STOPPED: "Somebody stopped it.",
}
BY_PEOPLE = {
    (Channel.BY_HAND, State.QUEUED): "Somebody copies it and sends it from their phone.",
    (Channel.PHONE, State.QUEUED): "Somebody rings and says it.",
    (Channel.POST, State.QUEUED): "Somebody prints and posts it.",
    (Channel.POST, State.SENDING): "It is printed. Say under Letters whether it was posted.",
    (Channel.BY_HAND, State.SENT): "Somebody sent it.",
    (Channel.PHONE, State.SENT): "Somebody rang and said it.",
    (Channel.POST, State.SENT): "Somebody posted it.",
}


def label_of(message: Message) -> str:
    """What staff call the text, and how many more it carries."""
    label = every_text()[message.template].name
    return f"{label}, and {message.carries - 1} more" if message.carries > 1 else label


def state_of(message: Message, at: datetime) -> str:
    """Its state, or `READY` when somebody should see to it now."""
    return READY if is_ready(message, at) else message.state


def state_label(message: Message, at: datetime) -> str:
    """What staff call how it stands."""
    if is_ready(message, at):
        return READY_LABELS[message.channel]
    is_printed = message.channel is Channel.POST and message.state is State.SENDING
    return "Printed" if is_printed else STATE_LABELS[message.state]


def is_ready(message: Message, at: datetime) -> bool:
    """Whether somebody should send it by hand, ring or post it now."""
    by_person = message.channel in BY_PERSON and message.state is State.QUEUED
    return by_person and message.due_at <= at < message.expires_at


def sentence_of(message: Message, zone: str) -> str:
    """How it stands: what went wrong, or what happens next."""
    if message.state is State.QUEUED and message.attempts:
        return _tried(message, zone)
    plain = BY_PEOPLE.get((message.channel, message.state), BY_THEMSELVES[message.state])
    return message.reason or plain


def _tried(message: Message, zone: str) -> str:
    """Tried in vain so far, and when it is tried again."""
    times = "once" if message.attempts == 1 else f"{message.attempts} times"
    again = f"Tried {times}; again {say_moment(message.next_try_at, zone)}."
    return f"{message.reason} {again}" if message.reason else again
