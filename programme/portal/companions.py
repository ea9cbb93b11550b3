"""Who may sit at the same phone on the evening, as far as both may know of each other."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased, load_only

from programme.cohorts.models import Enrolment
from programme.cohorts.rules import TAKES_PART
from programme.foundation.database import db
from programme.people.models import FirstConversation, KeepApart, Participant


def companions_of(place: Enrolment) -> Sequence[Participant]:
    """Those who take part in the same group, from the same home, with the same phone.

    Nobody is named to somebody who may not know. As soon as either of two asked us to keep it
    from anybody, has not spoken with us, or must not meet the other, they are strangers here.
    """
    me, they = aliased(Participant), aliased(Participant)
    mine, theirs = aliased(FirstConversation), aliased(FirstConversation)
    asked = (
        select(they)
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
            Enrolment.paused_at.is_(None),
            mine.who_must_not_know.is_(None),
            theirs.who_must_not_know.is_(None),
            ~select(KeepApart.id).where(_are_apart(me, they)).exists(),
        )
        .options(load_only(they.known_as))
        .order_by(they.known_as, they.id)
    )
    return db.session.scalars(asked).all()


def _are_apart(me: type[Participant], they: type[Participant]) -> ColumnElement[bool]:
    return or_(
        and_(KeepApart.one_id == me.id, KeepApart.other_id == they.id),
        and_(KeepApart.one_id == they.id, KeepApart.other_id == me.id),
    )
