"""The worker on many hosts: Procrastinate hands the work out, on the charity's own PostgreSQL.

It only says who does what when. That nothing is done twice is for the rows to see to, which
each job claims, under this engine as under any other.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import chain, repeat
from typing import Any

import structlog
from flask import Flask
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job as Task
from procrastinate.jobs import Status
from psycopg import Error as DatabaseError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from programme import timetable
from programme.foundation import clock
from programme.foundation.database import database_answers, db
from programme.foundation.failures import described
from programme.foundation.stopping import stopping
from programme.foundation.work_queue import bring_queue_up_to_date
from programme.timetable import Job, Queue

SENDERS = 2
"""How many batches one process sends at a time. Sending mostly waits for the mail server."""
FIRST = {Queue.TICK: 20, Queue.SEND: 10, Queue.SLOW: 0}
STALLED_AFTER = 30
"""Seconds without a sign of life after which what a worker had in hand is given to another."""
KEPT_HOURS = 24
LOST = (ConnectorException, DatabaseError, SQLAlchemyError, OSError)
log = structlog.get_logger()


def work(app: Flask, seconds: int) -> None:
    """Take part in the work until told to stop; then finish what is in hand.

    A database that does not answer is waited for.
    """
    pass_on_errors()
    while wait_for_database(app):
        try:
            with app.app_context():
                bring_queue_up_to_date(db.engine)
            asyncio.run(take_part(make_engine(app, seconds)))
        except LOST as error:
            _say(error, app)
        stopping.wait(1)


def wait_for_database(app: Flask) -> bool:
    """Wait until the database answers, with a growing pause; False when told to stop."""
    is_late = False
    for pause in chain((1, 2, 4, 8, 15), repeat(30)):
        with app.app_context():
            if stopping.is_set() or database_answers():
                break
        if not is_late:
            log.warning("waiting for the database")
        is_late = True
        stopping.wait(pause)
    if is_late and not stopping.is_set():
        log.info("the database answers")
    return not stopping.is_set()


def _say(error: Exception, app: Flask) -> None:
    """What stopped the engine, unless it is the database, of which we shall say that we wait."""
    with app.app_context():
        if database_answers():
            log.error("the engine stopped", **described(error))


async def take_part(engine: App) -> None:
    """Work until told to stop, or until the engine gives up because the database is gone."""
    hands = hands_of_one_process()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(hands))
    loop.set_exception_handler(_say_what_failed)
    async with engine.open_async():
        working = asyncio.create_task(
            engine.run_worker_async(concurrency=hands, install_signal_handlers=False)
        )
        told = asyncio.create_task(_told_to_stop())
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()  # which lets it finish what is in hand
        told.cancel()
        for ended in await asyncio.gather(working, told, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


def hands_of_one_process() -> int:
    """How many jobs one process does at a time: the slow ones, of which each runs once at most,
    always leave some for the tick and for sending."""
    return 1 + SENDERS + sum(job.is_slow for job in timetable.JOBS)


async def _told_to_stop() -> None:
    while not stopping.is_set():
        await asyncio.sleep(0.2)


def make_engine(app: Flask, seconds: int) -> App:
    """The engine, and its four kinds of job: `tick`, `do`, `mend` and `tidy`."""
    url = make_url(app.config["SETTINGS"].database).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    engine = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4, timeout=5))
    pace, queue, priority = cron(seconds), Queue.TICK.value, FIRST[Queue.TICK]

    @engine.periodic(cron=pace)
    @engine.task(name="tick", queue=queue, priority=priority, lock="tick", queueing_lock="tick")
    async def tick(timestamp: int) -> None:
        for job, count in await asyncio.to_thread(do_tick, app):
            await hand_out(engine, job, count)

    @engine.task(name="do")
    def do(job: str) -> None:
        do_one(app, job)

    @engine.periodic(cron=pace)
    @engine.task(name="mend", queue=queue, priority=priority, queueing_lock="mend")
    async def mend(timestamp: int) -> None:  # under no lock: who would mend it?
        for stalled in await engine.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=STALLED_AFTER
        ):
            await give_back(engine, stalled)

    @engine.periodic(cron="17 * * * *")
    @engine.task(name="tidy", queue=queue, priority=priority, queueing_lock="tidy")
    async def tidy(timestamp: int) -> None:
        await engine.job_manager.prune_stalled_workers(STALLED_AFTER)
        await engine.job_manager.delete_old_jobs(
            KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    return engine


def cron(seconds: int) -> str:
    """A pace as the engine wants it: the next shorter one that divides a minute or an hour."""
    if seconds >= 60:
        return f"*/{seconds // 60} * * * *"
    pace = max(pace for pace in range(1, seconds + 1) if 60 % pace == 0)
    return f"* * * * * */{pace}"


def do_tick(app: Flask) -> list[tuple[Job, int]]:
    """Do what belongs to the tick itself; give what is to be handed out, each in how many parts."""
    with app.app_context():
        at = clock.now()
        _do([job for job in timetable.JOBS if job.queue is Queue.TICK], at)
        others = [job for job in timetable.JOBS if job.queue is not Queue.TICK]
        return [(job, job.batches.due(at) if job.batches else 1) for job in others]


async def hand_out(engine: App, job: Job, count: int) -> None:
    """Put a job, or each batch of it, into its queue, unless it waits there already."""
    for number in range(count):
        part = engine.configure_task(
            "do",
            queue=job.queue,
            priority=FIRST[job.queue],
            lock=job.name if job.is_slow else None,
            queueing_lock=f"{job.name} {number}",
        )
        with suppress(AlreadyEnqueued):
            await part.defer_async(job=job.name)


def do_one(app: Flask, name: str) -> None:
    """Do one job that was handed out, or one batch of it."""
    with app.app_context():
        _do([job.one_batch() for job in timetable.JOBS if job.name == name], clock.now())


def _do(jobs: Sequence[Job], at: datetime) -> None:
    done = timetable.run_all(at, jobs)
    if worth_saying := {name: count for name, count in done.items() if count}:
        log.info("done", **worth_saying)


async def give_back(engine: App, stalled: Task) -> None:
    """Let another worker do what a stopped one had in hand."""
    try:
        await engine.job_manager.retry_job(stalled)
    except UniqueViolation:  # the next of its kind waits already, and does all that is due
        with suppress(ConnectorException):
            await engine.job_manager.finish_job(stalled, Status.FAILED, delete_job=False)
    except ConnectorException:  # another host was first
        return
    log.warning("a worker stopped with something in hand", job=stalled.task_name)


def pass_on_errors() -> None:
    """Let the engine say only what failed for another reason than a lost database."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    engine = logging.getLogger("procrastinate")
    engine.addHandler(_Errors(logging.ERROR))
    engine.propagate = False


class _Errors(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error and not isinstance(error, LOST):
            log.error("the engine", what=getattr(record, "action", ""), **described(error))


def _say_what_failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if error and not isinstance(error, LOST):
        log.error("the engine", **described(error))
