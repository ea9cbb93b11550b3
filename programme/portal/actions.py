"""What a person does on their own page."""

from datetime import datetime

from programme.access.viewer import participant_viewer
from programme.feedback.actions import say_how_it_was
from programme.feedback.queries import session_to_ask_about
from programme.foundation.web import Refusal
from programme.handouts.actions import note_downloaded, note_opened
from programme.portal.place import Place


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
