"""New links for somebody's place: to their page, their dates and their questionnaires."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from programme.access.links import replace_link
from programme.access.rules import Purpose
from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment
from programme.foundation import audit
from programme.foundation.database import db
from programme.questionnaires.models import Questionnaire

OF_A_PLACE = (Purpose.MY_GROUP, Purpose.CALENDAR)


def give_new_links(places: Iterable[Enrolment], *, by: Viewer, at: datetime) -> None:
    """Every link given out so far opens nothing from now on. The next message brings a new one.

    The link that stops messages stays good: all it can do is to make us quiet.
    """
    for place in places:
        for purpose in OF_A_PLACE:
            replace_link(purpose, place.id)
        for number in db.session.scalars(select(Questionnaire.id).filter_by(enrolment_id=place.id)):
            replace_link(Purpose.QUESTIONNAIRE, number)
        audit.record("gave new links", place, by=by, at=at)


def places_of(participant_id: int) -> list[Enrolment]:
    """Every place that somebody has or had in a group."""
    return list(db.session.scalars(select(Enrolment).filter_by(participant_id=participant_id)))
