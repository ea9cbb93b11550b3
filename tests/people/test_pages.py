"""Finding people, one person's page, adding, correcting, merging and keeping apart."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.access.viewer import COMMAND_LINE, staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.people.actions import (
    check_can_merge,
    correct_person,
    end_keeping_apart,
    keep_apart,
    merge,
    pair_of,
    undo_merge,
)
from programme.people.bringing_in import bring_in
from programme.people.entries import write_name_words
from programme.people.imports.fields import Field
from programme.people.imports.rows import read_one
from programme.people.listing import Sought, own_families, people_list
from programme.people.models import Consent, FirstConversation, KeepApart, Participant
from programme.people.queries import person_for, todo
from programme.people.rules import ConsentPurpose, Standing
from tests import builders
from tests.counting import counted_queries

SignIn = Callable[[Account], FlaskClient]


def somebody(known_as: str, partner: Partner, **others: object) -> Participant:
    """A person who can be found by name."""
    made = builders.participant(known_as, partner=partner, **others)  # type: ignore[arg-type]
    write_name_words(made)
    db.session.flush()
    return made


def found(at: datetime, text: str = "", **sought: object) -> list[str]:
    wanted = Sought(text=text, **sought)  # type: ignore[arg-type]
    return [row.known_as for row in people_list(COMMAND_LINE, wanted, page=1, at=at).rows]


def typed(**changes: str) -> dict[str, str]:
    """A whole form, with changes."""
    return {
        "first_name": "Leanne", "surname": "Whitmore", "known_as": "", "relationship": "mother",
        "partner": "1", "phone": "07700 900111", "email": "leanne@example.org",
        "ok_to_text": "yes", "full_address": "33 Chapel Row\nStoke", "town": "Plymouth",
        "postcode": "pl4 8aa", "children": "Mia 11", "language": "Polish", **changes,
    }  # fmt: skip


def page_of(browser: FlaskClient, person: Participant) -> str:
    text = browser.get(f"/people/{person.id}").text
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize(
    "text",
    ["o'neill", "ONeill", "Nowák", "nowak o'neill", "Chloe", "07700 900 104", "+447700900104",
     "DONNA.ONEILL@example.org", "chl"],
)  # fmt: skip
def test_a_person_is_found_by_a_word_of_a_name_a_phone_or_an_e_mail(
    lead: Partner, at: datetime, text: str
) -> None:
    somebody("Chloë", lead, surname="O’Neill-Nowak", phone="+447700900104",
             email="donna.oneill@example.org")  # fmt: skip
    somebody("Steph", lead, surname="Coleman")
    assert found(at, text) == ["Chloë"]


@pytest.mark.parametrize("text", ["neill", "07700 900105", "other@example.org", "!!", "%"])
def test_nobody_is_found_by_part_of_a_surname_or_by_anything_else(
    lead: Partner, at: datetime, text: str
) -> None:
    somebody("Donna", lead, surname="O'Neill", phone="+447700900104")
    assert found(at, text) == []


def test_a_merged_entry_is_gone_from_the_list_but_still_finds_the_one_who_was_kept(
    lead: Partner, at: datetime
) -> None:
    kept = somebody("Tracy", lead, phone="+447700900101")
    entry = somebody("Tracey", lead, phone="+447700900199", surname="Hargreaves")
    merge(entry, into=kept, by=COMMAND_LINE, at=at)
    assert found(at) == ["Tracy"]
    assert found(at, "07700 900199") == ["Tracy"]
    assert found(at, "hargreaves") == ["Tracy"]
    undo_merge(entry, by=COMMAND_LINE, at=at)
    assert found(at) == ["Tracey", "Tracy"]
    assert found(at, "hargreaves") == ["Tracey"]


def test_the_list_is_narrowed_by_what_there_is_to_do(lead: Partner, at: datetime) -> None:
    somebody("New", lead)
    spoken = builders.spoken_to(somebody("Spoken", lead))
    late = builders.spoken_to(somebody("Late", lead))
    bare = builders.spoken_to(somebody("Bare", lead))
    bare.household.address_is_complete = False
    bare.household.town = None
    db.session.refresh(late)
    assert late.conversation
    late.conversation.review_on = date(2026, 10, 5)
    assert found(at, standing=Standing.NOT_SPOKEN_TO) == ["New"]
    assert found(at, standing=Standing.REVIEW_DUE) == ["Late"]
    assert found(at, standing=Standing.ADDRESS_MISSING) == ["Bare"]
    assert found(at, standing=Standing.SPOKEN_TO) == ["Bare", "Late", "Spoken"]
    page = people_list(COMMAND_LINE, Sought(), page=1, at=at)
    assert [(row.known_as, row.state) for row in page.rows] == [
        ("Bare", "Address not complete"),
        ("Late", "Agree again how to reach them"),
        ("New", "Not yet spoken to"),
        ("Spoken", "Spoken to"),
    ]
    assert page.rows[0].fact == "Mother, Lead charity. Address lacks: town"
    assert page.counts[Standing.NOT_SPOKEN_TO] == 1
    assert spoken.id


def test_a_coordinator_for_one_partner_sees_its_people_only(
    lead: Partner, sign_in: SignIn, at: datetime
) -> None:
    north = builders.partner("North hub", is_lead=False)
    ours, theirs = somebody("Ours", north), somebody("Theirs", lead)
    browser = sign_in(builders.account(Role.COORDINATOR, partner=north))
    listed = browser.get("/people").text
    assert "Ours" in listed
    assert "Theirs" not in listed
    assert browser.get(f"/people/{ours.id}").status_code == 200
    for path in ("", "/edit", "/conversation", "/merge", "/apart"):
        assert browser.get(f"/people/{theirs.id}{path}").status_code == 404
    for path in ("/edit", "/conversation", "/merge", "/apart", "/consent", "/together", "/unmerge"):
        assert browser.post(f"/people/{theirs.id}{path}").status_code == 404
    merged = browser.post(f"/people/{ours.id}/merge", data={"other": theirs.id})
    assert merged.status_code == 404


def test_the_list_asks_the_database_as_often_for_many_people_as_for_few(
    lead: Partner, browser: FlaskClient
) -> None:
    counts = []
    for size in (3, 12):
        for number in range(size):
            somebody(f"P{size}{number}", lead)
        with counted_queries() as asked:
            assert browser.get("/people?q=p").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_a_long_list_comes_in_pages(lead: Partner, browser: FlaskClient) -> None:
    for number in range(53):
        builders.participant(f"P{number:02}", partner=lead)
    assert "Page 1 of 2" in browser.get("/people").text
    second = browser.get("/people?page=2").text
    assert "P52" in second
    assert "P00" not in second
    assert "Page 2 of 2" in browser.get("/people?page=9").text


def test_looking_at_a_person_leaves_a_trace(
    lead: Partner, browser: FlaskClient, coordinator: Account
) -> None:
    person = somebody("Tracy", lead)
    browser.get(f"/people/{person.id}")
    trace = db.session.scalars(select(AuditEntry).filter_by(action="looked at")).one()
    assert (trace.actor, trace.subject_id) == (f"account:{coordinator.id}", person.id)


def test_a_coordinator_sees_that_an_address_is_complete_and_not_the_address(
    lead: Partner, browser: FlaskClient
) -> None:
    person = somebody("Tracy", lead)
    for page in (f"/people/{person.id}", f"/people/{person.id}/edit", "/people"):
        text = browser.get(page).text
        assert "Alder Close" not in text
        assert "L8 1TJ" not in text
    assert "Address Complete" in page_of(browser, person)
    person.household.town = None
    assert "Missing: town" in page_of(browser, person)


def test_whoever_packs_parcels_too_sees_the_address(lead: Partner, sign_in: SignIn) -> None:
    account = builders.account(Role.COORDINATOR)
    account.grants.append(builders.account(Role.PACKER, name="Pat").grants[0])
    person = somebody("Tracy", lead)
    assert "14 Alder Close" in sign_in(account).get(f"/people/{person.id}").text


def test_a_person_is_added_by_hand_by_the_same_rules_as_a_file(
    lead: Partner, browser: FlaskClient, at: datetime
) -> None:
    answer = browser.post("/people/new", data=typed(partner=str(lead.id)))
    assert (answer.status_code, answer.location) == (303, "/people/1")
    person = db.session.get_one(Participant, 1)
    assert (person.phone, person.language) == ("+447700900111", "pl")
    assert person.household.address_lines == "33 Chapel Row\nStoke"
    assert (person.household.town, person.household.postcode) == ("Plymouth", "PL4 8AA")
    assert person.household.children[0].birth_year == 2015
    assert person.added_at - at < timedelta(minutes=1)
    assert found(at, "whitmore") == ["Leanne"]


def test_what_is_not_right_keeps_what_was_typed_and_says_what_to_do(
    lead: Partner, browser: FlaskClient
) -> None:
    wrong = typed(phone="07700 90", postcode="PL4 8", email="leanne@", relationship="")
    answer = browser.post("/people/new", data=wrong)
    assert answer.status_code == 422
    assert "The phone number 07700 90 is not complete. Correct it, or leave it blank" in answer.text
    assert "The postcode PL4 8 is not complete." in answer.text
    assert "Choose who they are to the child." in answer.text
    assert "Row 0" not in answer.text
    assert 'value="Whitmore"' in answer.text
    assert 'value="07700 90"' in answer.text
    assert db.session.scalar(select(Participant)) is None


def test_adding_somebody_who_may_be_here_asks_first(
    lead: Partner, browser: FlaskClient, at: datetime
) -> None:
    somebody("Leanne", lead, surname="Whitmore", phone="+447700900111")
    asked = browser.post("/people/new", data=typed(partner=str(lead.id)))
    assert asked.status_code == 422
    assert "Leanne, from Lead charity, is here already, with the same phone" in asked.text
    added = browser.post("/people/new", data=typed(partner=str(lead.id), as_another="1"))
    assert added.status_code == 303
    assert len(found(at)) == 2


def test_adding_somebody_whom_another_partner_knows_names_nobody(
    lead: Partner, sign_in: SignIn, at: datetime
) -> None:
    north = builders.partner("North hub", is_lead=False)
    known = somebody("Lee-Anne", lead, surname="Whitmore", phone="+447700900111")
    known.first_name = "Leanne"
    browser = sign_in(builders.account(Role.COORDINATOR, partner=north))
    asked = browser.post("/people/new", data=typed(partner=str(north.id)))
    assert "Ask us before you add this person" in asked.text
    assert "Lee-Anne" not in asked.text
    assert "Lead charity" not in asked.text


def test_correcting_keeps_the_address_that_is_not_shown_or_replaces_the_whole_of_it(
    lead: Partner, browser: FlaskClient
) -> None:
    person = somebody("Tracy", lead)
    blank = typed(full_address="", town="", postcode="", surname="Hargreaves")
    assert browser.post(f"/people/{person.id}/edit", data=blank).status_code == 303
    db.session.refresh(person)
    assert person.surname == "Hargreaves"
    assert person.household.address_lines == "14 Alder Close"
    browser.post(f"/people/{person.id}/edit", data=typed(town=""))
    db.session.refresh(person.household)
    assert person.household.address_lines == "33 Chapel Row\nStoke"
    assert person.household.town is None
    assert not person.household.address_is_complete


def test_the_form_to_correct_holds_what_is_known(lead: Partner, browser: FlaskClient) -> None:
    person = somebody("Tracy", lead, phone="+447700900101", language="ur")
    page = browser.get(f"/people/{person.id}/edit").text
    assert 'value="07700 900101"' in page
    assert 'value="Urdu"' in page


def test_saving_the_form_unchanged_changes_nothing(
    lead: Partner, browser: FlaskClient, at: datetime
) -> None:
    browser.post("/people/new", data=typed(partner=str(lead.id), relationship="step_parent"))
    page = browser.get("/people/1/edit").text
    values = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page))
    values = {name: text for name, text in values.items() if name in typed()}
    before = everything_of(db.session.get_one(Participant, 1))
    answer = browser.post("/people/1/edit", data=values | {"relationship": "step_parent"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert everything_of(db.session.get_one(Participant, 1)) == before


def everything_of(person: Participant) -> tuple[object, ...]:
    columns = [getattr(person, column.key) for column in Participant.__table__.columns]
    home = person.household
    children = [(child.first_name, child.birth_year) for child in home.children]
    return (*columns, home.address_lines, home.town, home.postcode, *children)


def test_two_entries_become_one_and_two_again(
    lead: Partner, browser: FlaskClient, at: datetime
) -> None:
    kept, entry = somebody("Tracy", lead), somebody("Tracey", lead, phone="+447700900199")
    offered = browser.get(f"/people/{kept.id}/merge?q=tracey").text
    assert "It is one person: merge" in offered
    browser.post(f"/people/{kept.id}/merge", data={"other": entry.id})
    assert "Also entered as Tracey 07700 900199" in page_of(browser, kept)
    assert browser.get(f"/people/{entry.id}").status_code == 404
    assert person_for(COMMAND_LINE, entry.id) is None
    assert browser.post(f"/people/{entry.id}/unmerge").status_code == 303
    assert "Also entered as" not in page_of(browser, kept)
    assert browser.get(f"/people/{entry.id}").status_code == 200


def test_what_must_not_be_known_is_not_lost_by_a_merge(
    lead: Partner, browser: FlaskClient, at: datetime
) -> None:
    kept, entry = somebody("Tracy", lead), builders.spoken_to(somebody("Tracey", lead))
    db.session.refresh(entry)
    assert entry.conversation
    entry.conversation.who_must_not_know = "Her mother"
    merge(entry, into=kept, by=COMMAND_LINE, at=at)
    assert "Must not know: Her mother" in page_of(browser, kept)


def test_what_cannot_be_merged(lead: Partner, at: datetime) -> None:
    a, b, c = (somebody(name, lead) for name in "ABC")
    merge(b, into=a, by=COMMAND_LINE, at=at)
    for entry, into in ((a, a), (b, c), (c, b), (a, c)):
        with pytest.raises(Refusal):
            check_can_merge(entry, into=into, by=COMMAND_LINE)
    check_can_merge(c, into=a, by=COMMAND_LINE)
    keep_apart(c, a, by=COMMAND_LINE, at=at)
    with pytest.raises(Refusal, match="kept apart"):
        check_can_merge(c, into=a, by=COMMAND_LINE)
    with pytest.raises(Refusal, match="stands alone"):
        undo_merge(a, by=COMMAND_LINE, at=at)


def test_two_people_are_kept_apart_until_they_may_meet_again(
    lead: Partner, browser: FlaskClient
) -> None:
    one, other = somebody("One", lead), somebody("Other", lead)
    for _ in range(2):
        assert browser.post(f"/people/{other.id}/apart", data={"other": one.id}).status_code == 303
    pair = db.session.scalars(select(KeepApart)).one()
    assert (pair.one_id, pair.other_id) == (one.id, other.id)
    assert "Kept apart from Other" in page_of(browser, one)
    browser.post(f"/people/{one.id}/together", data={"other": other.id})
    assert pair_of(one, other) is None
    assert browser.post(f"/people/{one.id}/apart", data={"other": one.id}).status_code == 422


def test_today_says_whom_to_ring_first(
    app: Flask, lead: Partner, coordinator: Account, at: datetime
) -> None:
    with app.test_request_context():
        viewer = staff_viewer(coordinator, at.date())
        assert todo(viewer, at) == []
        somebody(
            "Second",
            lead,
        ).added_at = at - timedelta(days=1)
        somebody("First", lead).added_at = at - timedelta(days=3)
        late = builders.spoken_to(somebody("Late", lead))
        late.household.address_is_complete = False
        db.session.flush()
        db.session.refresh(late)
        assert late.conversation
        late.conversation.review_on = date(2026, 10, 1)
        with counted_queries() as asked:
            items = todo(viewer, at)
    assert len(asked) <= 4
    assert [(item.title, item.fact) for item in items] == [
        ("2 people not yet spoken to", "Ring First first: here since 3 days ago."),
        (
            "1 person to agree with anew",
            "Nothing goes to them until somebody rings. Late is first.",
        ),
        ("1 person without a complete address", "No parcel can go to them. Late is first."),
    ]
    assert items[0].url == "/people?state=not_spoken_to"


def test_today_says_nothing_to_those_who_cannot_do_it(
    app: Flask, lead: Partner, at: datetime
) -> None:
    somebody("New", lead)
    for role in set(Role) - {Role.COORDINATOR}:
        assert todo(staff_viewer(builders.account(role), at.date()), at) == [], role


def test_a_partners_practitioner_sees_own_families_who_agreed_and_only_names_and_dates(
    lead: Partner, sign_in: SignIn, at: datetime
) -> None:
    north = builders.partner("North hub", is_lead=False)
    builders.spoken_to(somebody("Agreed", north, surname="Secret"))
    somebody("Silent", north)
    changed = builders.spoken_to(somebody("Changed", north))
    builders.spoken_to(somebody("Elsewhere", lead))
    again = Consent(participant_id=changed.id, purpose=ConsentPurpose.PARTNER, wording_version=1,
                    is_given=False, at=at, by="test")  # fmt: skip
    db.session.add(again)
    account = builders.account(Role.PRACTITIONER, partner=north)
    assert [row.known_as for row in own_families(staff_viewer(account, at.date()))] == ["Agreed"]
    page = sign_in(account).get("/families").text
    assert "Tuesday 1 September" in page
    for hidden in ("Secret", "Silent", "Changed", "Elsewhere", "07700", "@example", "Liverpool"):
        assert hidden not in page


def test_actions_refuse_whoever_may_not_change_a_person(lead: Partner, at: datetime) -> None:
    person, other = somebody("One", lead), somebody("Other", lead)
    north = builders.partner("North hub", is_lead=False)
    viewer = staff_viewer(builders.account(Role.COORDINATOR, partner=north), at.date())
    candidate = read_one({Field.FIRST_NAME: "Ann", Field.PHONE: "07700900101"}, row=1, on=at.date())
    attempts: list[Callable[[], object]] = [
        lambda: correct_person(person, candidate, by=viewer, at=at),
        lambda: merge(person, into=other, by=viewer, at=at),
        lambda: undo_merge(person, by=viewer, at=at),
        lambda: keep_apart(person, other, by=viewer, at=at),
        lambda: end_keeping_apart(person, other, by=viewer, at=at),
        lambda: bring_in(
            [candidate], partner_id=lead.id, is_consent_recorded=False, by=viewer, at=at
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal):
            attempt()
    assert db.session.scalar(select(FirstConversation)) is None
