"""The word that somebody says when another person came into the room."""

import re
from datetime import datetime

from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.cohorts.moving import check_can_change_plan
from programme.foundation import audit
from programme.foundation.web import Refusal
from programme.messages.rules import revealing_words

SUGGESTED = (
    "kettle",
    "umbrella",
    "biscuits",
    "bus stop",
    "washing line",
    "slippers",
    "marmalade",
    "football boots",
    "library book",
    "pancakes",
)
LONGEST = 30
SHAPE = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}")


def suggest_code_word(cohort_id: int) -> str:
    """An ordinary word, not the same one for every group."""
    return SUGGESTED[cohort_id % len(SUGGESTED)]


def set_code_word(cohort: Cohort, typed: str, *, by: Viewer, at: datetime) -> None:
    """Agree on a word for a group; an empty one takes it back.

    Raises:
        Refusal: it is not an ordinary word or two, or it would tell why the group meets.
    """
    check_can_change_plan(cohort, by=by)
    word = " ".join(typed.split())
    if word:
        _check_is_ordinary(word)
    cohort.code_word = word or None
    audit.record("set code word" if word else "took code word back", cohort, by=by, at=at)


def _check_is_ordinary(word: str) -> None:
    if len(word) > LONGEST or not SHAPE.fullmatch(word):
        raise Refusal("Choose one to three ordinary words, such as “kettle”.")
    if revealing_words(word):
        raise Refusal("That word would tell a stranger why the group meets. Choose another.")
