"""When a session may be answered for."""

from datetime import datetime, timedelta

LONGEST = timedelta(days=14)
"""After the last session there is no next one to end the asking."""


def is_open(ends_at: datetime, next_starts_at: datetime | None, at: datetime) -> bool:
    """Whether an answer may be given or changed: from the end, until the next session begins."""
    return ends_at <= at < min(next_starts_at or ends_at + LONGEST, ends_at + LONGEST)
