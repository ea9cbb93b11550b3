"""The dispatch list and a parcel's page: who sees what, and what each button does."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from programme.access.models import Account, Grant
from programme.access.rules import Role
from programme.cohorts.models import Cohort
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.parcels.dispatch_list import PER_PAGE
from programme.parcels.models import Parcel, ParcelEvent
from programme.parcels.rules import ParcelState
from programme.parcels.standings import standing_of
from tests import builders
from tests.counting import counted_queries
from tests.parcels import boxes

SignIn = Callable[[Account], FlaskClient]
S = ParcelState
STREET, POSTCODE = "14 Alder Close", "L8 1TJ"


def parcels(count: int, cohort: Cohort, at: datetime) -> list[Parcel]:
    people = [boxes.enrolled(f"Ann {number}", cohort) for number in range(count)]
    return [boxes.parcel_for(person, cohort, at) for person in people]


def audited(action: str) -> int:
    asked = select(func.count()).select_from(AuditEntry).filter_by(action=action)
    return db.session.scalar(asked) or 0


def test_the_list_shows_what_must_go_by_when_and_no_address(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    boxes.packed(parcels(2, cohort, at)[0], at)
    for account in (boxes.coordinator(), boxes.packer()):
        page = sign_in(account).get("/parcels").text
        assert "Tuesday group: by Tuesday 27 October" in page
        assert "1 of 2 ready" in page
        assert STREET not in page
        assert POSTCODE not in page
        assert "1TJ" not in page


def test_what_stops_a_parcel_comes_first_in_a_sentence(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    boxes.parcel_for(boxes.enrolled("Ann", cohort), cohort, at)
    home = builders.home(do_not_post=True)
    boxes.parcel_for(boxes.enrolled("Zoe", cohort, household=home), cohort, at)
    page = sign_in(boxes.coordinator()).get("/parcels").text
    assert page.index("Zoe") < page.index("Nothing may be posted to this home.") < page.index("Ann")


def test_an_allergy_is_a_note_for_the_packer_and_not_the_text_of_it(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    person = boxes.enrolled("Ann", cohort, allergies="peanuts, since the hospital in 2019")
    parcel = boxes.packed(boxes.parcel_for(person, cohort, at), at)
    browser = sign_in(boxes.packer())
    for page in (browser.get("/parcels").text, browser.get(f"/parcels/{parcel.id}").text):
        assert "No nuts, ask a coordinator what may go in." in page
        assert "hospital" not in page


def test_a_packer_sees_the_address_of_a_parcel_in_hand_and_that_is_audited(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.confirmed(parcels(1, cohort, at)[0], at)
    page = sign_in(boxes.packer()).get(f"/parcels/{parcel.id}").text
    assert STREET in page
    assert POSTCODE in page
    assert audited("saw address") == 1


@pytest.mark.parametrize("state", [S.TO_CONFIRM, S.POSTED, S.DELIVERED, S.RETURNED, S.CANCELLED])
def test_a_packer_sees_no_address_of_a_parcel_not_in_hand(
    app: Flask, at: datetime, sign_in: SignIn, state: S
) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.confirmed(parcels(1, cohort, at)[0], at)
    parcel.state = state
    page = sign_in(boxes.packer()).get(f"/parcels/{parcel.id}").text
    assert STREET not in page
    assert "1TJ" not in page
    assert audited("saw address") == 0


def test_a_packer_sees_no_address_of_a_parcel_that_something_stops(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    parcel = boxes.confirmed(parcels(1, cohort, at)[0], at)
    parcel.participant.household.do_not_post = True
    assert STREET not in sign_in(boxes.packer()).get(f"/parcels/{parcel.id}").text


def test_a_packer_is_not_told_who_must_be_kept_apart(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    ann = boxes.enrolled("Ann", cohort, household=home)
    parcel = boxes.parcel_for(ann, cohort, at)
    boxes.keep_apart(ann, boxes.enrolled("Bob", cohort, household=home), at)
    assert "kept apart" in sign_in(boxes.coordinator()).get("/parcels").text
    browser = sign_in(boxes.packer())
    for url in ("/parcels", f"/parcels/{parcel.id}"):
        assert "kept apart" not in browser.get(url).text
        assert "A coordinator must look at this one first." in browser.get(url).text


def test_a_coordinator_confirms_by_number_and_three_letters(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort = boxes.a_cohort()
    parcel = parcels(1, cohort, at)[0]
    seen = standing_of(parcel).recorded.fingerprint()
    number = parcel.id
    browser = sign_in(boxes.coordinator())
    page = browser.get(f"/parcels/{number}").text
    assert "number 14, postcode ending 1TJ" in page
    assert "Alder" not in page
    assert "L8" not in page
    assert audited("saw part of address") == 1
    answer = browser.post(f"/parcels/{number}/confirm", data={"seen": seen})
    assert answer.status_code == 303
    db.session.expire_all()
    found = db.session.get_one(Parcel, number)
    assert found.state is S.TO_PACK
    assert (found.confirmed_by or "").startswith("account:")
    assert STREET not in browser.get(f"/parcels/{number}").text


def test_a_packer_cannot_confirm_an_address(app: Flask, at: datetime, sign_in: SignIn) -> None:
    number = parcels(1, boxes.a_cohort(), at)[0].id
    browser = sign_in(boxes.packer())
    assert "postcode ending" not in browser.get(f"/parcels/{number}").text
    assert browser.post(f"/parcels/{number}/confirm").status_code == 403


def test_an_address_that_changed_meanwhile_is_said_and_asked_again(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    number = parcels(1, boxes.a_cohort(), at)[0].id
    answer = sign_in(boxes.coordinator()).post(f"/parcels/{number}/confirm", data={"seen": "old"})
    assert answer.status_code == 422
    assert "changed while you were asking" in answer.text
    assert "postcode ending" in answer.text


def test_somebody_elses_parcel_is_no_parcel(app: Flask, at: datetime, sign_in: SignIn) -> None:
    mine, other = boxes.a_cohort(), boxes.a_cohort(name="Monday group")
    number = boxes.confirmed(parcels(1, other, at)[0], at).id
    browser = sign_in(boxes.packer(mine))
    assert browser.get(f"/parcels/{number}").status_code == 404
    assert browser.post(f"/parcels/{number}/move").status_code == 404
    assert browser.post(f"/parcels/{number}/undo").status_code == 404
    assert "Ann" not in browser.get("/parcels?state=all").text
    browser.post("/parcels", data={"tick": f"{number}.to_pack"})
    db.session.expire_all()
    assert db.session.get_one(Parcel, number).state is S.TO_PACK


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COORDINATOR, Role.PACKER)])
def test_nobody_else_opens_parcels(app: Flask, at: datetime, sign_in: SignIn, role: Role) -> None:
    assert sign_in(builders.account(role)).get("/parcels").status_code == 403


def test_ticking_packs_and_then_posts_once(app: Flask, at: datetime, sign_in: SignIn) -> None:
    number = boxes.confirmed(parcels(1, boxes.a_cohort(), at)[0], at).id
    browser = sign_in(boxes.packer())
    for tick in ("to_pack", "to_pack", "packed", "packed"):
        assert browser.post("/parcels", data={"tick": f"{number}.{tick}"}).status_code == 303
    asked = select(ParcelEvent.state).filter_by(parcel_id=number).order_by(ParcelEvent.id)
    assert db.session.scalars(asked).all() == [S.TO_CONFIRM, S.TO_PACK, S.PACKED, S.POSTED]


def test_one_button_posts_all_that_are_ticked(app: Flask, at: datetime, sign_in: SignIn) -> None:
    ids = [boxes.packed(p, at).id for p in parcels(7, boxes.a_cohort(), at)]
    browser = sign_in(boxes.packer())
    assert "Post 7 parcels" in browser.get("/parcels").text
    data = {"seen": "packed", "packed": ids[:6], "state": "all"}
    answer = browser.post("/parcels", data=data)
    assert answer.location == "/parcels?state=all"
    page = browser.get(answer.location).text
    assert "6 parcels marked as posted. Open one to undo." in page
    assert "Post one parcel" in page


def test_a_step_is_taken_back_from_the_parcels_page(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    parcel = boxes.packed(parcels(1, boxes.a_cohort(), at)[0], at)
    number, last = parcel.id, parcel.events[-1].id
    browser = sign_in(boxes.packer())
    page = browser.get(f"/parcels/{number}").text
    assert "Undo the last step" in page
    assert "command line" in page
    browser.post(f"/parcels/{number}/undo", data={"event": last})
    page = browser.get(f"/parcels/{number}").text
    assert "Undone. The parcel is to pack again." in page
    assert "Pat Packer" in page
    assert "Undo the last step" not in page


def test_a_refused_move_says_why(app: Flask, at: datetime, sign_in: SignIn) -> None:
    number = parcels(1, boxes.a_cohort(), at)[0].id
    browser = sign_in(boxes.packer())
    answer = browser.post(f"/parcels/{number}/move", data={"seen": "to_confirm", "to": "posted"})
    assert answer.status_code == 422
    assert "cannot be marked as posted" in answer.text
    assert browser.post(f"/parcels/{number}/move", data={"to": "stolen"}).status_code == 422


def test_the_list_is_filtered_by_cohort_state_and_day(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    tuesday, monday = boxes.a_cohort(), boxes.a_cohort(name="Monday group")
    boxes.parcel_for(boxes.enrolled("Tess", tuesday), tuesday, at)
    gone = boxes.parcel_for(boxes.enrolled("Mona", monday), monday, at)
    gone.state = S.POSTED
    url = f"/parcels?cohort={tuesday.id}&state=all"
    browser = sign_in(boxes.coordinator())
    assert "Mona" not in browser.get("/parcels").text
    assert "Mona" in browser.get("/parcels?state=posted").text
    assert "Tess" not in browser.get("/parcels?state=posted").text
    assert "Mona" not in browser.get(url).text
    assert "Tess" in browser.get("/parcels?due=2026-10-27").text
    assert "Tess" not in browser.get("/parcels?due=2026-10-26").text
    assert browser.get("/parcels?cohort=x&state=y&due=z&page=-1").status_code == 200


def test_a_long_list_has_pages(app: Flask, at: datetime, sign_in: SignIn) -> None:
    parcels(PER_PAGE + 2, boxes.a_cohort(), at)
    browser = sign_in(boxes.coordinator())
    first, second = browser.get("/parcels").text, browser.get("/parcels?page=2").text
    assert "Page 1 of 2" in first
    assert first.count('<li class="line">') == PER_PAGE
    assert second.count('<li class="line">') == 2
    assert "0 of 52 ready" in second


def test_the_list_takes_as_many_queries_for_twice_the_parcels(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    browser = sign_in(boxes.does_both())
    counts = []
    for name in ("First group", "Second group", "Third group"):
        cohort = boxes.a_cohort(name=name)
        boxes.packed(parcels(4, cohort, at)[0], at)
        db.session.commit()
        with counted_queries() as sent:
            assert browser.get("/parcels").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] == counts[2] <= 14


def test_a_parcels_page_takes_as_many_queries_for_twice_the_people(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    cohort, home = boxes.a_cohort(), builders.home()
    browser = sign_in(boxes.does_both())
    counts = []
    for names in (("Ann", "Bob"), ("Cat", "Dan")):
        for name in names:
            person = boxes.enrolled(name, cohort, household=home)
            number = boxes.parcel_for(person, cohort, at).id
        db.session.commit()
        with counted_queries() as sent:
            assert browser.get(f"/parcels/{number}").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_who_is_enrolled_without_a_parcel_is_named_to_coordinators_only(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    lead = builders.partner()
    cohort = builders.cohort(at.date() + timedelta(days=14), partner=lead)
    builders.enrol(builders.participant("Unspoken Una", partner=lead), cohort)
    page = sign_in(boxes.coordinator()).get("/parcels").text
    assert "1 enrolled, but without a parcel" in page
    assert "not yet spoken to" in page
    assert "Una" not in sign_in(boxes.packer()).get("/parcels").text


def test_labels_and_lists_are_for_packers_and_audited(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    made = parcels(3, boxes.a_cohort(), at)
    ids = [boxes.confirmed(made[0], at).id, boxes.packed(made[1], at).id]
    browser = sign_in(boxes.packer())
    sheet = browser.get("/parcels/labels.pdf?stock=L7163&start=2")
    assert sheet.data.startswith(b"%PDF")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="labels.pdf"'
    assert sheet.headers["Cache-Control"] == "no-store"
    listed = browser.get("/parcels/list.csv")
    assert listed.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert listed.text.count(STREET) == 2
    assert "The address is not confirmed yet." in browser.get("/parcels").text
    asked = select(AuditEntry).where(AuditEntry.action.startswith("exported"))
    entries = db.session.scalars(asked.order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["exported labels", "exported list"]
    assert all(sorted(entry.details["parcels"]) == sorted(ids) for entry in entries)
    coordinator = sign_in(boxes.coordinator())
    for url in ("/parcels/labels.pdf", "/parcels/list.csv"):
        assert coordinator.get(url).status_code == 403


def test_labels_reach_only_the_cohorts_that_somebody_packs_for(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    mine, other = boxes.a_cohort(), boxes.a_cohort(name="Monday group")
    for cohort in (mine, other):
        boxes.confirmed(parcels(1, cohort, at)[0], at)
    account = boxes.packer(mine)
    account.grants.append(Grant(role=Role.COORDINATOR))
    assert sign_in(account).get("/parcels/list.csv").text.count(STREET) == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("start=22", "Start at a label from 1 to 21"),
        ("stock=L9999", "Choose one of the label sheets"),
        ("right=far", "at most 10 mm"),
        ("down=nan", "at most 10 mm"),
    ],
)
def test_a_sheet_that_cannot_be_printed_is_refused_in_a_sentence(
    app: Flask, at: datetime, sign_in: SignIn, query: str, sentence: str
) -> None:
    boxes.confirmed(parcels(1, boxes.a_cohort(), at)[0], at)
    browser = sign_in(boxes.packer())
    answer = browser.get(f"/parcels/labels.pdf?{query}")
    assert answer.status_code == 303
    assert sentence in browser.get(answer.location).text
    assert audited("exported labels") == 0


def test_nothing_in_hand_makes_no_sheet(app: Flask, at: datetime, sign_in: SignIn) -> None:
    parcels(1, boxes.a_cohort(), at)
    browser = sign_in(boxes.packer())
    answer = browser.get("/parcels/labels.pdf")
    assert answer.status_code == 303
    assert "None of these parcels may go yet" in browser.get(answer.location).text


def test_an_address_stands_nowhere_in_a_title_a_url_or_the_audit(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    parcel = boxes.confirmed(parcels(1, boxes.a_cohort(), at)[0], at)
    page = sign_in(boxes.packer()).get(f"/parcels/{parcel.id}").text
    title = page[page.index("<title>") : page.index("</title>")]
    assert parcel.reference in title
    assert "Alder" not in title
    entries = db.session.scalars(select(AuditEntry)).all()
    assert not any("Alder" in str(entry.details) for entry in entries)


def test_only_a_coordinator_cancels_a_parcel(app: Flask, at: datetime, sign_in: SignIn) -> None:
    number = parcels(1, boxes.a_cohort(), at)[0].id
    data = {"seen": "to_confirm", "to": "cancelled"}
    packer, coordinator = sign_in(boxes.packer()), sign_in(boxes.coordinator())
    assert "Cancel this parcel" not in packer.get(f"/parcels/{number}").text
    assert packer.post(f"/parcels/{number}/move", data=data).status_code == 422
    assert "Cancel this parcel" in coordinator.get(f"/parcels/{number}").text
    assert coordinator.post(f"/parcels/{number}/move", data=data).status_code == 303


def test_a_coordinator_is_told_the_number_and_when_it_is_safe_to_ring(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    number = parcels(1, boxes.a_cohort(), at)[0].id
    page = sign_in(boxes.coordinator()).get(f"/parcels/{number}").text
    assert "07700 900123" in page
    assert "9 am to 8 pm" in page
    assert "Do not leave one" in page
    assert "07700" not in sign_in(boxes.packer()).get(f"/parcels/{number}").text


def test_ticking_nothing_is_said(app: Flask, at: datetime, sign_in: SignIn) -> None:
    browser = sign_in(boxes.packer())
    browser.post("/parcels", data={})
    assert "Tick parcels, then choose what happened to them." in browser.get("/parcels").text
