"""Taps and closings at the same time: one at a time, each once."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from programme.access.viewer import Viewer
from programme.cohorts.models import GroupSession
from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.registers.actions import close_register
from programme.registers.asking import MarkedMeanwhile
from programme.registers.models import EarlierMark, Mark, Tap
from programme.registers.rules import Attendance, How, Wanted
from programme.registers.taps import take_tap
from tests.evening import an_evening

MINUTE = timedelta(minutes=1)


def test_of_the_same_tap_sent_twice_at_once_one_counts_and_both_are_answered_the_same(
    app: Flask, at: datetime
) -> None:
    """Without `take_turns` PostgreSQL breaks a constraint instead of answering."""
    evening = an_evening("Dawn")
    by, session_id, key = evening.viewer(), evening.session.id, str(uuid4())
    wanted = Wanted(evening.people[0].id, Attendance.CAUGHT_UP, how=How.CALL, may_be_old=True)

    def send() -> object:
        session = db.session.get_one(GroupSession, session_id)
        return take_tap(session, key, wanted, by=by, at=at)

    told = at_once(app, [send, send])
    assert told[0] == told[1]
    assert db.session.scalar(select(func.count()).select_from(Tap)) == 1
    assert db.session.scalars(select(Mark.how)).all() == [How.CALL]


def test_a_tap_that_races_with_closing_never_changes_a_closed_register_without_a_reason(
    app: Flask, at: datetime
) -> None:
    """Without `take_turns` a tap may find the register open and be saved after it was closed."""
    evening = an_evening("Dawn")
    evening.mark(4, Attendance.PRESENT)
    session_id, later = evening.session.id, evening.session.ends_at + 10 * MINUTE
    by, second, dawn = evening.viewer(), evening.viewer(evening.second), evening.people[0].id
    seen = db.session.scalars(select(Mark.at)).one()
    db.session.rollback()
    closing_has_the_turn = threading.Event()

    def close() -> object:
        session = db.session.get_one(GroupSession, session_id)
        close_register(session, by=by, at=later)
        closing_has_the_turn.set()
        threading.Event().wait(0.2)  # the tap comes before this is committed
        return "closed"

    def send() -> object:
        closing_has_the_turn.wait(30)
        session = db.session.get_one(GroupSession, session_id)
        return tapped(session, Wanted(dawn, Attendance.LATE, seen), by=second, at=later)

    assert at_once(app, [close, send]) == ["closed", "asked why"]
    assert db.session.scalars(select(Mark.attendance)).all() == [Attendance.PRESENT]


def test_what_changes_after_closing_keeps_the_earlier_mark_and_the_reason(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    evening.mark(4, Attendance.ABSENT)
    session, by, later = evening.session, evening.viewer(), evening.session.ends_at + 10 * MINUTE
    close_register(session, by=by, at=later)
    seen = db.session.scalars(select(Mark.at)).one()
    wanted = Wanted(evening.people[0].id, Attendance.CAUGHT_UP, seen, How.ONE_TO_ONE)
    assert tapped(session, wanted, by=by, at=later) == "asked why"
    explained = Wanted(
        evening.people[0].id, Attendance.CAUGHT_UP, seen, How.ONE_TO_ONE, "We met on Friday."
    )
    take_tap(session, str(uuid4()), explained, by=by, at=later)
    earlier = db.session.scalars(select(EarlierMark)).one()
    assert (earlier.attendance, earlier.how) == (Attendance.ABSENT, None)
    assert earlier.reason == "We met on Friday."


def test_somebody_found_to_have_come_after_closing_has_started(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    evening.mark(4, Attendance.ABSENT)
    session, by, later = evening.session, evening.viewer(), evening.session.ends_at + 10 * MINUTE
    close_register(session, by=by, at=later)
    seen = db.session.scalars(select(Mark.at)).one()
    wanted = Wanted(evening.people[0].id, Attendance.PRESENT, seen, reason="She came by telephone.")
    take_tap(session, str(uuid4()), wanted, by=by, at=later)
    assert evening.enrolments[0].stage is Stage.STARTED


def test_how_somebody_caught_up_may_be_said_afterwards(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    by, dawn = evening.viewer(), evening.people[0].id
    for how in (None, How.RECORDING):
        take_tap(
            evening.session, str(uuid4()), Wanted(dawn, Attendance.CAUGHT_UP, how=how), by=by, at=at
        )
    assert db.session.scalars(select(Mark.how)).all() == [How.RECORDING]
    assert db.session.scalars(select(EarlierMark.how)).all() == [None]


def tapped(session: GroupSession, wanted: Wanted, *, by: Viewer, at: datetime) -> str:
    try:
        take_tap(session, str(uuid4()), wanted, by=by, at=at)
    except MarkedMeanwhile as asked:
        return "asked why" if asked.conflict.asks_why else "asked"
    return "saved"


def at_once(app: Flask, deeds: list[Callable[[], object]]) -> list[object]:
    """What each of some deeds gave that were done at the same time, each committed."""
    start = threading.Barrier(len(deeds))
    given: dict[int, object] = {}

    def do(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                given[number] = deeds[number]()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                given[number] = repr(error)

    db.session.remove()
    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [given[number] for number in range(len(deeds))]
