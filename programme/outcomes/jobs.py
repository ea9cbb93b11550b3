"""What the worker does as answers come in."""

import logging
from datetime import datetime

from programme.access.viewer import CLOCK
from programme.foundation.database import db
from programme.outcomes.actions import forget, work_out
from programme.outcomes.queries import Finished, counted_so_far, finished_in

log = logging.getLogger(__name__)


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
    except Exception:
        db.session.rollback()
        log.exception("figures of cohort %s failed", found.cohort_id)
        return False
    return True
