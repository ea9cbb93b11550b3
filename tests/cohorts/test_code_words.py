"""The word that somebody says when another person came in."""

from datetime import datetime

import pytest
from flask import Flask

from programme.access.rules import Role
from programme.cohorts.code_words import SUGGESTED, set_code_word, suggest_code_word
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.rules import revealing_words
from tests import builders
from tests.evening import SignIn, an_evening


def test_every_suggestion_is_an_ordinary_word_and_groups_differ(app: Flask, at: datetime) -> None:
    evening = an_evening("Dawn")
    coordinator = evening.viewer(builders.account(Role.COORDINATOR))
    for word in SUGGESTED:
        assert revealing_words(word) == []
        set_code_word(evening.cohort, f" {word} ", by=coordinator, at=at)
        assert evening.cohort.code_word == word
    assert suggest_code_word(1) != suggest_code_word(2)


@pytest.mark.parametrize("word", ["prison visit", "kettle 5", "x" * 31, "one two three four", "?"])
def test_a_word_that_reveals_or_is_none_is_refused(app: Flask, at: datetime, word: str) -> None:
    evening = an_evening("Dawn")
    coordinator = evening.viewer(builders.account(Role.COORDINATOR))
    with pytest.raises(Refusal):
        set_code_word(evening.cohort, word, by=coordinator, at=at)


def test_a_coordinator_agrees_on_it_and_those_who_run_the_group_read_what_to_do(
    app: Flask, at: datetime, sign_in: SignIn
) -> None:
    evening = an_evening("Dawn")
    coordinator = sign_in(builders.account(Role.COORDINATOR))
    address, tonight = f"/cohorts/{evening.cohort.id}", f"/tonight/{evening.session.id}"
    assert suggest_code_word(evening.cohort.id) in coordinator.get(address).text
    answer = coordinator.post(f"{address}/code-word", data={"code_word": "kettle"})
    assert answer.location.endswith(address)
    assert "If somebody says “kettle”" in sign_in(evening.facilitator).get(tonight).text
    assert "kettle" not in sign_in(evening.helper).get(tonight).text
    assert sign_in(evening.facilitator).post(f"{address}/code-word").status_code == 403
    coordinator.post(f"{address}/code-word", data={"code_word": " "})
    db.session.refresh(evening.cohort)
    assert evening.cohort.code_word is None
