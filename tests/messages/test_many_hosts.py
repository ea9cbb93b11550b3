"""Workers as real processes: several at once, killed, told to stop, cut off."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import create_engine, func, select, text

from programme import timetable
from programme.cohorts.models import Due, Step
from programme.commands import many_hosts
from programme.foundation.clock import real_now
from programme.foundation.database import db, engine_options
from programme.foundation.work_queue import bring_queue_up_to_date
from programme.messages.models import ClockTick, Message
from tests import builders
from tests.conftest import on_postgresql
from tests.messages.conftest import MailServer
from tests.messages.making import person, queued_now, state_of
from tests.processes import WITHOUT_PRINTING, Start, until

SHORT_LEASE = """
from datetime import timedelta
from programme.messages import jobs, sending
sending.LEASE, jobs.LONGEST_ROUND = timedelta(seconds=12), timedelta(seconds=4)
"""
SLEEPS = """
import pathlib, time
from programme import timetable
def sleep(_at):
    pathlib.Path({marker!r}).touch()
    time.sleep(300)
    return 0
timetable.JOBS = (*timetable.JOBS, timetable.Job("sleeps", sleep, is_slow={is_slow}))
"""


@pytest.fixture
def slow_mail(mail_server: MailServer, environment: dict[str, str], app: Flask) -> MailServer:
    """A mail server that takes its time, and that workers send through for real."""
    ours = app.config["SETTINGS"]
    environment |= {
        "PROGRAMME_DEMONSTRATION": "no",
        "PROGRAMME_SMTP_HOST": ours.smtp_host,
        "PROGRAMME_SMTP_PORT": str(ours.smtp_port),
        "PROGRAMME_SMTP_STARTTLS": "no",
    }
    mail_server.seconds_for_each = 0.1
    return mail_server


@on_postgresql
def test_two_workers_share_the_work_and_do_everything_once(
    app: Flask, start: Start, queue: App
) -> None:
    step = due_step()
    messages = [queued_now(f"Jo {number}") for number in range(130)]
    workers = [start("worker", before=WITHOUT_PRINTING) for _ in range(2)]
    until(lambda: asked("SELECT count(*) = 2 FROM procrastinate_workers") == [(True,)])
    until(lambda: {state_of(each) for each in messages} == {"sent"})
    until(lambda: dues_of(step) == {("done", 1): 12})
    until(lambda: ticks() > 3)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        _, told = worker.communicate(timeout=20)
        assert worker.returncode == 0, told
        assert "Traceback" not in told
    tries = select(Message.attempts).where(Message.id.in_(messages))
    assert set(db.session.scalars(tries)) == {1}
    assert asked(TICKS_TWICE) == []
    assert asked("SELECT count(*) FROM procrastinate_workers") == [(0,)]


@pytest.mark.long
@on_postgresql
def test_what_a_killed_worker_held_another_sends_after_the_lease(
    app: Flask, start: Start, slow_mail: MailServer
) -> None:
    messages = [queued_now(f"Jo {number}") for number in range(120)]
    killed = start("worker", before=SHORT_LEASE)
    until(lambda: len(slow_mail.mails) > 5)
    other = start("worker", before=SHORT_LEASE)
    until(lambda: len(asked("SELECT id FROM procrastinate_workers")) == 2)
    killed.kill()
    until(lambda: {state_of(each) for each in messages} == {"sent"}, seconds=120)
    assert other.poll() is None
    copies = Counter(mail["Message-ID"] for mail in slow_mail.mails)
    assert len(copies) == len(messages)
    hands = many_hosts.hands_of_one_process()
    assert sum(copies.values()) <= len(messages) + hands  # each hand held one letter at most


@pytest.mark.long
@on_postgresql
def test_a_tick_in_which_a_worker_was_killed_is_taken_over(
    app: Flask, start: Start, tmp_path: Path
) -> None:
    marker = tmp_path / "asleep"
    killed = start("worker", before=SLEEPS.format(marker=str(marker), is_slow=False))
    until(marker.exists)
    killed.kill()
    before = ticks()
    other = start("worker")
    message = queued_now()
    until(lambda: state_of(message) == "sent", seconds=120)
    until(lambda: ticks() > before + 2)
    other.send_signal(signal.SIGTERM)
    _, told = other.communicate(timeout=20)
    assert "a worker stopped with something in hand" in told


@on_postgresql
def test_a_tick_waits_in_the_queue_once(app: Flask, queue: App) -> None:
    tick = queue.tasks["tick"]

    async def defer() -> None:
        async with queue.open_async():
            await tick.defer_async(timestamp=1)
            with pytest.raises(AlreadyEnqueued):
                await tick.defer_async(timestamp=2)
            for _ in range(2):
                for job in timetable.JOBS:
                    await many_hosts.hand_out(queue, job, 3)

    asyncio.run(defer())
    assert asked("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tick'") == [(1,)]
    waiting = asked("SELECT args->>'job', count(*) FROM procrastinate_jobs GROUP BY 1")
    assert dict(waiting)["outbox: send"] == 3


@on_postgresql
@pytest.mark.parametrize(("twins", "becomes"), [(0, "todo"), (1, "failed")])
def test_what_a_stalled_worker_had_in_hand_is_given_back(
    app: Flask, queue: App, twins: int, becomes: str
) -> None:
    tell("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '40 s')")
    held = "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status"
    tell(f"{held}, worker_id) SELECT 'tick', 'tick', 'tick', 'tick', 'doing', id"
         " FROM procrastinate_workers")  # fmt: skip
    for _ in range(twins):
        tell(f"{held}) VALUES ('tick', 'tick', 'tick', 'tick', 'todo')")

    async def mend() -> None:
        async with queue.open_async():
            await queue.tasks["mend"].func(timestamp=1)
            await queue.tasks["mend"].func(timestamp=2)

    asyncio.run(mend())
    found = asked("SELECT status::text FROM procrastinate_jobs ORDER BY id")
    assert found == [(becomes,), *[("todo",)] * twins]


@on_postgresql
def test_finished_jobs_are_deleted_after_a_day(app: Flask, queue: App) -> None:
    for hours in (23, 25):
        tell("INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
             " VALUES ('send', 'do', 'doing')")  # fmt: skip
        tell("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'")
        tell(f"UPDATE procrastinate_events SET at = now() - interval '{hours} h'"
             " WHERE job_id = (SELECT max(id) FROM procrastinate_jobs)")  # fmt: skip

    async def tidy() -> None:
        async with queue.open_async():
            await queue.tasks["tidy"].func(timestamp=1)

    asyncio.run(tidy())
    assert asked("SELECT id FROM procrastinate_jobs") == [(1,)]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "* * * * * */1"),
        (30, "* * * * * */30"),
        (45, "* * * * * */30"),
        (59, "* * * * * */30"),
        (90, "*/1 * * * *"),
        (300, "*/5 * * * *"),
    ],
)
def test_a_pace_is_said_as_the_engine_wants_it(seconds: int, said: str) -> None:
    assert many_hosts.cron(seconds) == said


def test_what_is_slow_holds_back_no_message(app: Flask, start: Start, tmp_path: Path) -> None:
    marker = tmp_path / "asleep"
    worker = start("worker", before=SLEEPS.format(marker=str(marker), is_slow=True))
    until(marker.exists)
    message = queued_now()
    until(lambda: state_of(message) == "sent", seconds=30)
    assert worker.poll() is None


@pytest.mark.long
def test_a_worker_told_to_stop_finishes_its_letter_and_leaves_the_rest(
    app: Flask, start: Start, slow_mail: MailServer
) -> None:
    messages = [queued_now(f"Jo {number}") for number in range(90)]
    worker = start("worker")
    until(lambda: len(slow_mail.mails) > 3)
    told_at = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=20)
    assert worker.returncode == 0, told
    assert time.monotonic() - told_at < 10
    states = Counter(state_of(each) for each in messages)
    db.session.rollback()
    assert set(states) == {"sent", "queued"}
    assert states["sent"] == len(slow_mail.mails)
    start("worker")
    until(lambda: {state_of(each) for each in messages} == {"sent"}, seconds=120)
    assert len(slow_mail.mails) == len(messages)


@on_postgresql
def test_a_database_that_is_not_there_is_waited_for_and_said_once(
    app: Flask, start: Start, environment: dict[str, str], unused_port: int
) -> None:
    environment["PROGRAMME_DATABASE_URL"] = f"postgresql+psycopg://127.0.0.1:{unused_port}/none"
    worker = start("worker")
    assert "worker started" in worker.stderr.readline()
    assert "waiting for the database" in worker.stderr.readline()
    time.sleep(5)
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=15)
    assert worker.returncode == 0, told
    assert "worker stopped" in told
    assert len(told.splitlines()) == 1


@pytest.mark.long
@on_postgresql
def test_a_database_that_goes_away_is_waited_for(
    app: Flask, start: Start, cut_off: Callable[[bool], None]
) -> None:
    worker = start("worker")
    until(lambda: db.session.scalar(select(ClockTick.at)))
    db.session.remove()
    db.engine.dispose()
    cut_off(True)
    while "waiting for the database" not in (line := worker.stderr.readline()):
        assert "Traceback" not in line
    cut_off(False)
    message = queued_now()
    until(lambda: state_of(message) == "sent", seconds=120)
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=20)
    assert worker.returncode == 0, told
    assert "the database answers" in told
    assert "waiting" not in told
    assert "Traceback" not in told


TICKS_TWICE = """
SELECT args->>'timestamp' FROM procrastinate_jobs WHERE task_name = 'tick'
GROUP BY 1 HAVING count(*) > 1
"""


@pytest.fixture
def queue(app: Flask) -> App:
    """The engine on empty tables of its own, with nobody working."""
    bring_queue_up_to_date(db.engine)
    return many_hosts.make_engine(app, 30)


@pytest.fixture
def cut_off(app: Flask, postgres: str) -> Iterator[Callable[[bool], None]]:
    """Shuts everybody out of the test's database, or lets them in again."""
    name = db.engine.url.database
    url = postgres.replace("postgresql://", "postgresql+psycopg://").replace(
        f"/{name}?", "/template1?"
    )
    admin = create_engine(url, isolation_level="AUTOCOMMIT", **engine_options(url))

    def cut(is_off: bool) -> None:
        with admin.connect() as connection:
            allowed = "false" if is_off else "true"
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}'))
            if is_off:
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                connection.execute(text(f"{ended} '{name}'"))

    yield cut
    cut(False)
    admin.dispose()


def due_step() -> int:
    """A step that is due now for twelve people, who share no phone."""
    lead = builders.partner("Lead of the group")
    cohort = builders.cohort(real_now().date() - timedelta(days=60), partner=lead)
    for number in range(12):
        builders.enrol(person(f"Sam {number}", partner=lead), cohort)
    step = Step(
        cohort_id=cohort.id,
        name="thanks",
        kind="cohorts.thanks",
        due_at=real_now(),
        expires_at=real_now() + timedelta(days=1),
    )
    db.session.add(step)
    db.session.commit()
    return step.id


def dues_of(step_id: int) -> dict[tuple[str, int], int]:
    """How many dues of a step there are, by their state and how many each person has."""
    each = (
        select(Due.state, func.count().label("turns"))
        .filter_by(step_id=step_id)
        .group_by(Due.state, Due.participant_id)
        .subquery()
    )
    counted = select(each.c.state, each.c.turns, func.count()).group_by(each.c.state, each.c.turns)
    return {(row[0], row[1]): row[2] for row in db.session.execute(counted)}


def ticks() -> int:
    done = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tick' AND status"
    return asked(f"{done} = 'succeeded'")[0][0]


def asked(sql: str) -> list[Any]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def tell(sql: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(sql))
