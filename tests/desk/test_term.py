"""The whole term on one page: attendance in the weeks, bars, and where attention is due."""

from datetime import datetime

from flask import Flask

from programme.access.rules import Role
from programme.access.viewer import staff_viewer
from programme.desk.term_queries import term
from programme.foundation.database import db
from programme.registers.rules import Attendance
from tests import builders
from tests.counting import counted_queries
from tests.evening import TODAY, SignIn, an_evening

A = Attendance


def test_a_row_says_who_came_this_week_and_what_to_look_at(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn", "Marek")
    evening.mark(1, A.PRESENT)
    evening.mark(2, A.ABSENT, evening.people[0])
    evening.mark(2, A.LATE, evening.people[1])
    evening.mark(3, A.ABSENT)
    evening.cohort.join_url = None
    db.session.commit()
    coordinator = builders.account(Role.COORDINATOR)
    (row,) = term(staff_viewer(coordinator, TODAY), at)
    assert row.this_week == "Week 3: 0 of 2 came"
    assert [week.share for week in row.weeks[:4]] == [1.0, 0.5, 0.0, None]
    assert row.weeks[1].says == "Week 2, Tuesday 22 September: has been, 1 of 2 came"
    assert row.attention == ("needs its join link", "1 missed two in a row")
    page = sign_in(coordinator).get("/term").text
    assert "1 cohort, 1 to look at" in page
    assert "1 missed two in a row" in page


def test_a_week_without_a_register_draws_nothing_and_says_so(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    evening.mark(1, A.PRESENT)
    db.session.commit()
    (row,) = term(evening.viewer(), at)
    assert row.weeks[1].share == 0.0
    assert row.weeks[1].says.endswith("has been")
    assert row.attention == ("2 registers not taken",)


def test_parcels_are_for_those_who_see_parcels(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    (row,) = term(evening.viewer(), at)
    assert [bar.words for bar in row.bars] == ["1 of 12 places"]


def test_the_term_takes_as_many_queries_for_many_cohorts_as_for_few(
    app: Flask, at: datetime
) -> None:
    viewer = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    counts = []
    for number in range(2):
        evening = an_evening("Dawn", "Marek", group=f"Group {number}")
        evening.mark(3, A.ABSENT)
        db.session.expire_all()
        with counted_queries() as counted:
            assert len(term(viewer, at)) == number + 1
        counts.append(len([sql for sql in counted if sql.startswith(("SELECT", "WITH"))]))
    assert counts[0] == counts[1] <= 12
