"""A partner's file, from the upload to the last button."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from programme import timetable
from programme.access.models import Account, Partner
from programme.access.rules import Role
from programme.foundation.audit import AuditEntry
from programme.foundation.database import Record, db
from programme.people.imports.fields import Field
from programme.people.models import (
    Child,
    Consent,
    FirstConversation,
    Household,
    Participant,
    Upload,
)
from programme.people.rules import Channel, ConsentPurpose, Relationship
from programme.people.uploads import choices_of
from tests import builders
from tests.conftest import set_clock
from tests.counting import counted_queries
from tests.people.conftest import AUTUMN

Send = Callable[..., TestResponse]
SignIn = Callable[[Account], FlaskClient]
PREVIEW = "/people/import/1"


def count(table: type[Record]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def people() -> dict[str, Participant]:
    return {person.known_as: person for person in db.session.scalars(select(Participant))}


def words(browser: FlaskClient) -> str:
    """What becomes of the rows, as the preview says it."""
    found = re.search(r'class="lead">\s*([^<]+?)\s*<', browser.get(PREVIEW).text)
    assert found
    return found[1]


def bring_in(browser: FlaskClient, expected: int, **ticked: str) -> TestResponse:
    return browser.post(PREVIEW, data={"expected": expected, **ticked})


def test_a_messy_file_comes_in_row_by_row_and_nothing_is_saved_before(
    send: Send, browser: FlaskClient
) -> None:
    sent = send()
    assert (sent.status_code, sent.location) == (303, PREVIEW)
    assert words(browser) == "10 of 13 can come in; 2 need mending; 1 is here twice."
    page = browser.get(PREVIEW).text
    assert "The postcode PL4 8 is not complete." in page
    assert "Row 16: A total or a count, not a person." in page
    columns = {f"column-{n}": f.value for n, f in choices_of(upload()).mapping.items()}
    assert columns["column-17"] == Field.NOTES
    changed = browser.post(f"{PREVIEW}/columns", data=columns | {"column-17": "access_needs"})
    assert changed.status_code == 303
    assert "evening" not in str(choices_of(upload()).mapping)
    browser.post(f"{PREVIEW}/columns", data=columns)
    mend = {"row": 13, "phone": "07700 900111", "email": "leanne.w@example.org"}
    mended = browser.post(f"{PREVIEW}/rows", data=mend)
    assert mended.location.endswith("#row-13")
    assert "07700 900111" not in words(browser)
    browser.post(f"{PREVIEW}/rows", data={"row": 13, "postcode": "PL4 8AA"})
    browser.post(f"{PREVIEW}/rows", data={"leave_out": 14})
    assert words(browser) == "11 of 13 can come in; 1 is here twice; 1 is left out."
    assert count(Participant) == count(Household) == count(FirstConversation) == 0
    assert bring_in(browser, 11).location == PREVIEW
    assert "11 people are in" in browser.get(PREVIEW).text
    assert count(Participant) == 11
    leanne = people()["Leanne"]
    assert (leanne.phone, leanne.email) == ("+447700900111", "leanne.w@example.org")
    assert leanne.household.postcode == "PL4 8AA"
    assert leanne.household.address_is_complete
    assert "Rob" not in people()


def upload() -> Upload:
    return db.session.scalars(select(Upload)).one()


def test_a_double_tap_brings_in_once_and_the_file_is_gone_then(
    send: Send, browser: FlaskClient
) -> None:
    send()
    assert bring_in(browser, 10).status_code == 303
    assert bring_in(browser, 10).status_code == 303
    assert count(Participant) == 10
    assert upload().content == b""
    assert "Tracy" not in upload().choices
    assert browser.post(f"{PREVIEW}/rows", data={"leave_out": 3}).status_code == 422


def test_another_number_than_on_the_button_brings_in_nobody(
    send: Send, browser: FlaskClient
) -> None:
    send()
    refused = bring_in(browser, 11)
    assert refused.status_code == 422
    assert "10 people can come in now, not 11" in refused.text
    assert count(Participant) == 0
    assert upload().confirmed_at is None


def test_what_is_in_the_file_is_in_the_rows(send: Send, browser: FlaskClient) -> None:
    send()
    bring_in(browser, 10)
    tracy, steph, marek = (people()[name] for name in ("Tracy", "Steph", "Marek"))
    assert tracy.relationship_to_child is Relationship.GRANDPARENT
    assert tracy.large_print
    assert tracy.phone == "+447700900101"
    assert [child.birth_year for child in tracy.household.children] == [2010, 2017, 2020]
    assert (steph.first_name, steph.allergies) == ("Stephanie", "nuts")
    assert (marek.surname, marek.language) == ("Nowák", "pl")
    assert people()["Chloë"].household.do_not_post
    assert not people()["Donna"].may_text
    assert count(FirstConversation) == count(Consent) == 0


def test_two_people_at_one_address_with_one_surname_are_one_household(
    send: Send, browser: FlaskClient
) -> None:
    send()
    bring_in(browser, 10)
    samuel, priya = people()["Sam"], people()["Priya"]
    assert samuel.phone == priya.phone
    assert samuel.household_id == priya.household_id
    assert [child.first_name for child in samuel.household.children] == ["Dev"]
    assert count(Household) == 9


def test_one_phone_at_two_addresses_is_two_households(send: Send, browser: FlaskClient) -> None:
    send(
        b"Name,Phone,Address 1,Town,Postcode,Children\n"
        b"Ann Lee,07700900101,1 High Street,Leeds,LS1 1AA,Ada 4\n"
        b"Bob Lee,07700900101,2 Low Street,Leeds,LS2 7AA,Ben 5\n"
        b"Cat Lee,07700900101,,,,Ada 4; Cy 2\n"
    )
    bring_in(browser, 3)
    ann, bob, cat = (people()[name] for name in ("Ann", "Bob", "Cat"))
    assert ann.household_id != bob.household_id
    assert cat.household_id in (ann.household_id, bob.household_id)
    assert count(Child) == 3 + (cat.household_id == bob.household_id)


def test_a_partners_record_of_consent_counts_for_rows_with_a_date_and_no_warning(
    send: Send, browser: FlaskClient
) -> None:
    send(
        b"Name,Phone,Email,OK to text,Consent date,Notes,Do not post\n"
        b"Ann Lee,07700900101,ann@example.org,Y,3/9/2026,,\n"
        b"Bob Day,07700900102,,Y,,,\n"
        b"Cat Fox,07700900103,,N,4/9/2026,,yes\n"
        b"Dee Roe,07700900104,,Y,4/9/2026,her partner must not know,\n"
    )
    assert "3 of them have a date of consent" in browser.get(PREVIEW).text.replace("\n", " ")
    bring_in(browser, 4, recorded="1")
    ann, bob, cat, dee = (people()[name] for name in ("Ann", "Bob", "Cat", "Dee"))
    assert ann.conversation
    assert ann.conversation.from_partners_file
    assert ann.conversation.channel is Channel.EMAIL
    assert ann.conversation.at.date().isoformat() == "2026-09-03"
    assert bob.conversation is None
    assert dee.conversation is None
    assert cat.conversation
    assert cat.conversation.channel is Channel.PHONE
    post = select(Consent.is_given).filter_by(purpose=ConsentPurpose.POST)
    assert db.session.scalar(post.filter_by(participant_id=cat.id)) is False
    assert db.session.scalar(post.filter_by(participant_id=ann.id)) is True
    partner = select(Consent).filter_by(purpose=ConsentPurpose.PARTNER)
    assert db.session.scalar(partner) is None


def test_somebody_here_already_is_named_and_taken_in_only_on_purpose(
    send: Send, browser: FlaskClient, lead: Partner
) -> None:
    builders.participant("Gwen", partner=lead, surname="ap Rhys", phone="+447700900113", email=None)
    builders.participant("Someone", partner=lead, phone="+447700900103", email=None)
    send()
    assert "1 may be here already" in words(browser)
    assert "Gwen, from Lead charity, is here already" in browser.get(PREVIEW).text
    browser.post(f"{PREVIEW}/rows", data={"as_another": 15})
    assert words(browser) == "10 of 13 can come in; 2 need mending; 1 is here twice."


def test_somebody_merged_is_recognised_as_the_one_who_was_kept(
    send: Send, browser: FlaskClient, lead: Partner
) -> None:
    kept = builders.participant("Gwenny", partner=lead, phone=None, email=None)
    entry = builders.participant("Gwen", partner=lead, surname="ap Rhys", phone="+447700900113")
    entry.merged_into_id = kept.id
    send()
    assert f'href="/people/{kept.id}"' in browser.get(PREVIEW).text


def test_somebody_of_another_partner_is_not_named(
    lead: Partner, sign_in: SignIn, at: datetime
) -> None:
    north = builders.partner("North hub", is_lead=False)
    builders.participant("Gwenny", partner=lead, surname="ap Rhys", phone="+447700900113")
    browser = sign_in(builders.account(Role.COORDINATOR, partner=north))
    browser.post("/people/import", data={"partner": north.id, "file": (BytesIO(AUTUMN), "f.csv")})
    page = browser.get(PREVIEW).text
    assert "Ask us about row 15" in page
    assert "Gwenny" not in page
    assert "Lead charity" not in page
    assert '/people/1"' not in page


def test_a_file_for_a_partner_out_of_reach_is_refused(
    lead: Partner, sign_in: SignIn, at: datetime
) -> None:
    north = builders.partner("North hub", is_lead=False)
    browser = sign_in(builders.account(Role.COORDINATOR, partner=north))
    file = (BytesIO(AUTUMN), "f.csv")
    assert (
        browser.post("/people/import", data={"partner": lead.id, "file": file}).status_code == 422
    )
    assert count(Upload) == 0


def test_an_upload_is_its_senders_alone(send: Send, sign_in: SignIn) -> None:
    send()
    other = sign_in(builders.account(Role.COORDINATOR, name="Olu Other"))
    assert other.get(PREVIEW).status_code == 404
    assert bring_in(other, 10).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7 something", "This is a PDF, not a spreadsheet"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x7fELF" + b"\x00" * 50, "This is a program"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"one two three\nfour", "no row of headings"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_in_one_sentence_and_not_kept(
    send: Send, content: bytes, sentence: str
) -> None:
    refused = send(content)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert count(Upload) == 0


def test_a_body_larger_than_anything_we_read_is_refused_in_the_same_way(
    browser: FlaskClient, lead: Partner
) -> None:
    kind = "multipart/form-data; boundary=x"
    refused = browser.post("/people/import", data=b"x" * 7_000_000, content_type=kind)
    assert refused.status_code == 422
    assert "larger than 5 MB" in refused.text


def test_no_file_at_all_is_asked_for(browser: FlaskClient, lead: Partner) -> None:
    assert browser.post("/people/import", data={"partner": lead.id}).status_code == 422


def test_an_upload_is_gone_after_a_day(send: Send, browser: FlaskClient, at: datetime) -> None:
    send()
    set_clock(at + timedelta(hours=23))
    assert timetable.run_all(at + timedelta(hours=23))["people: forget files"] == 0
    assert browser.get(PREVIEW).status_code == 200
    set_clock(at + timedelta(hours=24, minutes=1))
    assert browser.get(PREVIEW).status_code == 404
    assert "Not finished yet" not in browser.get("/people/import").text
    assert timetable.run_all(at + timedelta(hours=24, minutes=1))["people: forget files"] == 1
    assert count(Upload) == 0


def test_a_file_can_be_thrown_away_at_once(send: Send, browser: FlaskClient) -> None:
    send()
    assert "families.csv" in browser.get("/people/import").text
    assert browser.post(f"{PREVIEW}/forget").status_code == 303
    assert count(Upload) == 0


def test_a_row_left_out_can_be_taken_in_again(send: Send, browser: FlaskClient) -> None:
    send()
    browser.post(f"{PREVIEW}/rows", data={"leave_out": 2})
    assert "1 is left out" in words(browser)
    assert "here twice" not in words(browser)
    browser.post(f"{PREVIEW}/rows", data={"take_in": 2})
    assert words(browser) == "10 of 13 can come in; 2 need mending; 1 is here twice."


def test_a_row_still_not_right_keeps_what_was_typed(send: Send, browser: FlaskClient) -> None:
    send()
    browser.post(f"{PREVIEW}/rows", data={"row": 13, "phone": "07700 9", "email": "a@example.org"})
    page = browser.get(PREVIEW).text
    assert 'value="07700 9"' in page
    assert 'id="row-13-email"' not in page


def test_the_preview_asks_the_database_as_often_for_many_rows_as_for_few(
    send: Send, browser: FlaskClient
) -> None:
    few, many = (
        "Name,Phone\n" + "".join(f"Ann Lee{i},07700900{i:03}\n" for i in range(size))
        for size in (5, 50)
    )
    counts = []
    for number, content in ((1, few), (2, many)):
        send(content.encode())
        with counted_queries() as asked:
            assert browser.get(f"/people/import/{number}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_bringing_in_leaves_a_trace_for_the_file_and_for_each_person(
    send: Send, browser: FlaskClient
) -> None:
    send()
    bring_in(browser, 10)
    traces = db.session.execute(
        select(AuditEntry.action, func.count()).group_by(AuditEntry.action)
    ).all()
    assert dict(map(tuple, traces)) | {"signed in": 1} == {
        "signed in": 1, "uploaded a file": 1, "brought in": 10, "brought in a file": 1,
    }  # fmt: skip


def test_what_was_uploaded_stands_nowhere_in_clear(send: Send, app: Flask) -> None:
    send()
    raw = db.session.execute(select(Upload.__table__)).one()
    raw = db.session.connection().exec_driver_sql("SELECT filename, content, choices FROM uploads")
    for text in raw.one():
        assert b"Hargreaves" not in bytes(text)
        assert b"families" not in bytes(text)
