"""Who has completed, by the programme's own rule, and the sentence that says why."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from programme.cohorts.rules import Stage
from programme.foundation.database import db
from programme.registers.actions import close_register
from programme.registers.completion import CompletionRule, WeekSeen, stands
from programme.registers.marking import save_marks
from programme.registers.queries import todo
from programme.registers.rules import Attendance, Wanted
from programme.registers.standings import standings_of
from tests import builders
from tests.counting import counted_queries
from tests.evening import Evening, an_evening

A = Attendance
P, U, X, S = A.PRESENT, A.CAUGHT_UP, A.ABSENT, A.APOLOGIES
SEVEN_OF_TEN = CompletionRule(attend=7, catch_ups=2, sessions=10)


def weeks(past: list[Attendance | None], left: int = 0) -> list[WeekSeen]:
    return [*(WeekSeen(mark, True) for mark in past), *[WeekSeen(None, False)] * left]


@pytest.mark.parametrize(
    ("past", "left", "sentence"),
    [
        ([P] * 6 + [U, X, X, S], 0, "Came to 6 and caught up with 1: completed at 7 of 10."),
        ([P] * 7, 3, "Came to 7: completed at 7 of 10."),
        ([P] * 5 + [X, X], 3, "Came to 5: can still complete, needs 2 of the 3 that are left."),
        ([P] * 5 + [X] * 3, 2, "Came to 5: can still complete, needs all 2 that are left."),
        ([P] * 6 + [X] * 3, 1, "Came to 6: can still complete, needs the one that is left."),
        (
            [P] * 4 + [X] * 4,
            2,
            "Came to 4: can still complete, needs all 2 that are left and to catch up with 1.",
        ),
        ([P] * 3 + [X] * 6, 1, "Came to 3: can no longer complete, 7 of 10 are needed."),
        ([P] * 5 + [X] * 5, 0, "Came to 5: can still complete, needs to catch up with 2."),
        ([P] * 4 + [X] * 6, 0, "Came to 4: did not complete, 7 of 10 are needed."),
        (
            [P] * 4 + [U, U, U, X, X, X],
            0,
            "Came to 4 and caught up with 3, of which 2 count: did not complete,"
            " 7 of 10 are needed.",
        ),
        (
            [P] * 6 + [X, X, X, None],
            0,
            "Came to 6: can still complete, needs the one that is not marked yet.",
        ),
        (
            [P] * 6,
            2,
            "Came to 6: completed at 6 of 8. 2 sessions were cancelled and asked of nobody.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_how_somebody_stands(
    past: list[Attendance | None], left: int, sentence: str
) -> None:
    assert stands(weeks(past, left), SEVEN_OF_TEN).sentence == sentence


def test_the_number_needed_shrinks_in_proportion_to_what_was_held() -> None:
    assert [SEVEN_OF_TEN.needed(held) for held in (10, 9, 8, 7, 4, 0)] == [7, 7, 6, 5, 3, 0]
    assert not stands([], SEVEN_OF_TEN).has_completed


def test_what_was_before_a_late_joiner_came_can_be_caught_up_with_and_no_more() -> None:
    before = [WeekSeen(None, True, is_before=True)] * 5
    assert stands([*before, *weeks([], 5)], SEVEN_OF_TEN).can_still_complete
    assert not stands([*before, *weeks([X], 4)], SEVEN_OF_TEN).can_still_complete
    caught_up = [*before[:3], *weeks([U, U])]
    assert stands([*caught_up, *weeks([P] * 5)], SEVEN_OF_TEN).sentence == (
        "Came to 5 and caught up with 2: completed at 7 of 10. 3 sessions were before they joined."
    )


def test_an_added_session_counts_for_who_came_and_is_asked_of_nobody() -> None:
    added = WeekSeen(P, True, is_extra=True)
    missed = WeekSeen(X, True, is_extra=True)
    assert stands([*weeks([P] * 6 + [X] * 4), added], SEVEN_OF_TEN).has_completed
    assert stands([*weeks([P] * 7 + [X] * 3), missed], SEVEN_OF_TEN).held == 10


MARKS = some.lists(some.sampled_from([*Attendance, None]), max_size=10)


@given(past=MARKS, left=some.integers(0, 4))
def test_whoever_can_still_complete_does_with_all_that_is_left(
    past: list[Attendance | None], left: int
) -> None:
    now = stands(weeks(past, left), SEVEN_OF_TEN)
    unused = max(0, 2 - past.count(U))
    best: list[Attendance | None] = []
    for mark in past:
        if mark in (X, S) and unused:
            best.append(U)
            unused -= 1
        else:
            best.append(P if mark is None else mark)
    then = stands(weeks(best + [P] * left), SEVEN_OF_TEN)
    assert now.can_still_complete == then.has_completed or now.held == 0


def taken(evening: Evening, rows: dict[str, list[Attendance | None]]) -> None:
    """Marks from week 1 on, by name."""
    people = {person.known_as: person for person in evening.people}
    for name, marks in rows.items():
        for number, mark in enumerate(marks, start=1):
            if mark:
                evening.mark(number, mark, people[name])


def test_completed_is_noted_when_the_last_register_is_closed_and_not_before(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn", "Marek")
    taken(evening, {"Dawn": [P] * 9, "Marek": [P] + [X] * 8})
    ninth, last = evening.cohort.sessions[8:10]
    close_register(ninth, by=evening.viewer(), at=ninth.ends_at)
    assert [place.stage for place in evening.enrolments] == [Stage.STARTED, Stage.ENROLLED]
    taken(evening, {"Dawn": [None] * 9 + [X], "Marek": [None] * 9 + [X]})
    close_register(last, by=evening.viewer(), at=last.ends_at)
    assert [place.stage for place in evening.enrolments] == [Stage.COMPLETED, Stage.ENROLLED]


def test_today_asks_to_close_a_last_register_that_is_complete(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    taken(evening, {"Dawn": [P] * 10})
    last = evening.cohort.sessions[9]

    def asked() -> list[str]:
        with app.test_request_context():
            return [item.title for item in todo(evening.viewer(), last.ends_at)]

    assert asked() == ["Tuesday group: close the last register"]
    close_register(last, by=evening.viewer(), at=last.ends_at)
    assert asked() == []


def test_the_last_session_is_the_last_that_was_not_cancelled(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    taken(evening, {"Dawn": [P] * 9})
    evening.cohort.sessions[9].cancelled_at = at
    ninth = evening.cohort.sessions[8]
    close_register(ninth, by=evening.viewer(), at=ninth.ends_at)
    assert evening.enrolments[0].stage is Stage.COMPLETED


def test_who_moved_keeps_what_they_attended_and_a_week_counts_once(
    app: Flask, at: datetime
) -> None:
    evening, new = an_evening("Dawn"), an_evening("Ada", group="Thursday group")
    dawn, (old_place,) = evening.people[0], evening.enrolments
    taken(evening, {"Dawn": [P, P, P, X]})
    place = builders.enrol(dawn, new.cohort)
    old_place.moved_to_id, old_place.stage, old_place.withdrew_at = place.id, Stage.WITHDREW, at
    end = new.cohort.sessions[-1].ends_at
    for number in (3, 4, 5, 6):
        session = new.cohort.sessions[number - 1]
        save_marks(session, [Wanted(dawn.id, P)], by=new.viewer(), at=session.ends_at)
    db.session.commit()
    ada, moved = standings_of([new.cohort.id], end)
    assert (ada.known_as, moved.known_as) == ("Ada", "Dawn")
    assert moved.completion is not None
    assert (moved.completion.came, moved.completion.held) == (6, 10)
    assert standings_of([evening.cohort.id], end) == []


def test_a_week_that_lies_ahead_in_the_new_group_is_not_missed_by_the_old_one(
    app: Flask, at: datetime
) -> None:
    evening = an_evening("Dawn")
    taken(evening, {"Dawn": [P, X, X]})
    slower = builders.cohort(
        date(2026, 9, 29), partner=builders.partner("Harbour", is_lead=False), name="Slow group"
    )
    place = builders.enrol(evening.people[0], slower)
    evening.enrolments[0].moved_to_id, evening.enrolments[0].stage = place.id, Stage.WITHDREW
    db.session.commit()
    (moved,) = standings_of([slower.id], at)
    assert moved.completion is not None
    assert (moved.completion.came, moved.completion.left, moved.completion.missed) == (1, 9, 0)


def test_standings_take_three_queries_for_one_group_and_for_many(app: Flask, at: datetime) -> None:
    evenings = [an_evening("Dawn", "Marek", group=f"Group {number}") for number in range(3)]
    for evening in evenings:
        taken(evening, {"Dawn": [P] * 3, "Marek": [P, X]})
    ids = [evening.cohort.id for evening in evenings]
    counts = []
    for some_ids in (ids[:1], ids):
        with counted_queries() as counted:
            standings_of(some_ids, at + timedelta(days=1))
        counts.append(len([sql for sql in counted if sql.startswith(("SELECT", "WITH"))]))
    assert counts == [3, 3]
