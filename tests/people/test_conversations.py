"""The first conversation, agreeing anew, and consents that change later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from programme.access.models import Account, Partner
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.people.models import Consent, FirstConversation, Participant
from programme.people.queries import consents_of
from programme.people.rules import Channel, ConsentPurpose
from tests import builders


def typed(**changes: object) -> dict[str, object]:
    """A whole conversation, with changes; None leaves a field out."""
    whole = {
        "spoken_on": "2026-10-05", "spoken_by": "Ruth", "known_as": "Trace", "channel": "sms",
        "from_hour": "10", "until_hour": "14", "may_text": "yes",
        "who_must_not_know": "Her mother", "review_on": "2027-01-15",
        "consent": ["taking_part", "messages"], **changes,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def tracy(lead: Partner) -> Participant:
    return builders.participant("Tracy", partner=lead)


def given(person: Participant) -> set[str]:
    return {purpose for purpose, answer in consents_of(person.id).items() if answer.is_given}


def test_a_conversation_is_recorded_whole(
    browser: FlaskClient, tracy: Participant, coordinator: Account, at: datetime
) -> None:
    answer = browser.post(f"/people/{tracy.id}/conversation", data=typed())
    assert (answer.status_code, answer.location) == (303, f"/people/{tracy.id}")
    db.session.refresh(tracy)
    agreed = db.session.scalars(select(FirstConversation)).one()
    assert agreed.at == datetime(2026, 10, 5, 11, tzinfo=UTC)
    assert (agreed.by, agreed.spoken_by) == (coordinator_actor(coordinator), "Ruth")
    assert (agreed.channel, agreed.from_hour, agreed.until_hour) == (Channel.SMS, 10, 14)
    assert agreed.who_must_not_know == "Her mother"
    assert agreed.review_on == date(2027, 1, 15)
    assert not agreed.may_leave_voicemail
    assert tracy.known_as == "Trace"
    assert given(tracy) == {"taking_part", "messages"}
    assert len(consents_of(tracy.id)) == len(ConsentPurpose)
    assert "Her mother" in browser.get(f"/people/{tracy.id}").text


def coordinator_actor(account: Account) -> str:
    return f"account:{account.id}"


def test_a_conversation_of_today_was_held_now(
    browser: FlaskClient, tracy: Participant, at: datetime
) -> None:
    browser.post(f"/people/{tracy.id}/conversation", data=typed(spoken_on="2026-10-06"))
    held = db.session.scalars(select(FirstConversation)).one().at
    assert held - at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"spoken_on": ""}, "Give the day on which you spoke"),
        ({"spoken_on": "2026-10-07"}, "cannot be in the future"),
        ({"spoken_by": " "}, "Say who spoke with them."),
        ({"known_as": ""}, "Say what name to use."),
        ({"channel": None}, "Choose how we may reach them."),
        ({"channel": "pigeon"}, "Choose how we may reach them."),
        ({"from_hour": "15"}, "The hours must begin before they end."),
        ({"until_hour": "25"}, "The hours must begin before they end."),
        ({"review_on": "soon"}, "or leave it blank"),
        ({"may_text": None}, "Texting is not allowed."),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    browser: FlaskClient, tracy: Participant, changes: dict[str, object], sentence: str
) -> None:
    answer = browser.post(f"/people/{tracy.id}/conversation", data=typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Her mother" in answer.text
    assert 'value="messages" checked' in " ".join(answer.text.split())
    assert db.session.scalar(select(FirstConversation)) is None
    assert db.session.scalar(select(Consent)) is None


@pytest.mark.parametrize(("channel", "lacks"), [("email", "email"), ("phone", "phone")])
def test_a_way_that_is_not_known_cannot_be_the_safe_way(
    browser: FlaskClient, tracy: Participant, channel: str, lacks: str
) -> None:
    setattr(tracy, lacks, None)
    answer = browser.post(f"/people/{tracy.id}/conversation", data=typed(channel=channel))
    assert answer.status_code == 422
    assert "yet. Add it first, or choose another way." in answer.text


def test_agreeing_anew_is_a_new_version_and_says_so_in_the_audit(
    browser: FlaskClient, tracy: Participant
) -> None:
    url = f"/people/{tracy.id}/conversation"
    browser.post(url, data=typed())
    page = " ".join(browser.get(url).text.split())
    assert "Agree anew with Trace" in page
    assert 'value="messages" checked' in page
    browser.post(url, data=typed(channel="email", consent=["taking_part"]))
    agreed = db.session.scalars(select(FirstConversation)).one()
    assert (agreed.version, agreed.channel) == (2, Channel.EMAIL)
    recorded = select(AuditEntry).filter_by(action="recorded conversation").order_by(AuditEntry.id)
    traces = db.session.scalars(recorded)
    assert [trace.details["version"] for trace in traces] == [1, 2]
    assert given(tracy) == {"taking_part"}
    answers = select(Consent).filter_by(purpose=ConsentPurpose.MESSAGES).order_by(Consent.id)
    assert [each.is_given for each in db.session.scalars(answers)] == [True, False]


def test_a_consent_is_withdrawn_and_given_again_each_as_its_own_row(
    browser: FlaskClient, tracy: Participant
) -> None:
    browser.post(f"/people/{tracy.id}/conversation", data=typed())
    url = f"/people/{tracy.id}/consent"
    assert browser.post(url, data={"purpose": "messages", "is_given": "0"}).status_code == 303
    assert given(tracy) == {"taking_part"}
    browser.post(url, data={"purpose": "messages", "is_given": "1"})
    assert given(tracy) == {"taking_part", "messages"}
    answers = db.session.scalars(select(Consent).filter_by(purpose=ConsentPurpose.MESSAGES))
    assert len(list(answers)) == 3
    assert browser.post(url, data={"purpose": "flying", "is_given": "1"}).status_code == 400


def test_consent_is_not_given_before_anybody_spoke_but_can_be_withdrawn(
    browser: FlaskClient, tracy: Participant
) -> None:
    url = f"/people/{tracy.id}/consent"
    refused = browser.post(url, data={"purpose": "messages", "is_given": "1"})
    assert refused.status_code == 422
    assert "Record the first conversation first" in refused.text
    assert browser.post(url, data={"purpose": "messages", "is_given": "0"}).status_code == 303
    assert given(tracy) == set()


def test_letters_are_not_agreed_on_where_nothing_can_be_posted(
    browser: FlaskClient, tracy: Participant
) -> None:
    url = f"/people/{tracy.id}/conversation"
    tracy.household.address_is_complete = False
    assert "The address is not complete yet." in browser.post(url, data=typed(channel="post")).text
    tracy.household.do_not_post = True
    assert "Nothing may be posted" in browser.post(url, data=typed(channel="post")).text
    tracy.household.address_is_complete, tracy.household.do_not_post = True, False
    assert browser.post(url, data=typed(channel="post")).status_code == 303
