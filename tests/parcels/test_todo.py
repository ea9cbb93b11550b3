"""What staff are told to do about parcels, and how far a cohort's are."""

from datetime import datetime, timedelta

from flask import Flask

from programme.foundation.database import db
from programme.parcels.models import Parcel
from programme.parcels.queries import progress, progress_of, todo
from programme.parcels.rules import ParcelState
from tests import builders
from tests.counting import counted_queries
from tests.parcels import boxes

S = ParcelState


def due_in(days: int, at: datetime, *, count: int = 3) -> list[Parcel]:
    cohort = boxes.a_cohort(name=f"Group of {days}")
    made = [boxes.parcel_for(boxes.enrolled(f"Ann {n}", cohort), cohort, at) for n in range(count)]
    for parcel in made:
        parcel.due_on = at.date() + timedelta(days=days)
    db.session.flush()
    return made


def test_parcels_must_go_by_friday(app: Flask, at: datetime) -> None:
    first, *_ = due_in(3, at)
    boxes.packed(first, at)
    first.due_on = at.date() + timedelta(days=3)
    item, to_ring = todo(boxes.viewer(boxes.coordinator()), at)
    assert (item.title, item.fact) == ("Parcels must go by Friday", "1 of 3 ready")
    assert (item.action, item.url) == ("Open dispatch list", "/parcels?due=2026-10-09")
    assert (item.tone, item.due) == ("soon", at.date() + timedelta(days=3))
    assert (to_ring.title, to_ring.fact) == ("Addresses to confirm by phone", "2 to confirm")


def test_a_missing_address_is_named(app: Flask, at: datetime) -> None:
    parcel = due_in(3, at, count=1)[0]
    parcel.participant.household.address_is_complete = False
    _, item = todo(boxes.viewer(boxes.coordinator()), at)
    assert (item.title, item.fact) == ("Addresses missing", "1 not complete")


def test_a_packer_is_not_asked_to_ring(app: Flask, at: datetime) -> None:
    due_in(3, at)
    assert [i.title for i in todo(boxes.viewer(boxes.packer()), at)] == [
        "Parcels must go by Friday"
    ]


def test_days_are_said_as_people_say_them(app: Flask, at: datetime) -> None:
    for days in (-1, 0, 6, 7):
        due_in(days, at, count=1)
    items = todo(boxes.viewer(boxes.packer()), at)
    assert [(item.title, item.tone) for item in items] == [
        ("Parcels should have gone by Monday 5 October", "wrong"),
        ("Parcels must go today", "soon"),
        ("Parcels must go by Monday", "calm"),
        ("Parcels must go by Tuesday 13 October", "calm"),
    ]


def test_what_has_gone_or_is_far_off_is_not_named(app: Flask, at: datetime) -> None:
    due_in(8, at)
    for parcel in due_in(2, at):
        parcel.state = S.POSTED
    for parcel in due_in(1, at):
        parcel.state = S.CANCELLED
    assert todo(boxes.viewer(boxes.coordinator()), at) == []


def test_somebody_is_told_only_of_their_own_cohorts(app: Flask, at: datetime) -> None:
    mine = due_in(3, at)[0].cohort
    due_in(2, at)
    assert len(todo(boxes.viewer(boxes.packer(mine)), at)) == 1
    assert todo(boxes.viewer(builders.account(None)), at) == []


def test_the_to_do_list_takes_as_many_queries_for_twice_the_parcels(
    app: Flask, at: datetime
) -> None:
    viewer = boxes.viewer(boxes.coordinator())
    counts = []
    for days in (1, 2):
        due_in(days, at)
        with counted_queries() as sent:
            todo(viewer, at)
        counts.append(len(sent))
    assert counts == [1, 1]


def test_progress_counts_what_was_posted_of_what_was_not_cancelled(
    app: Flask, at: datetime
) -> None:
    one, two, three = due_in(3, at)
    one.state, two.state = S.POSTED, S.DELIVERED
    assert progress(three.cohort_id) == (2, 3)
    three.state = S.CANCELLED
    assert progress(three.cohort_id) == (2, 2)
    assert progress(424242) == (0, 0)
    assert progress_of([one.cohort_id, 424242]) == {one.cohort_id: (2, 2)}
