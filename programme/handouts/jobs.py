"""What the clock does for handouts: release each week, and print ahead of need."""

from datetime import datetime

import structlog
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import CLOCK
from programme.cohorts import texts
from programme.cohorts.jobs import takes_part_still, write_once_per_phone
from programme.cohorts.kinds import DONE, Result, StepKind
from programme.cohorts.models import Due, Enrolment, Step
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import taking_part
from programme.foundation.database import db
from programme.foundation.stopping import stopping
from programme.handouts.actions import keep, release
from programme.handouts.models import Reading, Release
from programme.handouts.papers import print_week
from programme.handouts.queries import not_rendered, programmes_in_use

log = structlog.get_logger()
AT_ONCE = 6
"""How many files one round prints."""


def print_ahead(at: datetime) -> int:
    """Print what is missing, a few files at a time. Gives how many."""
    missing = not_rendered(programmes_in_use())[:AT_ONCE]
    db.session.rollback()
    printed = 0
    for programme, week, form in missing:
        if stopping.is_set():
            break
        file = print_week(programme, week.number, week.language, form)
        keep(file, programme=programme, week=week, form=form, at=at)
        try:
            db.session.commit()
            printed += 1
        except IntegrityError:  # another worker printed the same file first
            db.session.rollback()
            log.info("printed elsewhere", programme=programme, week=week.number, form=form)
    return printed


def _release(due: Due, at: datetime) -> Result:
    release(due.step.cohort, due.step.session_number, by=CLOCK, at=at)
    return DONE


def _not_opened(step: Step) -> Select[int]:
    """Who takes part and has not opened the week, once it is released."""
    this_week = {"cohort_id": step.cohort_id, "week": step.session_number}
    opened = select(Reading.participant_id).filter_by(**this_week)
    released = select(Release.id).filter_by(**this_week).exists()
    people = taking_part(step).where(released)
    return people.where(Enrolment.participant_id.not_in(opened))


def _tell(due: Due, at: datetime) -> Result:
    return write_once_per_phone(due, texts.about_session, at)


def _is_of_use(due: Due, at: datetime) -> bool:
    """Nobody who opened the page in the meantime is told that it is there."""
    has_opened = select(Reading.id).filter_by(
        participant_id=due.participant_id,
        cohort_id=due.step.cohort_id,
        week=due.step.session_number,
    )
    return takes_part_still(due, at) and db.session.scalar(has_opened) is None


def _preview(step: Step) -> str:
    session = load_programme(step.cohort.programme).sessions[step.session_number - 1]
    return f"Opens “{session.title}” on everybody's own page. Sends nothing."


KINDS: tuple[StepKind, ...] = (
    StepKind(
        name="handouts.release",
        label="Handout",
        who=taking_part,
        carry_out=_release,
        is_still_wanted=lambda due, at: True,
        preview=_preview,
    ),
    StepKind(
        name="handouts.notice",
        label="Notice of the handout",
        who=_not_opened,
        carry_out=_tell,
        is_still_wanted=_is_of_use,
        preview=lambda _step: (
            "Tells everyone who has not opened the week that it is there, once per phone."
        ),
        draft=texts.about_session,
    ),
)
