"""Coordinators read every text, try their own words out, and use them."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, func, select

from programme.access.models import Account
from programme.access.rules import Role
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.jobs import carry_out, make_dues
from programme.cohorts.models import Cohort, Step
from programme.cohorts.opening import open_cohort
from programme.cohorts.plan import Anchor, Edge, Moment
from programme.cohorts.programmes import load_programme
from programme.desk.text_queries import longest_names
from programme.desk.text_times import say_moment, times_of
from programme.foundation.database import db
from programme.messages.catalogue import every_text, texts_to_families
from programme.messages.models import Message, Wording
from tests import builders
from tests.cohorts.conftest import new
from tests.counting import counted_queries

SignIn = Callable[[Account], FlaskClient]
HERE = "/texts/together/remind-day-before/en"
TYPED = {"subject": "See you", "body": "Ours: {known_as} {link}", "together": "", "do": "use"}


@pytest.fixture
def browser(app: Flask, at: datetime, sign_in: SignIn) -> FlaskClient:
    return sign_in(builders.account(Role.COORDINATOR, name="Ruth Example"))


def group(*names: str, name: str = "Tuesday group", partner: str = "Lead charity") -> None:
    lead = builders.partner(partner)
    cohort = builders.cohort(date(2026, 10, 6), partner=lead, name=name)
    for known_as in names:
        builders.enrol(builders.participant(known_as, partner=lead), cohort)


def kept() -> list[Wording]:
    db.session.expire_all()
    return list(db.session.scalars(select(Wording).order_by(Wording.id)))


def test_the_list_says_what_each_text_is_for_when_it_goes_and_how_languages_stand(
    browser: FlaskClient,
) -> None:
    page = browser.get("/texts").text
    for about in texts_to_families():
        assert about.name.replace("'", "&#39;") in page
        assert about.purpose.replace("'", "&#39;") in page
    assert "Sent the day before each session, at 6 pm." in page
    assert "Welsh: a draft, not yet checked." in page
    assert "Register not taken" not in page


def test_the_list_says_who_reworded_a_text_and_when(browser: FlaskClient) -> None:
    browser.post(HERE, data=TYPED)
    page = " ".join(browser.get("/texts").text.split())
    assert "reworded by Ruth Example on Tuesday 6 October" in page
    browser.post(f"{HERE}/shipped")
    assert "reworded by" not in browser.get("/texts").text


def test_more_wordings_ask_no_more_of_the_database(browser: FlaskClient) -> None:
    browser.post(HERE, data=TYPED)
    with counted_queries() as few:
        browser.get("/texts")
    for about in texts_to_families():
        text = {"subject": "S", "body": "{link} {phone} STOP", "do": "use"}
        browser.post(f"/texts/together/{about.template}/cy", data=text)
    assert len(kept()) > 7
    with counted_queries() as many:
        browser.get("/texts")
    assert len(few) == len(many)


def test_words_that_can_be_used_are_used_and_remembered(browser: FlaskClient) -> None:
    answer = browser.post(HERE, data=TYPED | {"body": "Ours:\r\n{known_as} {link} "})
    assert (answer.status_code, answer.location) == (303, HERE)
    [row] = kept()
    assert (row.subject, row.body, row.together) == ("See you", "Ours:\n{known_as} {link}", "")
    page = browser.get(HERE).text
    assert "English · reworded" in page
    assert "Tuesday 6 October, 10 am, Ruth Example" in page


def test_what_was_typed_is_kept_when_it_cannot_be_used(browser: FlaskClient) -> None:
    answer = browser.post(HERE, data=TYPED | {"body": "Hello {name}, in court"})
    assert answer.status_code == 422
    assert "Hello {name}, in court</textarea>" in answer.text
    for sentence in ("We cannot fill in {name} here.", "{link} is missing", "“court” would tell"):
        assert sentence in answer.text
    assert kept() == []


def test_a_preview_keeps_nothing_and_shows_the_longest_real_name(browser: FlaskClient) -> None:
    group("Jo", "Anastasia-Marie", name="Wednesday morning group")
    answer = browser.post(HERE, data=TYPED | {"do": "try"})
    assert answer.status_code == 200
    assert "Ours: Anastasia-Marie http" in answer.text
    assert "1 text message, " in answer.text
    assert "Wednesday morning group" in answer.text
    assert "<!DOCTYPE html>" in answer.text
    assert kept() == []


def test_a_preview_names_the_letters_that_take_the_room(browser: FlaskClient) -> None:
    page = browser.post(HERE, data=TYPED | {"do": "try", "body": "It’s {link}"}).text
    assert "“’” is not in the small alphabet of text messages" in page
    assert "Write &#39; for ’." in page


def test_a_text_that_takes_two_is_used_only_after_a_yes(browser: FlaskClient) -> None:
    typed = TYPED | {"body": "{link} " + "x" * 160}
    answer = browser.post(HERE, data=typed)
    assert answer.status_code == 422
    assert "it takes 2 text messages" in answer.text
    assert kept() == []
    assert browser.post(HERE, data=typed | {"all_the_same": "yes"}).status_code == 303
    assert len(kept()) == 1


def test_a_text_that_takes_four_is_not_used_whatever_is_ticked(browser: FlaskClient) -> None:
    typed = TYPED | {"body": "{link} " + "x" * 460, "all_the_same": "yes"}
    assert "3 are the most" in browser.post(HERE, data=typed).text
    assert kept() == []


def test_going_back_to_what_ships_stays_in_the_history(browser: FlaskClient) -> None:
    browser.post(HERE, data=TYPED)
    assert browser.post(f"{HERE}/shipped").status_code == 303
    page = browser.get(HERE).text
    assert "English · as it ships" in page
    assert "Ruth Example: back to the text that ships." in page
    assert "Ours: {known_as} {link}" in page
    assert "we meet {day}, {time}" in page


def test_a_coordinator_of_one_partner_reads_texts_and_changes_none(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    one = builders.partner("One partner", is_lead=False)
    browser = sign_in(builders.account(Role.COORDINATOR, partner=one))
    page = browser.get(HERE).text
    assert "Use these words" not in page
    assert "readonly" in page
    assert browser.post(HERE, data=TYPED).status_code == 422
    assert browser.post(f"{HERE}/shipped").status_code == 422
    assert kept() == []


@pytest.mark.parametrize(
    "url",
    [
        "/texts?programme=x",
        "/texts/x/thanks/en",
        "/texts/together/register-nudge/en",
        "/texts/together/code/en",
        "/texts/together/thanks/xx",
    ],
)
def test_what_is_no_text_is_not_there(browser: FlaskClient, url: str) -> None:
    assert browser.get(url).status_code == 404


def test_the_longest_names_are_those_that_the_viewer_sees(app: Flask, at: datetime) -> None:
    sample, is_real = longest_names(COMMAND_LINE, "together")
    assert (sample.known_as, is_real) == ("Maryam-Alexandria", False)
    group("Jo", "Chloë", "Bernadette", name="Monday group")
    group("Bartholomew-James", name="Wednesday evening group", partner="Other")
    sample, is_real = longest_names(COMMAND_LINE, "together")
    assert (sample.known_as, sample.group) == ("Bartholomew-James", "Wednesday evening group")
    assert (sample.unusual, is_real) == ("Chloë", True)
    assert longest_names(COMMAND_LINE, "other")[1] is False


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (Moment(Anchor.EACH, minutes=-60), "an hour before each session begins"),
        (Moment(Anchor.EACH, minutes=0), "when each session begins"),
        (Moment(Anchor.LAST, Edge.END, minutes=0), "when the last session ends"),
        (Moment(Anchor.LAST, Edge.END, minutes=30), "30 minutes after the last session ends"),
        (Moment(Anchor.FIRST, days=-14), "14 days before the first session"),
        (Moment(Anchor.EACH, days=-1), "the day before each session"),
        (Moment(Anchor.SECOND), "on the day of the second session"),
        (Moment(Anchor.LAST, months=3), "3 months after the last session"),
        (Moment(Anchor.LAST, months=3, days=7), "3 months and 7 days after the last session"),
    ],
)
def test_a_moment_of_the_plan_is_said_as_people_say_it(moment: Moment, said: str) -> None:
    assert say_moment(moment) == said


def test_every_text_that_is_a_message_says_when_it_goes() -> None:
    programme = load_programme("together")
    for about in texts_to_families():
        assert bool(times_of(programme, about)) is not about.is_part, about.name
    assert times_of(programme, every_text()["thanks"]) == [
        "the day after the last session, at 11 am"
    ]


def test_whoever_queues_a_text_gives_a_value_for_all_that_it_may_ask_for(
    app: Flask, at: datetime
) -> None:
    """Otherwise a rewording that asks for it could not be sent."""
    lead = builders.partner()
    term = builders.term(date(2026, 9, 7), date(2027, 2, 12))
    cohort = open_cohort(new(lead, term), by=COMMAND_LINE, at=at)
    person = builders.spoken_to(builders.participant("Jo", partner=lead))
    builders.enrol(person, cohort)
    db.session.commit()
    for due_at in db.session.scalars(first_of_each(cohort)).all():
        make_dues(due_at)
        carry_out(due_at)
    carried = [each for message in queued() for each in texts_of(message)]
    given = {template: set(values) for template, values in carried}
    planned = (each for each in texts_to_families() if not (each.is_part or each.when))
    to_those_who_answered = {"questionnaire-thanks"}
    assert set(given) == {about.template for about in planned} - to_those_who_answered
    assert {name for name in given if not every_text()[name].fills <= given[name]} == set()


def first_of_each(cohort: Cohort) -> Select[datetime]:
    asked = select(func.min(Step.due_at)).filter_by(cohort_id=cohort.id).group_by(Step.name)
    return asked.order_by(func.min(Step.due_at))


def queued() -> Sequence[Message]:
    return db.session.scalars(select(Message)).all()


def texts_of(message: Message) -> list[tuple[str, dict[str, object]]]:
    more = json.loads(message.more or "[]")
    return [(message.template, json.loads(message.values)), *more]
