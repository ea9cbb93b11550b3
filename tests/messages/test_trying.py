"""What is wrong with a wording is said in sentences, before anybody gets it."""

from dataclasses import replace

import pytest
from flask import Flask

from programme.messages.catalogue import every_text
from programme.messages.languages import language_of
from programme.messages.templates import Template, load_template
from programme.messages.trying import Sample, Tried, problems, question, try_out
from tests.messages.conftest import use

ABOUT = every_text()["remind-day-before"]
SHIPPED = load_template("en", "remind-day-before")
SAMPLE = Sample(known_as="Maryam-Alexandria", group="Wednesday evening group", unusual="Zoë")


def tried(app: Flask, text: Template, sample: Sample = SAMPLE) -> Tried:
    settings = use(app, link_base="https://groups.example.org", public_name="Family groups")
    return try_out(text, language_of("en"), sample, settings)


def wrong(app: Flask, about: str = "remind-day-before", **changed: str) -> dict[str, str]:
    shipped = load_template("en", about)
    text = replace(shipped, **changed)
    found = problems(text, shipped, every_text()[about], tried(app, text))
    return {field: " ".join(sentences) for field, sentences in found.items()}


def test_every_text_that_ships_has_nothing_wrong_with_it(app: Flask) -> None:
    for name, about in every_text().items():
        if not about.is_for_staff:
            assert wrong(app, name) == {}, name


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"subject": ""}, "subject", "Write a subject"),
        ({"subject": "Hello\nBcc: all@example.org"}, "subject", "A subject is one line"),
        ({"subject": "Go to {link}"}, "subject", "We cannot fill in {link} here."),
        ({"subject": "x" * 61}, "subject", "the subject has 61 characters"),
        ({"subject": "Your prison group"}, "subject", "“prison” would tell whoever sees"),
        ({"body": ""}, "body", "Write the text, or go back"),
        ({"body": "Hello {name}: {link}"}, "body", "We cannot fill in {name} here."),
        ({"body": "{known_as.__class__} {link}"}, "body", "We cannot fill in {known_as.__class__}"),
        ({"body": "Hello { {link}"}, "body", "We cannot fill in { here."),
        ({"body": "Hello {known_as}"}, "body", "{link} is missing"),
        ({"body": "See you in court: {link}"}, "body", "“court” would tell"),
        ({"body": "See carchar: {link}"}, "body", "“carchar” would tell"),
        ({"body": "a" * 460 + "{link}"}, "body", "3 are the most"),
        ({"together": "Hello"}, "together", "{link} is missing"),
        ({"together": "Your crime: {link}"}, "together", "“crime” would tell"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    app: Flask, changed: dict[str, str], field: str, sentence: str
) -> None:
    found = wrong(app, **changed)
    assert list(found) == [field]
    assert sentence in found[field]


def test_the_placeholders_that_a_text_can_use_are_all_named(app: Flask) -> None:
    sentence = wrong(app, "questionnaire-open", body="Until {day}: {link}")["body"]
    assert sentence == (
        "We cannot fill in {day} here. What you can use is {group}, {known_as}, {link}, {phone}, "
        "{public_name}."
    )


def test_a_text_that_always_goes_alone_cannot_be_given_words_for_company(app: Flask) -> None:
    found = wrong(app, "remind-hour-before", together="Soon: {link}")
    assert "always goes alone" in found["together"]


def test_the_foot_must_say_how_to_stop_and_whom_to_ring(app: Flask) -> None:
    assert "STOP is missing" in wrong(app, "foot", body="{public_name}, {phone}")["body"]
    assert "{phone} is missing" in wrong(app, "foot", body="Answer with STOP.")["body"]


def test_a_revealing_name_of_a_group_is_found_in_what_was_filled_in(app: Flask) -> None:
    text = Template("Hello", "See you in the {group}: {link}")
    found = tried(app, text, replace(SAMPLE, group="Prison dads"))
    assert "“prison” would tell" in problems(text, SHIPPED, ABOUT, found)["body"][0]


def test_more_text_messages_than_what_ships_takes_are_asked_about(app: Flask) -> None:
    short, long = (tried(app, Template("s", "x" * number)) for number in (160, 161))
    assert question(ABOUT, short, short) == ""
    assert "2 text messages, 161 of 306" in question(ABOUT, long, short)
    assert question(ABOUT, long, long) == ""


def test_what_is_too_long_for_one_name_with_other_letters_is_too_long(app: Flask) -> None:
    text = Template("s", "{known_as}, " + "x" * 160 + " {link}")
    assert tried(app, text).length.segments == 2
    sentence = problems(text, SHIPPED, ABOUT, tried(app, text))["body"][0]
    assert "4 text messages" in sentence
    assert "“ë”" in sentence


def test_a_name_with_other_letters_is_tried_too(app: Flask) -> None:
    found = tried(app, SHIPPED)
    assert found.length.segments == 1
    assert found.length_for_unusual.segments == 2
    assert found.length_for_unusual.outside == ("ë",)
