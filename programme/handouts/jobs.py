"""What the clock does for handouts: release each week, and print ahead of need."""

from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError

from programme.access.viewer import CLOCK
from programme.cohorts.kinds import DONE, Result, StepKind
from programme.cohorts.models import Due, Step
from programme.cohorts.programmes import load_programme
from programme.cohorts.queries import taking_part
from programme.foundation.database import db
from programme.foundation.stopping import stopping
from programme.handouts.actions import keep, release
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
)
