"""When something is wrong with the service itself: for Today, and for whoever watches over it."""

from datetime import datetime, timedelta
from shutil import disk_usage

from sqlalchemy import ColumnElement, and_

from programme.foundation.clock import real_now
from programme.foundation.web import ToDo
from programme.messages.models import Message
from programme.messages.queries import clock_ticked_at, count_failing
from programme.messages.reaching import settings
from programme.messages.rules import LEAVES_BY_ITSELF, WAITING

STUCK_AFTER = timedelta(minutes=15)
SILENT_AFTER = timedelta(minutes=10)
ROOM_TO_KEEP = 500_000_000
"""Bytes."""


def alarms() -> list[ToDo]:
    """What is wrong with the service, in words for staff."""
    alarms = {
        (
            "The clock has stopped",
            "Nothing is sent and nothing falls due until “programme worker” is started again.",
        ): is_clock_silent(),
        (
            "Part of the clock’s work fails",
            "It has failed for ten minutes. Tell whoever runs the server.",
        ): count_failing_jobs() > 0,
        (
            "The disk is nearly full",
            "When it is full, nothing can be saved. Tell whoever runs the server.",
        ): is_disk_nearly_full(),
    }
    return [
        ToDo(title=title, fact=fact, action="See the outbox", url="/outbox", tone="wrong")
        for (title, fact), is_so in alarms.items()
        if is_so
    ]


def is_clock_silent() -> bool:
    """Whether the clock has not ticked for ten minutes of real time, or never has."""
    ticked = clock_ticked_at()
    return ticked is None or real_now() - ticked > SILENT_AFTER


def count_failing_jobs() -> int:
    """How many of the clock's jobs have failed for ten minutes of real time."""
    return count_failing(real_now() - SILENT_AFTER)


def is_disk_nearly_full() -> bool:
    """Whether the disk of the instance has less room left than a few days may need."""
    folder = settings().instance
    return folder.exists() and disk_usage(folder).free < ROOM_TO_KEEP


def stuck(at: datetime) -> ColumnElement[bool]:
    """The condition that a message should long have been taken by a sender."""
    return and_(
        Message.state.in_(WAITING),
        Message.channel.in_(LEAVES_BY_ITSELF),
        Message.next_try_at < at - STUCK_AFTER,
    )
