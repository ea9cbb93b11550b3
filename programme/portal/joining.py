"""Going into the meeting from one's own page, or saying that one cannot."""

from collections.abc import Collection
from datetime import datetime

from programme.access.viewer import participant_viewer
from programme.cohorts.joining import is_kept_out
from programme.cohorts.models import GroupSession
from programme.foundation.web import Refusal
from programme.people.models import Participant
from programme.portal.companions import companions_of
from programme.portal.place import Place
from programme.portal.words import words_for
from programme.registers.actions import arrive, say_cannot_get_in
from programme.registers.rules import JOIN_OPENS, can_join


def join(own: Place, number: int, ticked: Collection[int] = (), *, at: datetime) -> str:
    """Stamp who arrives, and give the address of the meeting.

    `ticked`: who is joining, where two share the phone. Whoever may not be known of here is
    passed over in silence; with nobody left, it is whose page this is.

    Raises:
        Refusal: they cannot join now; in their own language.
    """
    session = own.session(number)
    check_can_join(own, session, at)
    by = participant_viewer(own.participant.id)
    for person in _who_arrives(own, ticked):
        arrive(session, person, at, by=by)
    return own.cohort.join_url or ""


def _who_arrives(own: Place, ticked: Collection[int]) -> list[Participant]:
    """In one order for everybody: two who tick each other must not wait for one another."""
    others = companions_of(own.enrolment) if set(ticked) - {own.participant.id} else ()
    chosen = [person for person in (own.participant, *others) if person.id in ticked]
    return sorted(chosen or [own.participant], key=lambda person: person.id)


def cannot_get_in(own: Place, number: int, *, at: datetime) -> None:
    """Tell whoever runs the evening that somebody stands before the door.

    Raises:
        Refusal: they cannot join now anyway; in their own language.
    """
    session = own.session(number)
    check_can_join(own, session, at)
    say_cannot_get_in(session, own.participant, at=at)


def check_can_join(own: Place, session: GroupSession, at: datetime) -> None:
    """Raises Refusal, in their own language, with what to do instead."""
    words = words_for(own.participant.language, own.cohort.zone)
    if is_kept_out(own.enrolment):
        raise Refusal(words("kept_out"))
    if session.cancelled_at:
        raise Refusal(words("cancelled"))
    if at >= session.ends_at:
        raise Refusal(words("over"))
    if not can_join(session.starts_at, session.ends_at, at):
        raise Refusal(words("too_early", time=words.time(session.starts_at - JOIN_OPENS)))
    if not own.cohort.join_url:
        raise Refusal(words("not_ready_now"))
