"""What the worker does as answers come in."""

from datetime import datetime

import structlog

from programme.access.viewer import CLOCK
from programme.foundation.database import db
from programme.foundation.failures import described
from programme.outcomes.actions import forget, work_out
from programme.outcomes.queries import Finished, counted_so_far, finished_in

log = structlog.get_logger()


def work_out_figures(at: datetime) -> int:
    """Work out every cohort whose answers are not those its figures come from. Gives how many.

    Each cohort in a transaction of its own; a second run finds nothing to do.
    """
    counted, finished = counted_so_far(), finished_in()
    stale = [one for one in finished if counted.get(one.cohort_id) != (one.count, one.until)]
    gone = counted.keys() - {one.cohort_id for one in finished}
    db.session.commit()
    done = sum(_work_out_alone(found, at) for found in stale)
    for cohort_id in gone:
        forget(cohort_id)
    db.session.commit()
    return done + len(gone)


def _work_out_alone(found: Finished, at: datetime) -> bool:
    """One cohort whose answers cannot be read holds back no other."""
    try:
        work_out(found, by=CLOCK, at=at)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.error("figures failed", cohort=found.cohort_id, **described(error))
        return False
    return True
