"""What a person does on their own page."""

from collections.abc import Collection
from datetime import datetime

from programme.access.viewer import participant_viewer
from programme.cohorts.models import GroupSession
from programme.feedback.actions import say_how_it_was
from programme.feedback.queries import session_to_ask_about
from programme.foundation.database import db
from programme.foundation.web import Refusal, say_time
from programme.handouts.actions import note_downloaded, note_opened
from programme.people.models import Participant
from programme.portal.companions import companions_of
from programme.portal.queries import Place
from programme.registers.actions import arrive, say_cannot_get_in
from programme.registers.rules import JOIN_OPENS, can_join


def join(own: Place, number: int, others: Collection[int] = (), *, at: datetime) -> str:
    """Stamp the arrival, and that of `others` on the same phone; give the meeting's address.

    Raises:
        Refusal: it is too early or too late, or there is no meeting to join.
    """
    session = own.session(number)
    check_can_join(own, session, at)
    arrive(session, own.participant, at)
    for each in companions_of(own.enrolment) if others else ():
        if each in others:
            arrive(session, db.session.get_one(Participant, each), at)
    return own.cohort.join_url or ""


def cannot_get_in(own: Place, number: int, *, at: datetime) -> None:
    """Tell whoever runs the evening that somebody stands before the door.

    Raises:
        Refusal: nobody could join now anyway.
    """
    session = own.session(number)
    check_can_join(own, session, at)
    say_cannot_get_in(session, own.participant, at=at)


def check_can_join(own: Place, session: GroupSession, at: datetime) -> None:
    """Raises Refusal, with what to do instead."""
    if own.enrolment.join_stopped_at:
        raise Refusal("You cannot join just now. Please ring us, and we talk about it.")
    if session.cancelled_at:
        raise Refusal("This session is not taking place. Your dates are further down.")
    if at >= session.ends_at:
        raise Refusal("This session is over. Your next one is below.")
    if not can_join(session.starts_at, session.ends_at, at):
        opens = say_time(session.starts_at - JOIN_OPENS, own.cohort.zone)
        raise Refusal(f"The room opens at {opens}. Press Join then.")
    if not own.cohort.join_url:
        raise Refusal("The room is not ready yet. Try again in a few minutes, or ring us.")


def answer_pulse(own: Place, number: int, answer: str, *, at: datetime) -> None:
    """Keep what somebody says about the session that is asked about.

    Raises:
        Refusal: no answer was chosen, or the next session has begun.
    """
    session = session_to_ask_about(own.sessions, at)
    if session is None or session.number != number:
        raise Refusal("This question has closed. Thank you for thinking of it.")
    person = own.participant.id
    say_how_it_was(session, person, answer, by=participant_viewer(person), at=at)


def open_week(own: Place, week: int, *, at: datetime) -> None:
    """Write down that somebody opened a week's page."""
    whose = {"participant_id": own.participant.id, "cohort_id": own.cohort.id}
    note_opened(**whose, week=week, at=at)


def keep_week(own: Place, week: int, *, at: datetime) -> None:
    """Write down that somebody asked for a week's file."""
    whose = {"participant_id": own.participant.id, "cohort_id": own.cohort.id}
    note_downloaded(**whose, week=week, at=at)
