"""Every recurring job and every kind of step, on one screen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy.exc import OperationalError

from programme.access import jobs as access
from programme.cohorts import jobs as cohorts
from programme.cohorts.kinds import StepKind
from programme.foundation import resealing
from programme.foundation.database import database_answers, db
from programme.foundation.failures import described
from programme.handouts import jobs as handouts
from programme.messages import jobs as messages
from programme.messages import mail_in
from programme.outcomes import jobs as outcomes
from programme.parcels import jobs as parcels
from programme.people import jobs as people
from programme.questionnaires import jobs as questionnaires
from programme.registers import jobs as registers


class Queue(StrEnum):
    """Where a job is done when many hosts share the work."""

    TICK = "tick"
    """In the tick itself: one host at a time, in this order."""
    SEND = "send"
    """In batches, on as many hosts as there are."""
    SLOW = "slow"
    """On one host at a time, beside the tick, so that no message waits for it."""


@dataclass(frozen=True)
class Batches:
    """How a job is shared out: into how many batches at this instant, and how one is done."""

    due: Callable[[datetime], int]
    run_one: Callable[[datetime], int]


@dataclass(frozen=True)
class Job:
    """Something the clock does at every tick. Returns how many things it did.

    Nothing may depend on where or how often it runs: the rows it claims keep two apart.
    """

    name: str
    run: Callable[[datetime], int]
    is_slow: bool = False
    batches: Batches | None = None

    @property
    def queue(self) -> Queue:
        if self.is_slow:
            return Queue.SLOW
        return Queue.SEND if self.batches else Queue.TICK

    def one_batch(self) -> "Job":
        """The job as one host does it when it is shared out."""
        return replace(self, run=self.batches.run_one) if self.batches else self


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
    Job(
        "outbox: send",
        messages.send_due,
        batches=Batches(messages.batches_due, messages.send_batch),
    ),
    Job("outbox: read what came back", mail_in.read_mailbox, is_slow=True),
    Job("outbox: forget old texts", messages.forget_texts),
    Job("outcomes: work figures out", outcomes.work_out_figures, is_slow=True),
    Job("parcels: keep their dates", parcels.keep_dates),
    Job("people: forget files", people.forget_uploads),
    Job("people: forget new contacts that were never confirmed", people.forget_unconfirmed),
    Job("access: forget codes", access.forget_codes),
    Job("handouts: print ahead", handouts.print_ahead, is_slow=True),
    Job("sealing: under the newest key", resealing.seal_anew, is_slow=True),
)
log = structlog.get_logger()


def run_all(at: datetime, jobs: Iterable[Job] | None = None) -> dict[str, int | None]:
    """Do everything that falls due at `at`, each job in turn; say how many things each did.

    None stands for a job that failed. It is logged, and holds back no other.

    Raises:
        OperationalError: the database does not answer, so the rest could not be done either.
    """
    done = {job.name: _run(job, at) for job in (JOBS if jobs is None else jobs)}
    messages.note_failures(done)
    return done


def _run(job: Job, at: datetime) -> int | None:
    try:
        return job.run(at)
    except Exception as error:
        db.session.rollback()
        if isinstance(error, OperationalError) and not database_answers():
            raise
        log.error("job failed", job=job.name, **described(error))
        return None
