"""Places in a cohort: enrolling, waiting, offering, leaving."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from programme.access.models import Partner
from programme.access.viewer import Viewer, participant_viewer
from programme.cohorts.actions import (
    accept_offer,
    can_enrol,
    can_offer,
    enrol,
    note_attended,
    note_completed,
    offer_next,
    record_consents,
    withdraw,
)
from programme.cohorts.models import Cohort
from programme.cohorts.places import consents_of
from programme.cohorts.queries import taking_part
from programme.cohorts.rules import Stage
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.models import Consent, KeepApart, Participant
from programme.people.rules import ConsentPurpose
from tests import builders
from tests.cohorts.conftest import step


def people(lead: Partner, *names: str) -> list[Participant]:
    return [builders.participant(name, partner=lead) for name in names]


def test_after_the_last_place_comes_the_waiting_list(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    group = people(lead, "Ann", "Bo", "Cy", "Di", "Ed")
    stages = [enrol(each, into=cohort, by=by, at=at).stage for each in group]
    assert stages == [Stage.ENROLLED] * 4 + [Stage.WAITING]


def test_nobody_overtakes_those_who_wait(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    *first, waiting, late = people(lead, "Ann", "Bo", "Cy", "Di", "Ed", "Flo")
    places = [enrol(each, into=cohort, by=by, at=at) for each in (*first, waiting)]
    withdraw(places[0], by=by, at=at)
    assert enrol(late, into=cohort, by=by, at=at).stage == Stage.WAITING
    offered = offer_next(cohort, by=by, at=at)
    assert (offered.participant_id, offered.stage) == (waiting.id, Stage.OFFERED)
    assert not can_offer(cohort, by=by)  # an offered place is taken
    accept_offer(offered, by=by, at=at)
    assert offered.stage == Stage.ENROLLED


def test_a_declined_offer_goes_to_the_next(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    places = [enrol(each, into=cohort, by=by, at=at) for each in people(lead, *"ABCDEF")]
    withdraw(places[0], by=by, at=at)
    withdraw(offer_next(cohort, by=by, at=at), by=by, at=at)
    assert offer_next(cohort, by=by, at=at) is places[5]


def test_nobody_is_enrolled_twice_but_may_come_back(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    (ann,) = people(lead, "Ann")
    place = enrol(ann, into=cohort, by=by, at=at)
    with pytest.raises(Refusal, match="in this group already"):
        enrol(ann, into=cohort, by=by, at=at)
    withdraw(place, by=by, at=at, reason="New job")
    assert place.reason == "New job"
    again = enrol(ann, into=cohort, by=by, at=at + timedelta(days=1))
    assert again.id == place.id
    assert (again.stage, again.reason, again.withdrew_at) == (Stage.ENROLLED, None, None)


@pytest.mark.parametrize("is_waiting", [False, True])
def test_two_who_are_kept_apart_are_never_in_one_group_and_the_sentence_tells_nothing(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime, is_waiting: bool
) -> None:
    ann, bo = people(lead, "Ann", "Bo")
    db.session.add(KeepApart(one_id=ann.id, other_id=bo.id, at=at, by="test"))
    cohort.capacity = 0 if is_waiting else 4
    enrol(bo, into=cohort, by=by, at=at)
    assert not can_enrol(ann, into=cohort, by=by, at=at)
    with pytest.raises(Refusal) as refused:
        enrol(ann, into=cohort, by=by, at=at)
    assert str(refused.value) == "Ann cannot join this group. Choose another one."


def test_one_who_left_keeps_nobody_out(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann, bo = people(lead, "Ann", "Bo")
    db.session.add(KeepApart(one_id=ann.id, other_id=bo.id, at=at, by="test"))
    withdraw(enrol(bo, into=cohort, by=by, at=at), by=by, at=at)
    assert can_enrol(ann, into=cohort, by=by, at=at)


def test_merged_entries_and_finished_groups_take_nobody(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann, kept = people(lead, "Ann", "Kept")
    over = cohort.sessions[-1].ends_at
    assert not can_enrol(ann, into=cohort, by=by, at=over)
    ann.merged_into_id = kept.id
    assert not can_enrol(ann, into=cohort, by=by, at=at)


def test_only_those_spoken_to_take_part_in_steps(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    ann, bo = people(lead, "Ann", "Bo")
    for each in (ann, bo):
        enrol(each, into=cohort, by=by, at=at)
    builders.spoken_to(ann)
    assert db.session.scalars(taking_part(step(cohort, "welcome"))).all() == [ann.id]


def test_a_parent_cannot_fill_places(cohort: Cohort, lead: Partner, at: datetime) -> None:
    (ann,) = people(lead, "Ann")
    assert not can_enrol(ann, into=cohort, by=participant_viewer(ann.id), at=at)


def test_stages_follow_from_coming_and_completing(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    (ann,) = people(lead, "Ann")
    place = enrol(ann, into=cohort, by=by, at=at)
    note_attended(place, by=by, at=at)
    note_attended(place, by=by, at=at)
    assert place.stage == Stage.STARTED
    note_completed(place, by=by, at=at)
    note_attended(place, by=by, at=at)
    assert place.stage == Stage.COMPLETED
    actions = db.session.scalars(select(AuditEntry.action).filter_by(subject="enrolments")).all()
    assert sorted(actions) == ["completed", "enrolled", "started"]


def test_consent_is_kept_with_the_version_of_its_wording_and_not_twice(
    cohort: Cohort, lead: Partner, by: Viewer, at: datetime
) -> None:
    (ann,) = people(lead, "Ann")
    place = enrol(ann, into=cohort, by=by, at=at)
    answers = {ConsentPurpose.MESSAGES: True, ConsentPurpose.POST: False}
    assert record_consents(place, answers, by=by, at=at) == 2
    assert record_consents(place, answers, by=by, at=at) == 0
    later = at + timedelta(minutes=1)
    assert record_consents(place, {ConsentPurpose.POST: True}, by=by, at=later) == 1
    latest = consents_of(ann.id)
    assert {purpose: each.is_given for purpose, each in latest.items()} == {
        ConsentPurpose.MESSAGES: True,
        ConsentPurpose.POST: True,
    }
    assert {each.wording_version for each in latest.values()} == {1}
    assert len(db.session.scalars(select(Consent)).all()) == 3
