"""Marking who came, alone and two at once."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.viewer import Viewer
from programme.cohorts.models import Enrolment, GroupSession
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import Participant
from programme.registers.actions import (
    MarkedMeanwhile,
    accept_arrivals,
    arrive,
    close_register,
    mark,
    mark_everyone_else_present,
)
from programme.registers.calling import record_call
from programme.registers.models import Arrival, Closing, EarlierMark, Hours, Mark, SessionNote
from programme.registers.register import register_of
from programme.registers.rules import Attendance, CallOutcome
from programme.registers.writing import WrittenMeanwhile, save_hours, save_note
from tests import builders
from tests.evening import Evening, an_evening

MINUTE = timedelta(minutes=1)


def attendances() -> list[Attendance]:
    return list(db.session.scalars(select(Mark.attendance).order_by(Mark.id)))


def test_a_changed_mark_keeps_what_it_was_before_and_who_had_set_it(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    by, second = evening.viewer(), evening.viewer(evening.second)
    first = mark(evening.session, evening.people[0], Attendance.ABSENT, by=by, at=at)
    mark(
        evening.session,
        evening.people[0],
        Attendance.LATE,
        seen_at=first.at,
        by=second,
        at=at + MINUTE,
    )
    assert attendances() == [Attendance.LATE]
    earlier = db.session.scalars(select(EarlierMark)).one()
    assert (earlier.attendance, earlier.at, earlier.by) == (Attendance.ABSENT, at, by.actor)


def test_a_mark_that_somebody_else_set_meanwhile_is_not_overwritten(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    dawn = evening.people[0]
    mark(evening.session, dawn, Attendance.ABSENT, by=evening.viewer(evening.second), at=at)
    with pytest.raises(MarkedMeanwhile) as refused:
        mark(evening.session, dawn, Attendance.PRESENT, by=evening.viewer(), at=at + MINUTE)
    assert str(refused.value) == (
        "Bill of Tuesday group marked Dawn “Absent” at 10 am. You chose “Present”."
    )
    assert attendances() == [Attendance.ABSENT]


def test_two_who_choose_the_same_mark_do_not_disagree(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    dawn = evening.people[0]
    mark(evening.session, dawn, Attendance.PRESENT, by=evening.viewer(evening.second), at=at)
    mark(evening.session, dawn, Attendance.PRESENT, by=evening.viewer(), at=at + MINUTE)
    kept = db.session.scalars(select(Mark)).one()
    assert (kept.at, kept.by) == (at, evening.viewer(evening.second).actor)


def test_somebody_changes_their_own_mark_from_another_tab(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    for attendance in (Attendance.PRESENT, Attendance.LEFT_EARLY):
        mark(evening.session, evening.people[0], attendance, by=evening.viewer(), at=at)
    assert attendances() == [Attendance.LEFT_EARLY]


def test_nobody_of_another_group_is_marked(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    stranger = an_evening("Marek", group="Thursday group").people[0]
    with pytest.raises(Refusal, match="not on this register"):
        mark(evening.session, stranger, Attendance.PRESENT, by=evening.viewer(), at=at)


def test_a_cancelled_session_has_no_register(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    evening.session.cancelled_at = at
    with pytest.raises(Refusal, match="cancelled"):
        mark(evening.session, evening.people[0], Attendance.PRESENT, by=evening.viewer(), at=at)


def test_everyone_else_present_leaves_marks_alone_and_skips_who_came_later(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn", "Marek", "Pat")
    evening.enrolments[2].at = evening.session.ends_at + MINUTE
    mark(evening.session, evening.people[0], Attendance.ABSENT, by=evening.viewer(), at=at)
    count = mark_everyone_else_present(
        evening.session, by=evening.viewer(evening.second), at=at + MINUTE
    )
    assert count == 1
    assert attendances() == [Attendance.ABSENT, Attendance.PRESENT]


def test_an_arrival_is_stamped_once_and_only_suggests(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek", "Pat")
    session, (dawn, marek, _) = evening.session, evening.people
    for minutes in (-5, 3, 20):
        arrive(session, dawn, session.starts_at + minutes * MINUTE)
    arrive(session, marek, session.starts_at + 11 * MINUTE)
    db.session.commit()
    assert list(db.session.scalars(select(Arrival.at).order_by(Arrival.id))) == [
        session.starts_at - 5 * MINUTE,
        session.starts_at + 11 * MINUTE,
    ]
    register = register_of(session, evening.viewer())
    assert [(line.known_as, line.suggested, line.mark) for line in register.lines] == [
        ("Dawn", Attendance.PRESENT, None),
        ("Marek", Attendance.LATE, None),
        ("Pat", None, None),
    ]
    assert accept_arrivals(session, by=evening.viewer(), at=session.starts_at + 30 * MINUTE) == 2
    assert attendances() == [Attendance.PRESENT, Attendance.LATE]


def test_a_register_closes_once_when_everybody_is_marked(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn", "Marek")
    session, by, later = evening.session, evening.viewer(), evening.session.ends_at
    mark(session, evening.people[0], Attendance.PRESENT, by=by, at=at)
    with pytest.raises(Refusal, match="has not begun"):
        close_register(session, by=by, at=session.starts_at - MINUTE)
    with pytest.raises(Refusal, match="Not marked yet: Marek"):
        close_register(session, by=by, at=later)
    mark(session, evening.people[1], Attendance.APOLOGIES, by=by, at=later)
    with pytest.raises(Refusal, match="facilitator or a coordinator"):
        close_register(session, by=evening.viewer(evening.helper), at=later)
    close_register(session, by=by, at=later)
    close_register(session, by=evening.viewer(evening.second), at=later + MINUTE)
    assert db.session.scalars(select(Closing.by)).all() == [by.actor]
    stages = select(Enrolment.stage).order_by(Enrolment.participant_id)
    assert db.session.scalars(stages).all() == [Stage.STARTED, Stage.ENROLLED]


def test_notes_of_two_who_write_at_once_are_put_together_by_them(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    save_note(evening.session, "Went well.", seen_at=None, by=evening.viewer(), at=at)
    with pytest.raises(WrittenMeanwhile, match="Priya of Tuesday group changed the notes"):
        save_note(
            evening.session,
            "Sound was poor.",
            seen_at=None,
            by=evening.viewer(evening.second),
            at=at + MINUTE,
        )
    both = "Went well. Sound was poor."
    save_note(evening.session, both, seen_at=at, by=evening.viewer(evening.second), at=at + MINUTE)
    assert db.session.scalars(select(SessionNote.text)).all() == [both]


def test_hours_belong_to_each_who_ran_the_evening(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    save_hours(evening.session, 120, by=evening.viewer(), at=at)
    save_hours(evening.session, 150, by=evening.viewer(), at=at)
    save_hours(evening.session, 90, by=evening.viewer(evening.second), at=at)
    assert sorted(db.session.scalars(select(Hours.minutes))) == [90, 150]
    with pytest.raises(Refusal, match="in minutes"):
        save_hours(evening.session, 5000, by=evening.viewer(), at=at)


def test_the_audit_says_who_marked_whom_but_never_what_was_written(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    mark(evening.session, evening.people[0], Attendance.ABSENT, by=evening.viewer(), at=at)
    record_call(
        evening.session,
        evening.people[0].id,
        CallOutcome.REACHED,
        "Her mother is ill.",
        by=evening.viewer(),
        at=at,
    )
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert entries[0].details == {"marks": {str(evening.people[0].id): "absent"}}
    assert "ill" not in str([entry.details for entry in entries])


def test_of_two_facilitators_at_once_one_saves_and_one_is_asked(app: Flask, at: datetime) -> None:
    """Without `take_turns` PostgreSQL breaks a constraint instead of asking."""
    evening = an_evening("Dawn")
    start = threading.Barrier(2)
    outcomes: list[str] = []
    racers = [
        (evening.viewer(), Attendance.PRESENT),
        (evening.viewer(evening.second), Attendance.ABSENT),
    ]
    ids = evening.session.id, evening.people[0].id
    db.session.remove()
    threads = [
        threading.Thread(target=_race, args=(app, ids, by, attendance, at, start, outcomes))
        for by, attendance in racers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["asked", "saved"]
    assert len(attendances()) == 1


def _race(
    app: Flask,
    ids: tuple[int, int],
    by: Viewer,
    attendance: Attendance,
    at: datetime,
    start: threading.Barrier,
    outcomes: list[str],
) -> None:
    with app.app_context():
        start.wait()
        try:
            session = db.session.get_one(GroupSession, ids[0])
            person = db.session.get_one(Participant, ids[1])
            mark(session, person, attendance, by=by, at=at)
            db.session.commit()
            outcomes.append("saved")
        except MarkedMeanwhile:
            db.session.rollback()
            outcomes.append("asked")
        except Exception as error:
            db.session.rollback()
            outcomes.append(repr(error))


def test_what_to_know_is_for_those_who_run_the_group_and_not_for_helpers(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn", "Marek", "Pat")
    dawn, marek, pat = evening.people
    dawn.access_needs = "Captions on"
    marek.phone_index = pat.phone_index
    evening.mark(3, Attendance.PRESENT, marek)
    evening.mark(3, Attendance.ABSENT, dawn)
    evening.mark(2, Attendance.PRESENT, dawn)
    known = {line.known_as: line for line in register_of(evening.session, evening.viewer()).lines}
    assert (known["Dawn"].needs, known["Dawn"].missed_last_time) == ("Captions on", True)
    assert [name for name, line in known.items() if line.is_first_time] == ["Pat"]
    assert known["Marek"].shares_a_phone_with == ("Pat",)
    for line in register_of(evening.session, evening.viewer(evening.helper)).lines:
        assert (line.needs, line.is_first_time, line.missed_last_time) == ("", False, False)
        assert line.shares_a_phone_with == ()


def test_somebody_who_withdrew_stays_on_the_registers_of_before(app: Flask, at: datetime) -> None:
    evening: Evening = an_evening("Dawn", "Marek")
    leaving = evening.enrolments[1]
    leaving.stage, leaving.withdrew_at = builders.Stage.WITHDREW, at
    db.session.flush()
    names = [
        [line.known_as for line in register_of(session, evening.viewer()).lines]
        for session in evening.cohort.sessions[2:4]
    ]
    assert names == [["Dawn", "Marek"], ["Dawn"]]
