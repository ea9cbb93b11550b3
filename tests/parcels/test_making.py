"""Parcels are made by the plan: one for each home and cohort, never twice."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from programme.access.viewer import CLOCK, COMMAND_LINE
from programme.cohorts.kinds import DONE
from programme.cohorts.models import Due, GroupSession, Step
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.parcels.jobs import carry_out, keep_dates, preview, who
from programme.parcels.making import put_in_parcel, redate_parcels, split_parcel
from programme.parcels.models import Booklet, Parcel
from programme.parcels.rules import ParcelState
from programme.parcels.standings import standing_of
from programme.people.models import Consent
from programme.people.rules import ConsentPurpose
from tests import builders
from tests.parcels import boxes

S = ParcelState


def step_of(cohort_id: int, at: datetime) -> Step:
    step = Step(
        cohort_id=cohort_id,
        name="parcels",
        kind="parcels.dispatch",
        due_at=at,
        expires_at=at + timedelta(days=21),
    )
    db.session.add(step)
    db.session.flush()
    return step


def test_the_plan_asks_for_those_spoken_to_who_agreed_to_post(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    ann = boxes.enrolled("Ann", cohort)
    refused = boxes.enrolled("Bea", cohort)
    withdrawn = Consent(
        participant_id=refused.id,
        purpose=ConsentPurpose.POST,
        wording_version=1,
        is_given=False,
        at=at,
        by="test",
    )
    db.session.add(withdrawn)
    unspoken = builders.participant("Cat", partner=builders.partner("Another"))
    builders.enrol(unspoken, cohort)
    waiting = builders.spoken_to(builders.participant("Dot", partner=builders.partner("Third")))
    builders.enrol(waiting, cohort, stage=Stage.WAITING)
    boxes.enrolled("Eve", boxes.a_cohort(name="Other group"))
    step = step_of(cohort.id, at)
    assert db.session.scalars(who(step)).all() == [ann.id]
    assert preview(step) == "Puts the parcels of those who agreed to post on the dispatch list."


def test_carrying_out_a_due_makes_the_parcel_once(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    ann = boxes.enrolled("Ann", cohort)
    due = Due(step=step_of(cohort.id, at), participant_id=ann.id, made_at=at)
    db.session.add(due)
    for _ in range(2):
        assert carry_out(due, at) is DONE
        db.session.commit()
    (parcel,) = boxes.parcels_of(cohort)
    assert (parcel.state, parcel.due_on, len(parcel.booklets)) == (S.TO_CONFIRM, boxes.DUE, 1)
    assert [event.by for event in parcel.events] == ["clock"]
    made = select(func.count()).select_from(AuditEntry).filter_by(action="made parcel")
    assert db.session.scalar(made) == 1


def test_two_who_live_together_share_a_parcel_with_a_booklet_each(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    for name in ("Ann", "Bob"):
        person = boxes.enrolled(name, cohort, household=home)
        for _ in range(2):
            boxes.parcel_for(person, cohort, at)
    (parcel,) = boxes.parcels_of(cohort)
    assert standing_of(parcel).booklets == 2
    assert standing_of(parcel).names == "Ann and Bob"


def test_each_cohort_has_its_own_parcel_for_a_home(app: Flask, at: datetime) -> None:
    one, other, home = boxes.a_cohort(), boxes.a_cohort(name="Monday group"), builders.home()
    boxes.parcel_for(boxes.enrolled("Ann", one, household=home), one, at)
    boxes.parcel_for(boxes.enrolled("Bob", other, household=home), other, at)
    assert len(boxes.parcels_of(one)) == len(boxes.parcels_of(other)) == 1


def test_somebody_who_joins_late_opens_a_packed_parcel_again(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    parcel = boxes.packed(
        boxes.parcel_for(boxes.enrolled("Ann", cohort, household=home), cohort, at), at
    )
    boxes.parcel_for(boxes.enrolled("Bob", cohort, household=home), cohort, at)
    assert parcel.state is S.TO_PACK
    assert standing_of(parcel).booklets == 2


def test_somebody_who_joins_when_it_has_gone_gets_a_parcel_of_their_own(
    app: Flask, at: datetime
) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    first = boxes.parcel_for(boxes.enrolled("Ann", cohort, household=home), cohort, at)
    first.state = S.POSTED
    bob = boxes.enrolled("Bob", cohort, household=home)
    second = boxes.parcel_for(bob, cohort, at)
    assert second is not first
    assert standing_of(second).names == "Bob"


def test_two_who_are_kept_apart_never_share_a_parcel(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ann = boxes.enrolled("Ann", cohort, household=home)
    bob = boxes.enrolled("Bob", cohort, household=home)
    boxes.keep_apart(ann, bob, at)
    parcels = {boxes.parcel_for(person, cohort, at).id for person in (ann, bob)}
    assert len(parcels) == 2
    for parcel in boxes.parcels_of(cohort):
        assert len(parcel.booklets) == 1
        assert "kept apart" in (standing_of(parcel).stopped_because or "")


def test_keeping_two_apart_later_stops_the_parcel_that_they_share(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ann = boxes.enrolled("Ann", cohort, household=home)
    bob = boxes.enrolled("Bob", cohort, household=home)
    parcel = boxes.parcel_for(ann, cohort, at)
    boxes.parcel_for(bob, cohort, at)
    assert standing_of(parcel).stopped_because is None
    boxes.keep_apart(bob, ann, at)
    assert "kept apart" in (standing_of(parcel).stopped_because or "")


def test_a_parcel_is_split_when_somebody_moves_out(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ann = boxes.enrolled("Ann", cohort, household=home)
    bob = boxes.enrolled("Bob", cohort, household=home)
    for person in (ann, bob):
        parcel = boxes.parcel_for(person, cohort, at)
    boxes.packed(parcel, at)
    bob.household = builders.home()
    db.session.flush()
    assert "lives elsewhere" in (standing_of(parcel).stopped_because or "")
    split_parcel(parcel, by=COMMAND_LINE, at=at)
    db.session.flush()
    first, second = boxes.parcels_of(cohort)
    assert (standing_of(first).names, standing_of(second).names) == ("Ann", "Bob")
    assert first.state is second.state is S.TO_CONFIRM
    assert first.address is None
    assert second.household_id == bob.household_id


def test_a_parcel_that_nobody_moved_out_of_is_not_split(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at)
    with pytest.raises(Refusal, match="same address"):
        split_parcel(parcel, by=COMMAND_LINE, at=at)


def test_parcels_follow_a_cohort_that_is_moved(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at)
    first = db.session.scalars(select(GroupSession).filter_by(number=1)).one()
    first.cancelled_at = at
    assert keep_dates(at) == 1
    assert parcel.due_on == boxes.DUE + timedelta(weeks=1)
    assert redate_parcels(by=CLOCK, at=at) == 0


def test_a_posted_parcel_keeps_its_date(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at)
    parcel.state = S.POSTED
    db.session.scalars(select(GroupSession).filter_by(number=1)).one().cancelled_at = at
    assert keep_dates(at) == 0


def test_a_reference_spells_nothing_and_shows_nobody(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at)
    assert len(parcel.reference) == 8
    assert not set(parcel.reference) & set("AEIOUY0123456789")


def test_a_booklet_cannot_be_given_twice_whatever_the_code_does(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    ann = boxes.enrolled("Ann", cohort)
    parcel = put_in_parcel(ann, cohort, by=COMMAND_LINE, at=at)
    db.session.commit()
    db.session.add(Booklet(parcel=parcel, cohort_id=cohort.id, participant_id=ann.id))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.commit()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Parcel)) == 1
