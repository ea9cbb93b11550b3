"""Who may sit at the same phone on the evening, as far as both may know of each other."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from programme.cohorts.models import Enrolment
from programme.cohorts.rules import TAKES_PART
from programme.foundation.database import db
from programme.people.models import FirstConversation, Participant


def companions_of(place: Enrolment) -> dict[int, str]:
    """Known-as names, by id, of those who take part in the same group from the same home with
    the same phone.

    Nobody is named to somebody who may not know: as soon as either of two asked us to keep it
    from anybody, they are strangers here.
    """
    me, they = aliased(Participant), aliased(Participant)
    mine, theirs = aliased(FirstConversation), aliased(FirstConversation)
    asked = (
        select(they.id, they.known_as)
        .join(me, me.household_id == they.household_id)
        .join(Enrolment, Enrolment.participant_id == they.id)
        .join(mine, mine.participant_id == me.id)
        .join(theirs, theirs.participant_id == they.id)
        .where(
            me.id == place.participant_id,
            they.id != me.id,
            they.phone_index == me.phone_index,
            Enrolment.cohort_id == place.cohort_id,
            Enrolment.stage.in_(TAKES_PART),
            Enrolment.join_stopped_at.is_(None),
            mine.who_must_not_know.is_(None),
            theirs.who_must_not_know.is_(None),
        )
        .order_by(they.known_as, they.id)
    )
    return dict(db.session.execute(asked).all())
