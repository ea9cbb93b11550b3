"""What is wrong with the service is on Today and on /healthz, which says nothing of anybody."""

from datetime import datetime, timedelta

import pytest
import structlog
from flask import Flask
from sqlalchemy import select

from programme import timetable
from programme.access.rules import Role
from programme.access.viewer import staff_viewer
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.messages import alarms, sending
from programme.messages.jobs import forget_failures, note_tick, send_due
from programme.messages.models import ClockTick
from programme.messages.outbox import todo
from tests import builders
from tests.messages.making import person, queued

MINUTE = timedelta(minutes=1)


def test_health_is_numbers_and_yes_or_no(app: Flask, at: datetime) -> None:
    note_tick(at)
    queued(person("Jo Example"), at=at - timedelta(hours=1))
    told = app.test_client().get("/healthz").json
    assert all(isinstance(value, bool | int) for value in told.values())
    assert set(told) == {
        *("well", "database", "seconds_since_tick"),
        *("messages_stuck", "jobs_failing", "disk_nearly_full"),
    }


def test_what_a_sender_left_in_hand_shows_when_nobody_takes_it_over(
    app: Flask, at: datetime, coming_to: "Coming"
) -> None:
    queued(person(), at=at)
    assert len(sending.claim(at)) == 1  # and then it crashed
    last_quiet = at + sending.LEASE + alarms.STUCK_AFTER
    assert coming_to(last_quiet) == (200, [])
    assert coming_to(last_quiet + MINUTE) == (503, ["1 message waiting too long"])


def test_what_a_sender_left_in_hand_does_not_show_once_another_sent_it(
    app: Flask, at: datetime, coming_to: "Coming", mail_server: object
) -> None:
    queued(person(), at=at)
    sending.claim(at)
    assert send_due(at + sending.LEASE + MINUTE) == 1
    assert coming_to(at + timedelta(hours=1)) == (200, [])


def test_a_job_that_fails_for_ten_minutes_shows_until_it_works(
    app: Flask, at: datetime, coming_to: "Coming", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_at: datetime) -> int:
        raise ValueError("Jo Example")

    broken, works = timetable.Job("figures", fail), timetable.Job("figures", lambda _at: 1)
    for _ in range(2):
        timetable.run_all(at, [broken])
        assert coming_to(at) == (200, [])
    noted = db.session.scalars(select(ClockTick).filter_by(job="failing: figures")).one()
    noted.at = real_now() - 11 * MINUTE
    db.session.commit()
    timetable.run_all(at, [broken])
    assert coming_to(at) == (503, ["Part of the clock’s work fails"])
    timetable.run_all(at, [works])
    assert coming_to(at) == (200, [])


def test_an_upgrade_forgets_what_failed_under_an_older_name(app: Flask, at: datetime) -> None:
    db.session.add(ClockTick(job="failing: of an older version", at=at - timedelta(days=9)))
    note_tick(at)
    forget_failures()
    assert db.session.scalars(select(ClockTick.job)).all() == ["tick"]


def test_a_disk_that_is_nearly_full_shows(
    app: Flask, at: datetime, coming_to: "Coming", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "ROOM_TO_KEEP", 10**18)
    assert coming_to(at) == (503, ["The disk is nearly full"])


@pytest.mark.usefixtures("built_anew")
def test_a_page_that_fails_logs_neither_the_link_nor_what_was_typed(app: Flask) -> None:
    def fail(key: str) -> str:
        raise ValueError("Jo Example, 07700 900123")

    app.view_functions["portal.my_group"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.before_request_funcs[None] = []
    with structlog.testing.capture_logs() as logs:
        assert app.test_client().get("/g/a-secret-key").status_code == 500
    assert [(line["event"], line["error"]) for line in logs] == [("page failed", "ValueError")]
    assert "secret" not in str(logs)
    assert "07700" not in str(logs)


class Coming:
    """What /healthz answers and what Today says, at some instant."""

    def __init__(self, app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.browser, self.monkeypatch = app.test_client(), monkeypatch
        self.viewer = staff_viewer(builders.account(Role.COORDINATOR), at.date())

    def __call__(self, at: datetime) -> tuple[int, list[str]]:
        note_tick(at)
        self.monkeypatch.setattr("programme.messages.pages.now", lambda: at)
        status = self.browser.get("/healthz").status_code
        return status, [item.title for item in todo(self.viewer, at)]


@pytest.fixture
def coming_to(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Coming:
    return Coming(app, at, monkeypatch)
