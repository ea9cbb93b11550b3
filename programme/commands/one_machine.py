"""The worker on one machine: the timetable twice, what is slow beside what must be on time.

A second one on the same database does no harm: rows are claimed, whoever claims them.
"""

import logging
from collections.abc import Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import OperationalError

from programme import timetable
from programme.foundation import clock
from programme.foundation.stopping import stopping
from programme.timetable import Job

log = structlog.get_logger()


def work(app: Flask, seconds: int) -> None:
    """Do every job each so many seconds, until told to stop; then finish what is in hand."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a slow round may miss its turn
    scheduler = BackgroundScheduler(timezone=UTC)
    for is_slow in (False, True):
        scheduler.add_job(
            do_round,
            "interval",
            args=[app, [job for job in timetable.JOBS if job.is_slow is is_slow]],
            seconds=seconds,
            next_run_time=clock.real_now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    stopping.wait()
    scheduler.shutdown(wait=True)


def do_round(app: Flask, jobs: Sequence[Job]) -> None:
    """Everything of these jobs that falls due now. Logs numbers only."""
    with app.app_context():
        try:
            done = timetable.run_all(clock.now(), jobs)
        except OperationalError:
            log.warning("the database does not answer")
            return
    if worth_saying := {name: count for name, count in done.items() if count}:
        log.info("done", **worth_saying)
