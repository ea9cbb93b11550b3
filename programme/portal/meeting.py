"""The session that comes next on somebody's page, and the way into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from programme.cohorts.callers import facilitators_on
from programme.cohorts.dial_ins import DialIn, dial_in_of
from programme.cohorts.joining import is_kept_out
from programme.cohorts.models import GroupSession
from programme.cohorts.programmes import Programme
from programme.foundation.clock import local
from programme.people.models import Participant
from programme.portal.companions import companions_of
from programme.portal.place import Place
from programme.portal.words import Words
from programme.registers.cannot_get_in import waits_for_help
from programme.registers.rules import JOIN_OPENS, can_join


@dataclass(frozen=True)
class Meeting:
    """The session that comes next, or is on now. Never the address of the meeting."""

    number: int
    title: str
    when: str
    opens: str
    has_link: bool
    is_kept_out: bool
    """Joining is not open to this person, whatever the time."""
    room: "Room | None"


@dataclass(frozen=True)
class Room:
    """What shows only from when Join opens until the session ends."""

    joining: tuple[Participant, ...]
    """Who could be joining on this phone, its owner first; empty where nobody needs to ask."""
    dial_in: DialIn | None
    is_stuck: bool
    """They said that they cannot get in, and nobody helped yet."""
    told: str
    """Who was told, by first names; empty where nobody runs the group."""


def next_meeting(
    own: Place, programme: Programme | None, words: Words, at: datetime
) -> Meeting | None:
    """None after the last session. No query before Join opens; then three at most."""
    coming = (s for s in own.sessions if s.ends_at > at and s.cancelled_at is None)
    session = min(coming, key=lambda s: s.starts_at, default=None)
    if session is None:
        return None
    is_out = is_kept_out(own.enrolment)
    is_open = can_join(session.starts_at, session.ends_at, at)
    has_link = bool(own.cohort.join_url)
    return Meeting(
        number=session.number,
        title=_title(session, programme),
        when=_when(session, words, at),
        opens=_opens(session, words, at),
        has_link=has_link,
        is_kept_out=is_out,
        room=_room(own, session, at) if is_open and has_link and not is_out else None,
    )


def _title(session: GroupSession, programme: Programme | None) -> str:
    planned = programme.sessions if programme else ()
    of_programme = (each.title for each in planned if each.number == session.number)
    return session.title or next(of_programme, "")


def _when(session: GroupSession, words: Words, at: datetime) -> str:
    """ "Next: today, 7.30 pm – in 2 hours" """
    starts_at = session.starts_at
    if starts_at <= at:
        return words("now_until", time=words.time(session.ends_at))
    time, days = words.time(starts_at), _days_until(session, words, at)
    if days == 0:
        return words("today", time=time, wait=words.wait(starts_at, at))
    if days == 1:
        return words("tomorrow", time=time)
    return words("later", day=words.day(starts_at), time=time, count=days)


def _opens(session: GroupSession, words: Words, at: datetime) -> str:
    name = "opens" if _days_until(session, words, at) == 0 else "opens_on_the_day"
    return words(name, time=words.time(session.starts_at - JOIN_OPENS))


def _days_until(session: GroupSession, words: Words, at: datetime) -> int:
    zone = words.zone
    return (local(session.starts_at, zone).date() - local(at, zone).date()).days


def _room(own: Place, session: GroupSession, at: datetime) -> Room:
    others = companions_of(own.enrolment)
    is_stuck = waits_for_help(session.id, own.participant.id)
    return Room(
        joining=(own.participant, *others) if others else (),
        dial_in=dial_in_of(own.cohort),
        is_stuck=is_stuck,
        told=_first_names(own, session) if is_stuck else "",
    )


def _first_names(own: Place, session: GroupSession) -> str:
    """A surname would tell more about us than a family needs on its phone."""
    running: Sequence[str] = [each.name for each in facilitators_on(own.cohort, session.day)]
    return ", ".join(dict.fromkeys(name.split()[0] for name in running))
