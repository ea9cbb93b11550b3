"""My details: what the link shows without the code, with it, and what each change does."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.codes import newest_code, typed_code
from programme.access.links import link_key
from programme.access.models import Account, PersonalCode
from programme.access.rules import Purpose, Role
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.messages.jobs import send_due
from programme.messages.models import Message
from programme.messages.rules import State, revealing_words
from programme.parcels.making import put_in_parcel
from programme.parcels.models import Parcel
from programme.parcels.rules import ParcelState
from programme.people.jobs import forget_unconfirmed
from programme.people.models import KeepApart, OwnChange, Participant
from programme.people.queries import consents_of
from programme.people.rules import ChangeKind, Channel, ConsentPurpose
from programme.portal.screens import SCREENS
from tests import builders
from tests.conftest import set_clock
from tests.evening import Evening, an_evening
from tests.messages.conftest import MailServer, mail_server, use
from tests.portal.test_my_group import weight

assert mail_server  # a fixture
SignIn = Callable[[Account], FlaskClient]
NEW_PHONE = "07700 900777"


@pytest.fixture
def evening(app: Flask, at: datetime) -> Evening:
    return an_evening("Dawn", "Marek")


@pytest.fixture
def dawn(evening: Evening) -> Participant:
    return evening.people[0]


def page(evening: Evening, number: int = 0) -> str:
    return f"/g/{link_key(Purpose.MY_GROUP, evening.enrolments[number].id)}/details"


def code_for(row_id: int, purpose: Purpose = Purpose.DETAILS) -> str:
    db.session.expire_all()
    return typed_code(newest_code(purpose, row_id) or 0)


def opened(app: Flask, evening: Evening, number: int = 0) -> FlaskClient:
    """A browser in which the code was typed."""
    browser = app.test_client()
    browser.post(page(evening, number))
    code = code_for(evening.enrolments[number].id)
    answer = browser.post(f"{page(evening, number)}/code", data={"code": code})
    assert answer.location == page(evening, number)
    return browser


def change(browser: FlaskClient, url: str, answer: str) -> str:
    """Answer a screen and read what comes of it."""
    return browser.post(url, data={"answer": answer}, follow_redirects=True).text


def messages(template: str) -> list[Message]:
    return list(db.session.scalars(select(Message).filter_by(template=template)))


def only_change(kind: ChangeKind) -> OwnChange:
    db.session.expire_all()
    return db.session.scalars(select(OwnChange).filter_by(kind=kind)).one()


def test_the_link_alone_shows_no_detail_and_changes_none(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    browser, url = app.test_client(), page(evening)
    shown = browser.get(url).text
    for hidden in ("1TJ", "Alder", 'example.org"', "ends"):
        assert hidden not in shown
    for path in (*SCREENS, "phone", "email", "channel", "address", "agreed/post", "old/1", "new/1"):
        for method in ("GET", "POST"):
            answer = browser.open(f"{url}/{path}", method=method, data={"answer": "no"})
            assert (answer.status_code, answer.location) == (303, url), (method, path)
    assert browser.post(f"{url}/address/show").location == url
    assert db.session.scalars(select(OwnChange)).all() == []


def test_a_code_opens_this_browser_for_ten_minutes(app: Flask, evening: Evening) -> None:
    url = page(evening)
    with time_machine.travel("2026-10-06T09:00Z", tick=False) as real:
        browser = opened(app, evening)
        assert "I’m done" in browser.get(url).text
        assert "I’m done" not in app.test_client().get(url).text
        assert "I’m done" not in browser.get(page(evening, 1)).text
        real.shift(timedelta(minutes=9, seconds=59))
        assert "I’m done" in browser.get(url).text
        real.shift(timedelta(seconds=1))
        assert "I’m done" not in browser.get(url).text


@pytest.mark.parametrize(("way", "method"), [("done", "POST"), ("leave", "GET")])
def test_leaving_closes_the_details_again(
    app: Flask, evening: Evening, way: str, method: str
) -> None:
    browser = opened(app, evening)
    shown = browser.get(page(evening)).text
    assert re.search(rf'id="leave"\s+href="{page(evening)}/leave"', shown)
    assert browser.open(f"{page(evening)}/{way}", method=method).status_code in (302, 303)
    assert "I’m done" not in browser.get(page(evening)).text


def test_a_wrong_code_is_counted_and_says_how_many_are_left(app: Flask, evening: Evening) -> None:
    browser, url = app.test_client(), page(evening)
    browser.post(url)
    code = code_for(evening.enrolments[0].id)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for left in ("4 tries", "3 tries", "2 tries", "1 try", "Ask for a new code"):
        answer = browser.post(f"{url}/code", data={"code": wrong}, follow_redirects=True)
        assert left in answer.text
    answer = browser.post(f"{url}/code", data={"code": code}, follow_redirects=True)
    assert "no longer works" in answer.text


def test_the_code_goes_at_once_even_at_night_and_is_not_kept(
    app: Flask, evening: Evening, mail_server: MailServer
) -> None:
    night = datetime.fromisoformat("2026-10-06T02:30+00:00")
    set_clock(night)
    app.test_client().post(page(evening))
    code = code_for(evening.enrolments[0].id)
    assert send_due(night + timedelta(seconds=20)) == 1
    body = mail_server.mails[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith(f"Dawn, your code is {code}. It works for ten minutes.")
    assert code not in str(mail_server.mails[0]["Subject"])
    db.session.expire_all()
    sent = messages("code")[0]
    assert sent.state is State.SENT
    assert code not in f"{sent.values}{sent.text}{sent.subject}{sent.more}"


def test_staff_read_a_code_only_to_pass_it_on_and_only_while_it_works(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth = sign_in(builders.account(Role.COORDINATOR))
    for channel, is_shown in ((Channel.EMAIL, False), (Channel.BY_HAND, True)):
        assert dawn.conversation is not None
        dawn.conversation.channel = channel
        app.test_client().post(page(evening))
        code, message = code_for(evening.enrolments[0].id), messages("code")[-1]
        assert message.channel is channel
        assert (code in ruth.get(f"/outbox/{message.id}").text) is is_shown
        assert code not in ruth.get("/outbox").text
    app.test_client().post(f"{page(evening)}/code", data={"code": code})
    shown = ruth.get(f"/outbox/{message.id}").text
    assert code not in shown
    assert "no longer wanted" in shown


def test_a_code_passed_on_by_hand_is_not_kept_either(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth = sign_in(builders.account(Role.COORDINATOR))
    assert dawn.conversation is not None
    dawn.conversation.channel = Channel.BY_HAND
    app.test_client().post(page(evening))
    code, message = code_for(evening.enrolments[0].id), messages("code")[0]
    assert ruth.post(f"/outbox/{message.id}/sent").status_code == 303
    db.session.expire_all()
    assert message.state is State.SENT
    assert code not in (message.text or "")
    assert code not in ruth.get(f"/outbox/{message.id}").text


def test_a_code_that_is_read_out_on_the_phone_is_not_kept_either(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth = sign_in(builders.account(Role.COORDINATOR))
    assert dawn.conversation is not None
    dawn.conversation.channel = Channel.PHONE
    app.test_client().post(page(evening))
    code, message = code_for(evening.enrolments[0].id), messages("code")[0]
    assert code in ruth.get(f"/calls/{message.id}").text
    assert code not in ruth.get(f"/outbox/{message.id}").text
    assert ruth.post(f"/calls/{message.id}/said").status_code == 303
    db.session.expire_all()
    assert message.state is State.SENT
    assert code not in (message.text or "")
    assert code not in ruth.get(f"/calls/{message.id}").text


def test_who_has_no_quick_safe_way_is_asked_to_ring(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    assert dawn.conversation is not None
    dawn.conversation.channel = Channel.POST
    browser = app.test_client()
    assert "Send me a code" not in browser.get(page(evening)).text
    assert "Ring us" in browser.post(page(evening), follow_redirects=True).text
    assert messages("code") == []


def test_the_fourth_code_of_an_hour_is_refused(app: Flask, evening: Evening) -> None:
    browser = app.test_client()
    for _ in range(3):
        assert browser.post(page(evening)).location == f"{page(evening)}/code"
    assert "Wait an hour" in browser.post(page(evening), follow_redirects=True).text
    assert len(db.session.scalars(select(PersonalCode)).all()) == 3


def test_simple_details_count_at_once_and_what_reaches_them_is_a_new_version(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    browser, url = opened(app, evening), page(evening)
    for name, answer in {
        "name": "Dee", "language": "pl", "print": "yes", "hours": "12-17", "voicemail": "yes",
    }.items():  # fmt: skip
        assert "Saved" in change(browser, f"{url}/{name}", answer), name
    db.session.expire_all()
    agreed = dawn.conversation
    assert agreed is not None
    assert (dawn.known_as, dawn.language, dawn.large_print) == ("Dee", "pl", True)
    assert (agreed.from_hour, agreed.until_hour, agreed.may_leave_voicemail) == (12, 17, True)
    assert (agreed.version, agreed.by) == (3, f"participant:{dawn.id}")
    assert only_change(ChangeKind.REACHING).advice == "Hours: 12.00 to 17.00. Voicemail: yes."


@pytest.mark.parametrize(
    ("name", "answer"), [("name", " "), ("hours", "0-24"), ("language", "xx"), ("texts", "maybe")]
)
def test_an_answer_that_cannot_be_is_refused_in_a_sentence(
    app: Flask, evening: Evening, name: str, answer: str
) -> None:
    browser = opened(app, evening)
    refused = browser.post(f"{page(evening)}/{name}", data={"answer": answer})
    assert refused.status_code == 422
    assert "Error:" in refused.text or "error" in refused.text


def test_whoever_is_reached_by_text_cannot_refuse_texts_before_there_is_another_way(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    browser = opened(app, evening)
    assert dawn.conversation is not None
    dawn.conversation.channel = Channel.SMS
    assert "another way" in change(browser, f"{page(evening)}/texts", "no")
    db.session.expire_all()
    assert dawn.may_text


def test_a_new_phone_counts_once_its_code_is_typed_and_the_old_one_is_told_nothing_else(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    use(app, sms_url="http://127.0.0.1:9/sms")
    browser, url, was = opened(app, evening), page(evening), dawn.phone
    asked = browser.post(f"{url}/phone", data={"answer": NEW_PHONE})
    assert f"{url}/old/" in asked.location
    sent = browser.post(asked.location, data={"answer": "no"})
    new = only_change(ChangeKind.PHONE)
    assert dawn.phone == was
    code_message = messages("code")[-1]
    assert (code_message.channel, code_message.address) == (Channel.SMS, "+447700900777")
    typed = {"code": code_for(new.id, Purpose.NEW_CONTACT)}
    assert "From now on" in browser.post(sent.location, data=typed, follow_redirects=True).text
    db.session.expire_all()
    assert dawn.phone == "+447700900777"
    told = messages("details-changed")
    assert [(one.channel, one.address) for one in told] == [(Channel.SMS, was)]
    assert dawn.conversation is not None
    assert dawn.conversation.version == 2


def test_where_somebody_else_reads_the_old_one_nothing_goes_there_and_its_links_close(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    browser, url = opened(app, evening), page(evening)
    asked = browser.post(f"{url}/email", data={"answer": "dawn.new@example.org"})
    sent = browser.post(asked.location, data={"answer": "yes"})
    new = only_change(ChangeKind.EMAIL)
    typed = {"code": code_for(new.id, Purpose.NEW_CONTACT)}
    done = browser.post(sent.location, data=typed)
    db.session.expire_all()
    assert dawn.email == "dawn.new@example.org"
    assert messages("details-changed") == []
    assert browser.get(url).status_code == 404
    assert done.location == page(evening) != url
    assert "I’m done" in browser.get(done.location).text


def test_a_new_contact_that_is_not_confirmed_never_counts_and_is_forgotten(
    app: Flask, evening: Evening, dawn: Participant, at: datetime
) -> None:
    browser, url, was = opened(app, evening), page(evening), dawn.phone
    browser.post(f"{url}/phone", data={"answer": NEW_PHONE})
    new = only_change(ChangeKind.PHONE)
    sent = browser.post(f"{url}/old/{new.id}", data={"answer": "no"})
    wrong = f"{(int(code_for(new.id, Purpose.NEW_CONTACT)) + 1) % 1_000_000:06}"
    said = browser.post(sent.location, data={"code": wrong}, follow_redirects=True).text
    assert "4 tries left" in said
    assert dawn.phone == was
    marek = opened(app, evening, 1)
    assert marek.get(f"{page(evening, 1)}/new/{new.id}").status_code == 404
    assert forget_unconfirmed(at + timedelta(hours=23)) == 0
    assert forget_unconfirmed(at + timedelta(hours=25)) == 1


@pytest.mark.parametrize("way", ["phone", "post"])
def test_a_way_that_no_code_can_confirm_waits_for_a_person(
    app: Flask, evening: Evening, dawn: Participant, way: str
) -> None:
    browser = opened(app, evening)
    assert "One of us rings you" in change(browser, f"{page(evening)}/channel", way)
    db.session.expire_all()
    assert dawn.conversation is not None
    assert dawn.conversation.channel is Channel.EMAIL
    assert only_change(ChangeKind.CHANNEL).waits_for_a_person


def test_the_address_is_hidden_until_it_is_asked_for_and_that_is_written_down(
    app: Flask, evening: Evening
) -> None:
    browser, url = opened(app, evening), page(evening)
    for path in ("", "/address"):
        assert "Alder Close" not in browser.get(url + path).text
    assert "Alder Close" in browser.post(f"{url}/address/show").text
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert "showed own address" in actions
    assert "Alder Close" not in browser.get(f"{url}/address").text


NEW_ADDRESS = {"lines": "7 Birch Road", "town": "Leeds", "postcode": "ls1 4ap"}


def test_a_new_address_counts_and_a_parcel_keeps_the_one_that_was_confirmed(
    app: Flask, evening: Evening, dawn: Participant, at: datetime
) -> None:
    parcel = put_in_parcel(dawn, evening.cohort, by=evening.viewer(), at=at)
    parcel.state, parcel.address = ParcelState.PACKED, '{"lines": ["14 Alder Close"]}'
    browser, url = opened(app, evening), page(evening)
    assert "has the old address on it" in browser.get(f"{url}/address").text
    said = browser.post(f"{url}/address", data=NEW_ADDRESS, follow_redirects=True).text
    assert "We will ring you before it goes" in said
    db.session.expire_all()
    home = dawn.household
    assert (home.address_lines, home.town, home.postcode) == ("7 Birch Road", "Leeds", "LS1 4AP")
    assert db.session.get_one(Parcel, parcel.id).address == '{"lines": ["14 Alder Close"]}'
    assert "made ready for the address before" in only_change(ChangeKind.ADDRESS).advice


@pytest.mark.parametrize("missing", ["lines", "town", "postcode"])
def test_half_an_address_is_refused(
    app: Flask, evening: Evening, dawn: Participant, missing: str
) -> None:
    browser = opened(app, evening)
    refused = browser.post(f"{page(evening)}/address", data=NEW_ADDRESS | {missing: ""})
    assert refused.status_code == 422
    db.session.expire_all()
    assert dawn.household.town == "Liverpool"


def test_who_shares_a_home_tells_the_other_nothing_by_moving(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    marek = evening.people[1]
    marek.household = dawn.household
    browser = opened(app, evening)
    said = browser.post(f"{page(evening)}/address", data=NEW_ADDRESS, follow_redirects=True).text
    assert "ring you before we change it" in said
    db.session.expire_all()
    assert marek.household.town == "Liverpool"
    other = opened(app, evening, 1)
    shown = other.post(f"{page(evening, 1)}/address/show").text
    assert "Alder Close" in shown
    assert "Leeds" not in shown
    db.session.add(KeepApart(one_id=dawn.id, other_id=marek.id, at=builders.EARLY, by="test"))
    assert "Alder Close" not in other.post(f"{page(evening, 1)}/address/show").text


def test_who_moved_out_gets_a_home_of_their_own_from_whoever_rang(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth, marek = sign_in(builders.account(Role.COORDINATOR)), evening.people[1]
    marek.household = dawn.household
    opened(app, evening).post(f"{page(evening)}/address", data=NEW_ADDRESS)
    wish = only_change(ChangeKind.ADDRESS)
    shown = ruth.get(f"/people/{dawn.id}").text
    assert "ask who moved" in shown
    assert "Birch" not in shown
    assert ruth.post(f"/people/changes/{wish.id}/use").status_code == 303
    db.session.expire_all()
    assert (dawn.household.town, marek.household.town) == ("Leeds", "Liverpool")


def test_consent_is_given_and_withdrawn_and_we_are_told_of_what_is_withdrawn(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    browser, url = opened(app, evening), page(evening)
    for answer in ("no", "no", "yes", "no"):
        assert "Saved" in change(browser, f"{url}/agreed/post", answer)
    db.session.expire_all()
    said = consents_of(dawn.id)[ConsentPurpose.POST]
    assert (said.is_given, said.by) == (False, f"participant:{dawn.id}")
    assert only_change(ChangeKind.CONSENT).advice == "No longer: parcel by post."
    assert browser.get(f"{url}/agreed/anything").status_code == 404


def test_today_says_who_changed_what_and_a_coordinator_checks_or_puts_it_back(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth, was = sign_in(builders.account(Role.COORDINATOR)), dawn.phone
    browser, url = opened(app, evening), page(evening)
    assert "changed their details" not in ruth.get("/").text
    asked = browser.post(f"{url}/phone", data={"answer": NEW_PHONE})
    assert "changed their details" not in ruth.get("/").text
    sent = browser.post(asked.location, data={"answer": "no"})
    number = only_change(ChangeKind.PHONE).id
    browser.post(sent.location, data={"code": code_for(number, Purpose.NEW_CONTACT)})
    assert "Dawn changed their details: ring to check" in ruth.get("/").text
    shown = ruth.get(f"/people/{dawn.id}").text
    assert "07700 900777" in shown
    assert "Before: 07700 900000" in shown
    assert ruth.post(f"/people/changes/{number}/back").status_code == 303
    db.session.expire_all()
    assert dawn.phone == was
    kept = db.session.get_one(OwnChange, number)
    assert (kept.was, kept.value) == (None, None)
    assert "changed their details" not in ruth.get("/").text
    assert ruth.post(f"/people/changes/{number}/back").status_code == 404


def test_a_wish_is_taken_up_by_whoever_rang(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth = sign_in(builders.account(Role.COORDINATOR))
    change(opened(app, evening), f"{page(evening)}/channel", "phone")
    number = only_change(ChangeKind.CHANNEL).id
    assert ruth.post(f"/people/changes/{number}/back").status_code == 422
    assert ruth.post(f"/people/changes/{number}/use").status_code == 303
    db.session.expire_all()
    assert dawn.conversation is not None
    assert dawn.conversation.channel is Channel.PHONE


def test_somebody_elses_coordinator_finds_no_change(
    app: Flask, evening: Evening, sign_in: SignIn
) -> None:
    change(opened(app, evening), f"{page(evening)}/channel", "phone")
    number = only_change(ChangeKind.CHANNEL).id
    other = builders.partner("Other", is_lead=False)
    stranger = sign_in(builders.account(Role.COORDINATOR, partner=other))
    assert stranger.post(f"/people/changes/{number}/checked").status_code == 404
    assert "changed their details" not in stranger.get("/").text


def test_asking_for_a_call_twice_is_one_call_and_today_says_when(
    app: Flask, evening: Evening, dawn: Participant, sign_in: SignIn
) -> None:
    ruth, url = (
        sign_in(builders.account(Role.COORDINATOR)),
        page(evening).replace("details", "talk"),
    )
    browser = app.test_client()
    for _ in range(2):
        assert "will ring you" in browser.post(url, follow_redirects=True).text
    asked = only_change(ChangeKind.RING_ME)
    today = " ".join(ruth.get("/").text.split())
    assert "Ring Dawn: they ask for a call" in today
    assert "Ring between 9.00 and 20.00. Leave no voicemail." in today
    ruth.post(f"/people/changes/{asked.id}/checked")
    assert "ask for a call" not in ruth.get("/").text
    assert "Ring me" in browser.get(url).text


def test_only_checked_helplines_are_shown_to_a_real_family(app: Flask, evening: Evening) -> None:
    url = page(evening).replace("details", "talk")
    shown = app.test_client().get(url).text
    assert "999" in shown
    assert "Samaritans" not in shown
    use(app, demonstration=True)
    shown = app.test_client().get(url).text
    assert "Samaritans" in shown
    assert "Families Outside" not in shown  # they live in England
    reveals = shown.index("National Prisoners")
    assert shown.index("<details>") < reveals


def walk(app: Flask, evening: Evening) -> list[tuple[str, Any]]:
    browser, url = opened(app, evening), page(evening)
    paths = [*SCREENS, "phone", "email", "channel", "address", "agreed/messages", "code"]
    urls = [url, *(f"{url}/{path}" for path in paths), url.replace("details", "talk")]
    return [(each, browser.get(each)) for each in urls]


def test_nothing_in_titles_addresses_or_headers_says_whose_it_is(
    app: Flask, evening: Evening, dawn: Participant
) -> None:
    dawn.surname = "Quillfeather"
    for url, answer in walk(app, evening):
        assert answer.status_code == 200, url
        assert "<title>Family groups</title>" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'id="leave"' in answer.text
        assert "Quillfeather" not in answer.text
        assert "Alder" not in answer.text
        assert dawn.phone is not None
        assert dawn.phone[-9:] not in answer.text
        assert revealing_words(url.partition("/g/")[2][29:].replace("/", " ")) == []
        assert revealing_words(re.sub(r"<[^>]+>", " ", answer.text)) == [], url


def test_every_page_is_light(app: Flask, evening: Evening) -> None:
    browser, url = opened(app, evening), page(evening)
    for path in ("", "/code", "/phone", "/language", "/address"):
        assert weight(browser, url + path) < 60_000, path
    assert weight(browser, url.replace("details", "talk")) < 60_000
