"""The pages' server, the worker and the outbox on the command line, as real processes."""

import json
import signal
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from flask import Flask, request
from gunicorn.config import Config
from sqlalchemy import select

from programme import timetable
from programme.access.gate import open_to_all
from programme.commands import running
from programme.commands.running import DiscreetLog
from programme.foundation.assets import serve_assets
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import sending
from programme.messages.jobs import send_due
from programme.messages.models import ClockTick, Message
from programme.people.rules import Channel
from tests.messages.conftest import use
from tests.messages.making import queued_now, state_of
from tests.processes import Start, until


def test_the_worker_ticks_sends_and_stops_when_told(app: Flask, start: Start) -> None:
    message = queued_now()
    worker = start("worker")
    until(lambda: db.session.scalar(select(ClockTick.at)))
    until(lambda: state_of(message) == "sent")
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert "worker stopped" in told
    assert "Traceback" not in told
    assert "Jo" not in told


def test_two_workers_at_once_take_each_message_once(app: Flask, start: Start) -> None:
    messages = [queued_now(f"Jo {number}") for number in range(60)]
    workers = [start("worker"), start("worker")]
    assert all(each.stderr and "worker started" in each.stderr.readline() for each in workers)
    until(lambda: {state_of(each) for each in messages} == {"sent"})
    assert set(db.session.scalars(select(Message.attempts))) == {1}
    db.session.rollback()
    for worker in workers:
        worker.send_signal(signal.SIGINT)
        _, told = worker.communicate(timeout=60)
        assert worker.returncode == 0, told


def test_what_a_killed_worker_held_is_sent_when_its_lease_ends(app: Flask, start: Start) -> None:
    messages = [queued_now(f"Jo {number}") for number in range(60)]
    worker = start("worker")
    until(lambda: {state_of(each) for each in messages} != {"queued"})
    worker.kill()
    use(app, demonstration=True)
    send_due(real_now() + sending.LEASE + timedelta(seconds=1))
    assert {state_of(each) for each in messages} == {"sent"}


def test_the_server_answers_and_lets_browsers_keep_our_files(
    app: Flask, start: Start, free_port: int
) -> None:
    server = start("serve", "--port", str(free_port))
    until(lambda: answers(free_port))
    with urlopen(f"http://127.0.0.1:{free_port}/sign-in") as page:
        html = page.read().decode()
    address = html.split('href="/static/app.css')[1].split('"')[0]
    with urlopen(f"http://127.0.0.1:{free_port}/static/app.css{address}") as sheet:
        assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with urlopen(f"http://127.0.0.1:{free_port}/static/app.css") as sheet:
        assert "immutable" not in sheet.headers["Cache-Control"]
    server.send_signal(signal.SIGTERM)
    _, told = server.communicate(timeout=60)
    assert server.returncode == 0, told
    assert "Traceback" not in told


def test_the_server_logs_no_address_that_was_asked_for(
    app: Flask, start: Start, free_port: int
) -> None:
    server = start("serve", "--port", str(free_port))
    until(lambda: answers(free_port))
    for asked in (
        b"GET /g/a-secret-key\r\n\r\n",
        b"GET /g/a-secret-key HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", free_port)) as connection:
            connection.sendall(asked)
            assert connection.recv(20)
    server.send_signal(signal.SIGTERM)
    _, told = server.communicate(timeout=60)
    assert "Invalid request" in told
    assert "secret" not in told


def test_a_request_that_fails_outside_of_our_pages_is_logged_without_its_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = DiscreetLog(Config())
    try:
        raise OSError("/g/a-secret-key")
    except OSError:
        log.exception("Error handling request %s %s", "GET", "/g/a-secret-key")
    told = "".join(capsys.readouterr())
    assert "OSError" in told
    assert "secret" not in told


def test_who_asks_is_told_by_the_web_server_in_front_only_in_earnest(app: Flask) -> None:
    app.add_url_rule("/who", view_func=open_to_all(lambda: {"address": request.remote_addr}))
    forwarded = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}
    assert app.test_client().get("/who", headers=forwarded).json == {"address": "127.0.0.1"}
    running.stand_behind_a_web_server(app)
    assert app.test_client().get("/who", headers=forwarded).json == {"address": "198.51.100.7"}


def test_a_file_that_is_not_ours_is_not_served(app: Flask) -> None:
    serve_assets(app)
    browser = app.test_client()
    for path in ("/static/../pyproject.toml", "/static/none.css?v=1", "/static/%2e%2e/README.md"):
        answer = browser.get(path)
        assert answer.status_code in (404, 403)
        assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_pages_never_load_a_scientific_library_nor_the_printer() -> None:
    code = (
        "import sys, programme.commands;"
        "print([n for n in ('scipy', 'numpy', 'weasyprint') if sys.modules.get(n)])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, "serve"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_a_job_that_fails_holds_back_no_other_and_tells_nothing_personal(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_at: datetime) -> int:
        raise ValueError("Jo Example, 07700 900123")

    jobs = (timetable.Job("fails", fail), timetable.Job("works", lambda _at: 3))
    monkeypatch.setattr(timetable, "JOBS", jobs)
    assert timetable.run_all(at) == {"fails": None, "works": 3}
    told = "".join(capsys.readouterr())
    assert "fails" in told
    assert "ValueError" in told
    assert "07700" not in told


@pytest.mark.parametrize("given", ["0", "x", "301", "-5", ""])
def test_a_pace_that_makes_no_sense_is_refused_in_a_sentence(
    app: Flask, start: Start, environment: dict[str, str], given: str
) -> None:
    environment["PROGRAMME_TICK_SECONDS"] = given
    worker = start("worker")
    _, told = worker.communicate(timeout=60)
    assert worker.returncode == 2
    assert told == "PROGRAMME_TICK_SECONDS must be a whole number from 1 to 300.\n"


def test_the_outbox_is_listed_without_and_with_texts(app: Flask, start: Start) -> None:
    numbers = queued_now("Jo"), queued_now("Zed", channel=Channel.BY_HAND)
    jo, zed = (db.session.get_one(Message, number) for number in numbers)
    ids, keys = (jo.participant_id, zed.participant_id), (jo.key, zed.key)
    db.session.rollback()
    bare = said_by(start("outbox", "--json"))["messages"]
    told = [(each["participant_id"], each["key"], each["state"]) for each in bare]
    assert told == [(ids[1], keys[1], "ready"), (ids[0], keys[0], "queued")]
    assert set(bare[0]) == {
        "id", "key", "participant_id", "account_id", "steps", "channel", "language", "template",
        "due_at", "expires_at", "sent_at", "state", "attempts", "provider_id", "reason",
    }  # fmt: skip
    assert "Zed" not in str(bare)
    by_hand = said_by(start("outbox", "--json", "--channel", "by_hand"))["messages"]
    assert [each["key"] for each in by_hand] == [keys[1]]
    told = said_by(start("outbox", "--json", "--with-text", "--state", "ready"))["messages"]
    assert [each["text"][:9] for each in told] == ["Hello Zed"]


def test_a_tick_can_be_asked_for_at_an_instant(app: Flask, start: Start) -> None:
    done = said_by(start("tick", "--at", "2026-10-06T09:00:00", "--json"))
    assert done["jobs"]["outbox: send"] == 0


def said_by(process: subprocess.Popen[str]) -> dict[str, Any]:
    told, problems = process.communicate(timeout=120)
    assert process.returncode == 0, problems
    return json.loads(told)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except URLError as error:
        return getattr(error, "code", 0) == 503
