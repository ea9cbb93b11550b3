"""A programme's own wording is what its families get, in the language they have by then."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from programme.access.rules import Permission, Role
from programme.access.viewer import EVERYTHING, Viewer, staff_viewer
from programme.foundation.audit import AuditEntry
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.actions import send_to_participant
from programme.messages.catalogue import every_text
from programme.messages.jobs import send_due
from programme.messages.languages import language_of
from programme.messages.models import Message, Wording
from programme.messages.queries import latest_wordings
from programme.messages.rendering import render
from programme.messages.rewording import reword, take_back
from programme.messages.rules import State
from programme.messages.templates import Template, load_template
from programme.messages.trying import Sample, try_out
from programme.messages.values import day_value, time_value
from programme.people.models import Participant
from tests import builders
from tests.counting import counted_queries
from tests.messages.conftest import MailServer
from tests.messages.making import person

SAMPLE = Sample("Jo", "Tuesday group")
OURS = Template("See you", "Ours: {known_as} {day} {link}", "Ours too: {link}")


COORDINATOR = Viewer("account:1", "Sam Staff", 1, {Permission.REWORD_TEXTS: EVERYTHING})


def worded(
    app: Flask, text: Template, at: datetime, *, language: str = "en",
    template: str = "remind-day-before", programme: str = "together", by: Viewer | None = None,
) -> Wording:  # fmt: skip
    return reword(
        every_text()[template],
        text,
        shipped=load_template(language, template),
        tried=try_out(text, language_of(language), SAMPLE, app.config["SETTINGS"]),
        programme=programme,
        language=language,
        by=by or COORDINATOR,
        at=at,
    )


def waiting(to: Participant, at: datetime, template: str = "remind-day-before") -> Message:
    message = send_to_participant(
        to,
        template=template,
        values={
            "group": "Tuesday group",
            "day": day_value(at, "Europe/London"),
            "time": time_value(at, "Europe/London"),
            "link": {"link": "my_group", "row": 12},
        },
        due_at=at,
        expires_at=at + timedelta(hours=9),
        at=at,
        sender_name="Tuesday group",
        wording="together",
    )
    db.session.commit()
    return message


def said(app: Flask, message: Message) -> str:
    return render(message, app.config["SETTINGS"]).body


def test_a_message_that_waits_says_the_new_words(app: Flask, at: datetime) -> None:
    message = waiting(person("Jo"), at)
    assert said(app, message).startswith("Hello Jo, we meet Tuesday 6 October, 10 am.")
    worded(app, OURS, at)
    text = render(message, app.config["SETTINGS"])
    assert text.subject == "See you"
    assert text.body.startswith("Ours: Jo Tuesday 6 October http")


def test_the_latest_words_count_and_can_be_given_back(app: Flask, at: datetime) -> None:
    message = waiting(person("Jo"), at)
    worded(app, OURS, at)
    worded(app, Template("Then", "Newer: {link}"), at)
    assert said(app, message).startswith("Newer: http")
    take_back(
        every_text()["remind-day-before"],
        programme="together",
        language="en",
        by=COORDINATOR,
        at=at,
    )
    assert said(app, message).startswith("Hello Jo")
    assert len(db.session.scalars(select(Wording)).all()) == 3


def test_another_programme_keeps_what_ships(app: Flask, at: datetime) -> None:
    worded(app, OURS, at, programme="other")
    assert said(app, waiting(person("Jo"), at)).startswith("Hello Jo")


def test_a_person_gets_the_text_in_the_language_they_have_by_then(app: Flask, at: datetime) -> None:
    jo = person("Jo")
    message = waiting(jo, at)
    jo.language = "pl"
    assert "Spotykamy się: wtorek 6 października, 10:00." in said(app, message)
    assert render(message, app.config["SETTINGS"]).language == "pl"


def test_a_text_that_ships_in_their_language_comes_before_an_english_wording(
    app: Flask, at: datetime
) -> None:
    worded(app, OURS, at)
    nia = person("Nia", language="cy")
    message = waiting(nia, at)
    assert said(app, message).startswith("Helo Nia")
    nia.language = "so"
    assert said(app, message).startswith("Ours: Nia Tuesday")


def test_a_kind_of_a_language_gets_the_wording_of_the_whole_language(
    app: Flask, at: datetime
) -> None:
    worded(app, Template("S", "Eich un chi: {link}"), at, language="cy")
    assert said(app, waiting(person("Nia", language="cy-GB"), at)).startswith("Eich un chi: http")


def test_wordings_cost_a_message_one_question(app: Flask, at: datetime) -> None:
    message = waiting(person("Jo"), at)
    waiting(message.participant or person("No"), at, "thanks")
    assert message.carries == 2
    worded(app, OURS, at)
    worded(app, Template("S", "{public_name} {phone} STOP"), at, template="foot")
    db.session.commit()
    _ = message.participant
    with counted_queries() as queries:
        text = said(app, message)
    assert "Ours too: http" in text
    assert text.endswith("STOP")
    assert len([each for each in queries if "FROM wordings" in each]) == 1


def test_a_text_that_goes_alone_from_now_on_is_not_lost_in_a_message_of_several(
    app: Flask, at: datetime
) -> None:
    message = waiting(person("Jo"), at)
    waiting(message.participant or person("No"), at, "thanks")
    worded(app, Template("S", "Alone: {link}"), at)
    assert "Alone: http" in said(app, message)
    other = waiting(person("Al"), at)
    waiting(other.participant or person("No"), at, "thanks")
    assert other.carries == 1


def test_a_revealing_group_name_keeps_a_text_from_being_sent(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = waiting(person("Jo"), at)
    message.values = message.values.replace("Tuesday group", "Prison dads")
    worded(app, Template("S", "In the {group}: {link}"), at)
    db.session.commit()
    assert send_due(at) == 0
    assert mail_server.mails == []
    assert (message.state, message.reason) == (
        State.FAILED,
        "It would say “prison”, which tells why we know the family.",
    )


def test_a_revealing_sender_keeps_any_text_from_being_sent(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = waiting(person("Jo"), at)
    message.sender_name = "Prison dads"
    db.session.commit()
    assert send_due(at) == 0
    assert message.state is State.FAILED


def test_what_somebody_is_called_is_theirs(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    waiting(person("Paris Court"), at)
    assert send_due(at) == 1


def test_what_was_sent_says_in_which_language(
    app: Flask, at: datetime, mail_server: MailServer
) -> None:
    message = waiting(person("Sana", language="ur"), at)
    unknown = waiting(person("Som", language="so"), at)
    assert send_due(at) == 2
    assert (message.language, unknown.language) == ("ur", "en")
    parts = [mail.get_body(("html",)) for mail in mail_server.mails]
    pages = [part.get_content() for part in parts if part]
    assert any('<html lang="ur" dir="rtl">' in page for page in pages)
    assert any('<html lang="en" dir="ltr">' in page for page in pages)


@pytest.mark.parametrize(
    "text", [Template("S", "No way in"), Template("S", "To prison: {link}"), Template("S", "")]
)
def test_what_cannot_be_used_is_not_kept(app: Flask, at: datetime, text: Template) -> None:
    with pytest.raises(Refusal):
        worded(app, text, at)
    assert latest_wordings("together") == []


def test_only_a_coordinator_of_all_groups_puts_texts_in_other_words(
    app: Flask, at: datetime
) -> None:
    one = builders.partner("One partner")
    limited = builders.account(Role.COORDINATOR, partner=one)
    for account in (limited, builders.account(Role.FACILITATOR)):
        viewer = staff_viewer(account, at.date())
        with pytest.raises(Refusal, match="every group"):
            worded(app, OURS, at, by=viewer)
        with pytest.raises(Refusal, match="every group"):
            take_back(every_text()["thanks"], programme="together", language="en", by=viewer, at=at)
    assert latest_wordings("together") == []


def test_rewording_leaves_a_trace_without_the_words(app: Flask, at: datetime) -> None:
    row = worded(app, OURS, at)
    entry = db.session.scalars(select(AuditEntry).filter_by(action="reworded text")).one()
    assert (entry.subject, entry.subject_id) == ("wordings", row.id)
    assert entry.details == {"template": "remind-day-before", "language": "en"}
