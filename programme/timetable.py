"""Every recurring job and every kind of step, on one screen."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from programme.access import jobs as access
from programme.cohorts import jobs as cohorts
from programme.cohorts.kinds import StepKind
from programme.foundation.database import db
from programme.handouts import jobs as handouts
from programme.messages import jobs as messages
from programme.messages import mail_in
from programme.outcomes import jobs as outcomes
from programme.parcels import jobs as parcels
from programme.people import jobs as people
from programme.questionnaires import jobs as questionnaires
from programme.registers import jobs as registers


@dataclass(frozen=True)
class Job:
    """Something the clock does at every tick. Returns how many things it did."""

    name: str
    run: Callable[[datetime], int]
    is_slow: bool = False


KINDS: tuple[StepKind, ...] = (
    *cohorts.KINDS,
    *handouts.KINDS,
    *questionnaires.KINDS,
    *registers.KINDS,
    *parcels.KINDS,
)
JOBS: tuple[Job, ...] = (
    Job("clock: note that it ticks", messages.note_tick),
    Job("plan: whose turn it is", cohorts.make_dues),
    Job("plan: carry out", cohorts.carry_out),
    Job("registers: nudge facilitators", registers.nudge_facilitators),
    Job("registers: note who did not come", registers.note_absent),
    Job("plan: end what is over", cohorts.end_steps),
    Job("outbox: what waits for people", messages.look_after_waiting),
    Job("outbox: send", messages.send_due),
    Job("outbox: read what came back", mail_in.read_mailbox),
    Job("outbox: forget old texts", messages.forget_texts),
    Job("outcomes: work figures out", outcomes.work_out_figures),
    Job("parcels: keep their dates", parcels.keep_dates),
    Job("people: forget files", people.forget_uploads),
    Job("people: forget new contacts that were never confirmed", people.forget_unconfirmed),
    Job("access: forget codes", access.forget_codes),
    Job("handouts: print ahead", handouts.print_ahead, is_slow=True),
)
log = structlog.get_logger()


def run_all(at: datetime) -> dict[str, int | None]:
    """Do everything that falls due at `at`, each job in turn; say how many things each did.

    None stands for a job that failed. It is logged, and holds back no other.
    """
    return {job.name: _run(job, at) for job in JOBS}


def _run(job: Job, at: datetime) -> int | None:
    try:
        return job.run(at)
    except Exception as error:
        db.session.rollback()
        log.error("job failed", job=job.name, error=type(error).__name__, where=_where(error))
        return None


def _where(error: Exception) -> str:
    """The line that failed. What an error says may hold what somebody typed; where it stands
    does not."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}"
