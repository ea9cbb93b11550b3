"""What every text says, for the longest names: nothing revealing, and one text message."""

import json
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from flask import Flask

from programme.access.rules import Role
from programme.messages.catalogue import every_text
from programme.messages.composing import as_html, compose
from programme.messages.languages import TEXTS, every_language, language_of
from programme.messages.models import Message
from programme.messages.rendering import render
from programme.messages.rules import revealing_words
from programme.messages.segments import count_segments, measure
from programme.messages.templates import PLACEHOLDER, TemplateError, fill, load_template
from programme.messages.transport import Attachment, Letter
from programme.people.models import Participant
from programme.people.rules import Channel
from tests import builders
from tests.conftest import on_sqlite
from tests.messages.conftest import use

ALL = sorted(path for path in TEXTS.glob("*/*.txt"))
ABOUT = every_text()
TO_PARENTS = [path for path in ALL if not ABOUT[path.stem].is_for_staff]
MESSAGES = [path for path in TO_PARENTS if not ABOUT[path.stem].is_part]
ONE_OR_MORE = {"en": 1, "cy": 1, "pl": 3, "ur": 3}
"""How many text messages a text may take for the longest names. Urdu has its own letters, and
Polish keeps its own: 67 of them go into each of several."""


def longest(language: str) -> dict[str, object]:
    """What takes the most room in a language."""
    said = language_of(language)
    return {
        "group": "Wednesday evening group",
        "day": said.longest_day(),
        "time": said.longest_time(),
        "people": "12 people",
        "link": {"link": "questionnaire", "row": 2**31 - 1},
        "code": "123456",
    }


def message(path: Path, channel: Channel) -> Message:
    """A message of that template to somebody with a long name."""
    is_staff = ABOUT[path.stem].is_for_staff
    values = longest(path.parent.name)
    return Message(
        key="0" * 32,
        channel=channel,
        language=path.parent.name,
        template=path.stem,
        values=json.dumps(values),
        sender_name=str(values["group"]),
        participant_id=None if is_staff else 1,
        participant=None if is_staff else Participant(known_as="Maryam-Alexandria"),
        account=builders.account(Role.FACILITATOR) if is_staff else None,
    )


@pytest.fixture
def real_names(app: Flask) -> None:
    use(app, link_base="https://groups.example.org", public_name="Family groups")


@on_sqlite
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


@on_sqlite
@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_text_to_a_parent_takes_as_few_text_messages_as_its_letters_allow(
    app: Flask, real_names: None, path: Path
) -> None:
    text = render(message(path, Channel.SMS), app.config["SETTINGS"])
    assert count_segments(text.body) <= ONE_OR_MORE[path.parent.name], measure(text.body).in_words


@pytest.mark.parametrize("language", sorted(set(every_language()) - {"en"}))
def test_a_language_has_every_text_that_families_get_and_asks_for_the_same(language: str) -> None:
    english = {path.stem for path in TO_PARENTS if path.parent.name == "en"}
    assert {path.stem for path in ALL if path.parent.name == language} == english
    for name in english:
        ours, theirs = load_template("en", name), load_template(language, name)
        assert theirs.language == language
        for one, other in ((ours.body, theirs.body), (ours.together, theirs.together)):
            assert bool(one) == bool(other), name
            assert asked(one) - {"public_name"} == asked(other) - {"public_name"}, name


def test_every_text_is_in_the_catalogue_and_asks_only_for_what_it_is_given() -> None:
    assert {path.stem for path in ALL} == set(ABOUT)
    for path in ALL:
        always = {"known_as", "public_name", "phone"}
        assert asked(path.read_text(encoding="utf-8")) <= ABOUT[path.stem].fills | always, path


def asked(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_a_revealing_word_in_a_text_would_be_noticed() -> None:
    assert revealing_words("Subject: Your prison group") == ["prison"]


def test_an_unknown_language_falls_back_to_its_parent_and_to_english() -> None:
    english = load_template("en", "welcome")
    assert load_template("so", "welcome") == load_template("en-GB", "welcome") == english
    assert load_template("cy-GB", "welcome") == load_template("cy", "welcome") != english


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


def test_a_link_at_the_end_of_a_line_is_whole_and_does_not_swallow_the_next(app: Flask) -> None:
    body = "Your page:\nhttps://groups.example.org/g/abc?a=1&b=2\nSee you there"
    html = as_html(letter(message(ALL[0], Channel.EMAIL), "We meet", body))
    address = "https://groups.example.org/g/abc?a=1&amp;b=2"
    assert f'<br><a href="{address}">{address}</a><br>See you there' in html


def test_an_email_holds_its_text_in_two_forms_and_its_files_and_is_made_the_same_again(
    app: Flask,
) -> None:
    given = letter(message(ALL[0], Channel.EMAIL), "Zażółć", "Hello Zoë\n\nSee you")
    with_file = replace(given, attachments=(Attachment("dates.ics", "text/calendar", b"BEGIN"),))
    one, other = (compose(given, app.config["SETTINGS"]).as_bytes() for _ in range(2))
    assert one.partition(b"\r\n\r\n")[2] == other.partition(b"\r\n\r\n")[2]
    mail = message_from_bytes(compose(with_file, app.config["SETTINGS"]).as_bytes(), policy=SMTP)
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert mail["Subject"] == "Zażółć"


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
        kept=body,
        sender_name=made.sender_name,
        give_up_at=builders.EARLY,
    )
