"""The figures, held to a plain count in Python over cohorts made by chance."""

import csv
import io
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.rules import Role
from programme.access.viewer import staff_viewer
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.csv_tables import csv_table
from programme.foundation.database import db
from programme.people.models import Consent, Participant
from programme.people.rules import ConsentPurpose
from programme.registers.figures import Dosage, Figures, Funnel, figures, together
from programme.registers.models import Mark
from programme.registers.rules import CAME, MISSED, Attendance
from tests import builders
from tests.counting import counted_queries
from tests.evening import TODAY, SignIn

A = Attendance
STAGES = (Stage.WAITING, Stage.OFFERED, Stage.ENROLLED, Stage.STARTED, Stage.STARTED,
          Stage.COMPLETED, Stage.WITHDREW)  # fmt: skip


def cohorts_by_chance(dice: random.Random, at: datetime) -> None:
    """Some cohorts of people of two partners; some moved, paused, left, or were never marked."""
    partners = [builders.partner("Lead"), builders.partner("Harbour", is_lead=False)]
    cohorts = [
        builders.cohort(date(2026, 9, 1 + n), partner=partners[0], weeks=5, name=f"Group {n}")
        for n in range(3)
    ]
    for cohort in cohorts:
        dice.choice(cohort.sessions).cancelled_at = dice.choice([None, at])
    for number in range(18):
        person = builders.participant(f"P{number}", partner=dice.choice(partners))
        first, second = dice.sample(cohorts, 2)
        place = builders.enrol(person, first, stage=dice.choice(STAGES))
        place.paused_at = dice.choice([None, None, None, at])
        marked(dice, person, first)
        if number % 4 == 0:
            place.stage = Stage.WITHDREW
            then = builders.enrol(person, second, stage=dice.choice(STAGES))
            place.moved_to_id = then.id
            marked(dice, person, second)
    db.session.commit()


def marked(dice: random.Random, person: Participant, cohort: Cohort) -> None:
    for session in cohort.sessions[: dice.randint(0, 5)]:
        attendance = dice.choice([*Attendance, A.PRESENT, A.ABSENT, None])
        if attendance:
            minutes = dice.choice([None, 40]) if attendance in CAME else None
            db.session.add(
                Mark(session_id=session.id, participant_id=person.id, attendance=attendance,
                     minutes=minutes, at=session.ends_at, by="test")
            )  # fmt: skip


def marks_in(cohort_id: int, person_id: int) -> list[tuple[GroupSession, Mark]]:
    """Plainly, the oldest first."""
    found = db.session.execute(
        select(GroupSession, Mark).join(Mark, Mark.session_id == GroupSession.id)
    ).all()
    own = [
        (session, mark)
        for session, mark in found
        if session.cohort_id == cohort_id
        and mark.participant_id == person_id
        and session.cancelled_at is None
    ]
    return sorted(own, key=lambda pair: pair[0].starts_at)


def counted_plainly(place: Enrolment, every: Iterable[Enrolment]) -> Funnel:
    """How far one place got."""
    before = [one for one in every if one.moved_to_id == place.id]
    marks = [
        pair for one in (place, *before) for pair in marks_in(one.cohort_id, place.participant_id)
    ]
    marks.sort(key=lambda pair: pair[0].starts_at)
    kinds = [mark.attendance for _, mark in marks]
    started = any(kind in CAME for kind in kinds)
    missed_two = len(kinds) > 1 and all(kind in MISSED for kind in kinds[-2:])
    takes_part, completed = place.stage in TAKES_PART, place.stage == Stage.COMPLETED and started
    coming = takes_part and started and not place.paused_at and not missed_two
    facts = (True, takes_part or bool(kinds), started, coming or completed, completed)
    return Funnel(*(int(fact) for fact in facts))


@pytest.mark.parametrize("seed", range(3))
def test_the_funnel_and_the_dosage_are_what_plain_counting_gives(
    app: Flask, at: datetime, seed: int
) -> None:
    cohorts_by_chance(random.Random(seed), at)
    viewer = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    every = db.session.scalars(select(Enrolment)).all()
    found = figures(viewer)
    assert found
    for row in found:

        def is_of_it(person_id: int, cohort_id: int, row: Figures = row) -> bool:
            person = db.session.get_one(Participant, person_id)
            cohort = db.session.get_one(Cohort, cohort_id)
            partner = db.session.get_one(Partner, person.partner_id)
            return (cohort.public_name, partner.name) == (row.cohort, row.partner)

        places = [one for one in every if is_of_it(one.participant_id, one.cohort_id)]
        now = [counted_plainly(one, every) for one in places if one.moved_to_id is None]
        assert row.funnel == Funnel(
            *(sum(part) for part in zip(*map(steps, now), strict=True)) if now else ()
        )
        came = [
            (session, mark)
            for one in places
            for session, mark in marks_in(one.cohort_id, one.participant_id)
            if mark.attendance in CAME
        ]
        length = timedelta(minutes=1)
        assert row.dosage.people == len({mark.participant_id for _, mark in came})
        assert row.dosage.sessions == len(came)
        assert row.dosage.minutes == sum(
            mark.minutes or (session.ends_at - session.starts_at) // length
            for session, mark in came
        )
        assert sum(week.came for week in row.retention.weeks) == len(came)
    assert together(found).funnel.invited == len([one for one in every if not one.moved_to_id])


def steps(funnel: Funnel) -> tuple[int, ...]:
    return (funnel.invited, funnel.enrolled, funnel.started, funnel.still_coming, funnel.completed)


def test_a_facilitator_counts_own_groups_and_a_practitioner_own_families_who_agreed(
    app: Flask, at: datetime
) -> None:
    lead, harbour = builders.partner("Lead"), builders.partner("Harbour", is_lead=False)
    one = builders.cohort(date(2026, 9, 1), partner=lead, name="One")
    two = builders.cohort(date(2026, 9, 2), partner=lead, name="Two")
    ann = builders.spoken_to(builders.participant("Ann", partner=harbour))
    builders.enrol(ann, one)
    builders.enrol(builders.participant("Bea", partner=harbour), one)
    builders.enrol(builders.spoken_to(builders.participant("Cat", partner=lead)), two)
    fay = builders.account(Role.FACILITATOR, cohort=one, name="Fay")
    pat = builders.account(Role.PRACTITIONER, partner=harbour, name="Pat")
    db.session.commit()

    def seen(account: object) -> list[tuple[str, str, int]]:
        viewer = staff_viewer(account, TODAY)  # type: ignore[arg-type]
        return [(row.cohort, row.partner, row.funnel.invited) for row in figures(viewer)]

    assert seen(fay) == [("One", "Harbour", 2)]
    assert seen(pat) == [("One", "Harbour", 1)]
    db.session.add(
        Consent(participant_id=ann.id, purpose=ConsentPurpose.PARTNER, wording_version=1,
                is_given=False, at=at, by="test")
    )  # fmt: skip
    db.session.commit()
    assert seen(pat) == []


def test_figures_take_four_queries_for_few_and_for_many(app: Flask, at: datetime) -> None:
    viewer = staff_viewer(builders.account(Role.COORDINATOR), TODAY)
    lead, counts = builders.partner("Lead"), []
    for number in range(2):
        cohort = builders.cohort(date(2026, 9, 1), partner=lead, name=f"G{number}")
        builders.enrol(builders.participant(f"P{number}", partner=lead), cohort)
        db.session.commit()
        with counted_queries() as counted:
            assert len(figures(viewer)) == number + 1
        counts.append(len([sql for sql in counted if sql.startswith(("SELECT", "WITH"))]))
    assert counts == [4, 4]


def test_the_page_draws_the_funnel_and_the_file_is_safe_in_a_spreadsheet(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    harbour = builders.partner("=Harbour", is_lead=False)
    cohort = builders.cohort(date(2026, 9, 1), partner=harbour, name="@Group")
    builders.enrol(builders.spoken_to(builders.participant("Ann", partner=harbour)), cohort)
    cora = sign_in(builders.account(Role.COORDINATOR))
    page = cora.get("/figures").text
    assert "Still coming" in page
    assert "Internal" in page
    table = list(csv.reader(io.StringIO(cora.get("/figures.csv").text.lstrip("\ufeff"))))
    assert table[1][:3] == ["'@Group", cohort.term.name, "'=Harbour"]
    assert table[1][3:8] == ["1", "1", "0", "0", "0"]
    pat = sign_in(builders.account(Role.PRACTITIONER, partner=harbour, name="Pat"))
    assert "@Group" in pat.get("/families/figures").text
    assert pat.get("/figures").status_code == 403


def test_numbers_stay_numbers_and_text_that_looks_like_a_formula_stays_text() -> None:
    assert csv_table(["a", "b"], [("-1", -1), ("x", 2)]) == "a,b\r\n'-1,-1\r\nx,2\r\n"
    assert Dosage().hours_each == 0
