"""What every text says, for the longest names: nothing revealing, and one text message."""

import json
from pathlib import Path

import pytest
from flask import Flask

from programme.access.rules import Role
from programme.messages.models import Message
from programme.messages.rendering import (
    TEMPLATES,
    TemplateError,
    fill,
    load_template,
    render,
)
from programme.messages.rules import revealing_words
from programme.messages.segments import count_segments
from programme.messages.smtp import as_html, compose
from programme.messages.transport import Letter
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders
from tests.messages.conftest import use

ALL = sorted(path for path in TEMPLATES.glob("*/*.txt"))
TO_STAFF = {"register-nudge"}
TO_PARENTS = [path for path in ALL if path.stem not in TO_STAFF]
LONGEST = {
    "group": "Wednesday evening group",
    "day": "Wednesday 30 September",
    "time": "10.30 am",
    "link": {"link": "questionnaire", "row": 2**31 - 1},
}


def message(path: Path, channel: Channel) -> Message:
    """A message of that template to somebody with a long name."""
    is_staff = path.stem in TO_STAFF
    return Message(
        key="0" * 32,
        channel=channel,
        language=path.parent.name,
        template=path.stem,
        values=json.dumps(LONGEST),
        sender_name=LONGEST["group"],
        participant_id=None if is_staff else 1,
        participant=None if is_staff else Participant(known_as="Maryam-Alexandria"),
        account=builders.account(Role.FACILITATOR) if is_staff else None,
    )


@pytest.fixture
def real_names(app: Flask) -> None:
    use(app, link_base="https://groups.example.org", public_name="Family groups")


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_no_text_subject_sender_or_link_says_what_we_are(
    app: Flask, real_names: None, path: Path, channel: Channel
) -> None:
    made = message(path, channel)
    text = render(made, app.config["SETTINGS"])
    mail = compose(letter(made, text.subject, text.body), app.config["SETTINGS"])
    seen = [text.subject, text.body, as_html(letter(made, text.subject, text.body))]
    seen += [f"{name}: {value}" for name, value in mail.items()]
    assert [revealing_words(each) for each in seen] == [[] for _ in seen]
    assert "{" not in text.subject + text.body
    assert "!" not in text.subject + text.body
    assert len(text.subject) <= 60


@pytest.mark.parametrize("path", TO_PARENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_text_to_a_parent_fits_one_text_message(
    app: Flask, real_names: None, path: Path
) -> None:
    text = render(message(path, Channel.SMS), app.config["SETTINGS"])
    assert count_segments(text.body) == 1, f"{len(text.body)}: {text.body}"


def test_a_revealing_word_in_a_text_would_be_noticed() -> None:
    assert revealing_words("Subject: Your prison group") == ["prison"]


def test_an_unknown_language_falls_back_to_its_parent_and_to_english() -> None:
    english = load_template("en", "welcome")
    assert load_template("ur", "welcome") == load_template("en-GB", "welcome") == english


@pytest.mark.parametrize("name", ["../en/welcome", "no-such-text", "", "a/b"])
def test_only_templates_of_ours_are_read(name: str) -> None:
    with pytest.raises(TemplateError):
        load_template("en", name)


def test_what_is_put_in_is_never_filled_again_nor_looked_into() -> None:
    values = {"known_as": "{link} {0.__class__} %s", "link": "secret"}
    assert fill("Hello {known_as}", values) == "Hello {link} {0.__class__} %s"
    assert fill("{known_as.__class__} {0}", values) == "{known_as.__class__} {0}"


def test_a_text_that_asks_for_what_is_not_there_is_not_sent() -> None:
    with pytest.raises(TemplateError, match=r"\{day\}"):
        fill("See you {day}", {})


def test_names_cannot_put_markup_into_the_html_part(app: Flask) -> None:
    html = as_html(letter(message(ALL[0], Channel.EMAIL), "<b>", 'Hello <img src="x">'))
    assert "<img" not in html
    assert "&lt;b&gt;" in html


def letter(made: Message, subject: str, body: str) -> Letter:
    return Letter(
        message_id=1,
        attempt=1,
        key=made.key,
        channel=made.channel,
        to="somebody@example.org",
        language=made.language,
        subject=subject,
        body=body,
        sender_name=made.sender_name,
        give_up_at=builders.EARLY,
    )
