"""Confirming, packing, posting and undoing: each once, whoever taps and however often."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.parcels.actions import confirm_address, move_parcel, move_parcels, undo_move
from programme.parcels.making import put_in_parcel
from programme.parcels.models import Parcel, ParcelEvent
from programme.parcels.queries import parcel_for
from programme.parcels.rules import ParcelState
from programme.parcels.standings import standing_of
from programme.people.addresses import read_address
from programme.people.models import Consent, Participant
from programme.people.rules import ConsentPurpose
from tests import builders
from tests.parcels import boxes

S = ParcelState


def one_parcel(at: datetime, **others: object) -> tuple[Parcel, Participant]:
    cohort = boxes.a_cohort()
    person = boxes.enrolled("Ann", cohort, **others)
    return boxes.parcel_for(person, cohort, at), person


def move(parcel: Parcel, seen: S, to: S, at: datetime) -> bool:
    return move_parcel(parcel, seen=seen, to=to, by=COMMAND_LINE, at=at)


def test_confirming_freezes_the_address_with_who_and_when(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.confirmed(parcel, at)
    assert parcel.state is S.TO_PACK
    assert read_address(parcel.address or "").postcode == "L8 1TJ"
    assert (parcel.confirmed_at, parcel.confirmed_by) == (at, "command line")


def test_confirming_twice_does_one_thing(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    for _ in range(2):
        boxes.confirmed(parcel, at)
    asked = select(AuditEntry).filter_by(action="confirmed address")
    assert len(db.session.scalars(asked).all()) == 1


def test_an_address_changed_during_the_call_is_not_confirmed(app: Flask, at: datetime) -> None:
    parcel, person = one_parcel(at)
    seen = standing_of(parcel).recorded.fingerprint()
    person.household.address_lines = "15 Alder Close"
    with pytest.raises(Refusal, match="changed while you were asking"):
        confirm_address(parcel, seen=seen, by=COMMAND_LINE, at=at)
    assert parcel.state is S.TO_CONFIRM


def test_a_later_change_leaves_the_frozen_address_and_asks_again(app: Flask, at: datetime) -> None:
    parcel, person = one_parcel(at)
    boxes.packed(parcel, at)
    person.household.address_lines = "99 Other Road"
    standing = standing_of(parcel)
    assert standing.address.lines == ("14 Alder Close",)
    assert "confirm it again" in (standing.stopped_because or "")
    with pytest.raises(Refusal, match="confirm it again"):
        move(parcel, S.PACKED, S.POSTED, at)
    boxes.confirmed(parcel, at)
    assert read_address(parcel.address or "").lines == ("99 Other Road",)
    assert parcel.state is S.TO_PACK, "its label must be made anew"
    assert standing_of(parcel).stopped_because is None


def refuse_post(parcel: Parcel, person: Participant, at: datetime) -> None:
    db.session.add(
        Consent(
            participant_id=person.id,
            purpose=ConsentPurpose.POST,
            wording_version=1,
            is_given=False,
            at=at,
            by="test",
        )
    )


def leave(parcel: Parcel, person: Participant, at: datetime) -> None:
    enrolment = db.session.scalars(select(Enrolment)).one()
    enrolment.stage = Stage.WITHDREW


def stop_post(parcel: Parcel, person: Participant, at: datetime) -> None:
    person.household.do_not_post = True


def lose_the_town(parcel: Parcel, person: Participant, at: datetime) -> None:
    person.household.town = None


def halve_the_address(parcel: Parcel, person: Participant, at: datetime) -> None:
    person.household.address_is_complete = False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (stop_post, "Nothing may be posted"),
        (refuse_post, "not agreed to post"),
        (leave, "Cancel it"),
        (lose_the_town, "town is missing"),
        (halve_the_address, "not complete"),
    ],
)
def test_what_stops_a_parcel_stops_it_at_every_state(
    app: Flask, at: datetime, change: object, words: str
) -> None:
    parcel, person = one_parcel(at)
    boxes.confirmed(parcel, at)
    change(parcel, person, at)
    db.session.flush()
    assert words in (standing_of(parcel).stopped_because or "")
    with pytest.raises(Refusal):
        move(parcel, S.TO_PACK, S.PACKED, at)
    parcel.state = S.TO_CONFIRM
    with pytest.raises(Refusal, match=words):
        boxes.confirmed(parcel, at)


def test_one_of_two_who_withdraws_takes_only_their_booklet_away(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ann = boxes.enrolled("Ann", cohort, household=home)
    bob = boxes.enrolled("Bob", cohort, household=home)
    for person in (ann, bob):
        parcel = boxes.parcel_for(person, cohort, at)
    boxes.confirmed(parcel, at)
    refuse_post(parcel, ann, at)
    db.session.flush()
    standing = standing_of(parcel)
    assert standing.names == "Bob"
    assert "confirm it again" in (standing.stopped_because or ""), "it was addressed to Ann"
    boxes.confirmed(parcel, at)
    assert read_address(parcel.address or "").name == "Bob Example"


def test_a_double_tap_does_one_thing(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.confirmed(parcel, at)
    assert move(parcel, S.TO_PACK, S.PACKED, at) is True
    assert move(parcel, S.TO_PACK, S.PACKED, at) is False
    assert [event.state for event in parcel.events] == [S.TO_CONFIRM, S.TO_PACK, S.PACKED]


def test_a_tap_on_an_old_page_does_not_take_a_parcel_back(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.packed(parcel, at)
    move(parcel, S.PACKED, S.POSTED, at)
    with pytest.raises(Refusal, match="it is now posted"):
        move(parcel, S.TO_PACK, S.PACKED, at)
    assert parcel.state is S.POSTED


def test_undo_takes_back_the_last_step_once(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.packed(parcel, at)
    last = parcel.events[-1].id
    assert undo_move(parcel, event_id=last, by=COMMAND_LINE, at=at) is S.TO_PACK
    db.session.flush()
    with pytest.raises(Refusal, match="meanwhile"):
        undo_move(parcel, event_id=last, by=COMMAND_LINE, at=at)
    with pytest.raises(Refusal, match="meanwhile"):
        undo_move(parcel, event_id=parcel.events[-1].id, by=COMMAND_LINE, at=at)


def test_undoing_the_confirmation_forgets_the_frozen_address(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.confirmed(parcel, at)
    undo_move(parcel, event_id=parcel.events[-1].id, by=COMMAND_LINE, at=at)
    assert (parcel.state, parcel.address, parcel.confirmed_at) == (S.TO_CONFIRM, None, None)


def test_yesterdays_step_is_not_undone(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    boxes.packed(parcel, at)
    with pytest.raises(Refusal, match="more than a day ago"):
        undo_move(
            parcel,
            event_id=parcel.events[-1].id,
            by=COMMAND_LINE,
            at=at + timedelta(days=1, minutes=1),
        )


def test_one_stopped_parcel_holds_back_no_other(app: Flask, at: datetime) -> None:
    cohort = boxes.a_cohort()
    people = [boxes.enrolled(name, cohort) for name in ("Ann", "Bea", "Cat")]
    parcels = [boxes.packed(boxes.parcel_for(p, cohort, at), at) for p in people]
    people[1].household.do_not_post = True
    db.session.flush()
    ids = [parcel.id for parcel in parcels]
    moved = move_parcels([*ids, ids[0]], seen=S.PACKED, to=S.POSTED, by=COMMAND_LINE, at=at)
    assert moved.count == 2
    assert moved.refused == (f"{parcels[1].reference}: Nothing may be posted to this home.",)


def at_once(app: Flask, count: int, act: object) -> list[object]:
    """Run `act` in as many threads, each in its own transaction, all starting together."""
    results: list[object] = []
    barrier = Barrier(count)

    def run() -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(act())
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                results.append(refusal)
            finally:
                db.session.remove()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_packers_at_once_do_one_thing(app: Flask, at: datetime) -> None:
    parcel, _ = one_parcel(at)
    number = boxes.confirmed(parcel, at).id
    db.session.commit()

    def pack() -> bool:
        found = parcel_for(COMMAND_LINE, number)
        assert found is not None
        return move(found, S.TO_PACK, S.PACKED, at)

    assert sorted(at_once(app, 4, pack)) == [False, False, False, True]
    asked = select(ParcelEvent).filter_by(parcel_id=number, state=S.PACKED)
    assert len(db.session.scalars(asked).all()) == 1


def test_two_clocks_at_once_make_one_parcel(app: Flask, at: datetime) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ids = [boxes.enrolled(name, cohort, household=home).id for name in ("Ann", "Bob")]
    cohort_id = cohort.id
    db.session.commit()
    queue = [*ids, *ids]

    def make() -> None:
        person = db.session.get_one(Participant, queue.pop())
        put_in_parcel(person, db.session.get_one(Cohort, cohort_id), by=COMMAND_LINE, at=at)

    at_once(app, 2, make)
    at_once(app, 2, make)
    db.session.expire_all()
    (parcel,) = boxes.parcels_of(cohort)
    assert sorted(booklet.participant_id for booklet in parcel.booklets) == sorted(ids)
