"""What the plan does about parcels: it puts them on the dispatch list, and keeps their dates."""

from datetime import datetime

from sqlalchemy import Select

from programme.access.viewer import CLOCK
from programme.cohorts.kinds import DONE, Result, StepKind
from programme.cohorts.models import Due, Step
from programme.foundation.database import db
from programme.parcels import queries
from programme.parcels.making import put_in_parcel, redate_parcels
from programme.people.models import Participant


def who(step: Step) -> Select[int]:
    """Everybody enrolled who was spoken to and agreed to post."""
    return queries.who(step.cohort_id)


def carry_out(due: Due, at: datetime) -> Result:
    """Give one participant a share of the household's parcel."""
    person = db.session.get_one(Participant, due.participant_id)
    put_in_parcel(person, due.step.cohort, by=CLOCK, at=at)
    return DONE


def is_still_wanted(due: Due, _at: datetime) -> bool:
    """Whether the person still agrees to post."""
    return due.participant_id in db.session.scalars(queries.who(due.step.cohort_id))


def preview(_step: Step) -> str:
    """What the step will do, for staff."""
    return "Puts the parcels of those who agreed to post on the dispatch list."


def keep_dates(at: datetime) -> int:
    """Let parcels follow a cohort that was moved."""
    count = redate_parcels(by=CLOCK, at=at)
    db.session.commit()
    return count


KINDS = (
    StepKind(
        name="parcels.dispatch",
        label="Parcels",
        who=who,
        carry_out=carry_out,
        is_still_wanted=is_still_wanted,
        preview=preview,
    ),
)
