"""What facilitators write down about an evening: notes, and their hours."""

from datetime import datetime

from sqlalchemy import select

from programme.access.queries import names_by_actor
from programme.access.viewer import Viewer
from programme.cohorts.models import GroupSession
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal, say_time
from programme.registers.models import Hours, SessionNote

LONGEST_EVENING = 12 * 60


class WrittenMeanwhile(Refusal):
    """Somebody else changed the note since the page was loaded."""

    def __init__(self, sentence: str, theirs: SessionNote) -> None:
        super().__init__(sentence)
        self.theirs = theirs


def save_note(
    session: GroupSession, text: str, *, seen_at: datetime | None, by: Viewer, at: datetime
) -> None:
    """Keep the note of a session. An emptied note stays, empty.

    Raises:
        WrittenMeanwhile: somebody else changed it since `seen_at`; both texts are kept to choose.
    """
    turn = select(GroupSession.id).filter_by(id=session.id).with_for_update(key_share=True)
    db.session.execute(turn)
    note = db.session.scalar(select(SessionNote).filter_by(session_id=session.id))
    if note and note.text == text.strip():
        return
    if note and note.at != seen_at and note.by != by.actor:
        raise WrittenMeanwhile(_say_who_wrote(note, session), note)
    if note is None:
        note = SessionNote(session_id=session.id)
        db.session.add(note)
    note.text, note.at, note.by = text.strip(), at, by.actor
    audit.record("wrote session note", session, by=by, at=at)


def save_hours(session: GroupSession, minutes: int | None, *, by: Viewer, at: datetime) -> None:
    """Keep how many minutes the evening took whoever acts.

    Raises:
        Refusal: it is not a number of minutes that an evening can take.
    """
    if minutes is None or not 0 < minutes <= LONGEST_EVENING:
        raise Refusal("Write your time in minutes, such as 120 for two hours.")
    if by.account_id is None:
        raise Refusal("Hours belong to an account. Sign in first.")
    own = select(Hours).filter_by(session_id=session.id, account_id=by.account_id)
    hours = db.session.scalar(own)
    if hours is None:
        hours = Hours(session_id=session.id, account_id=by.account_id)
        db.session.add(hours)
    hours.minutes, hours.at = minutes, at
    audit.record("wrote hours", session, by=by, at=at, minutes=minutes)


def _say_who_wrote(note: SessionNote, session: GroupSession) -> str:
    name = names_by_actor([note.by])[note.by]
    when = say_time(note.at, session.cohort.zone)
    return f"{name} changed the notes at {when}, while you were writing. Put the two together."
