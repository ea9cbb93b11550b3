"""Personal links: opened by the right key only."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.access.links import link_key, open_link, replace_link
from programme.access.rules import Purpose


def test_a_key_opens_its_own_row_for_its_own_purpose(app: Flask) -> None:
    key = link_key(Purpose.MY_GROUP, 7)
    found = open_link(Purpose.MY_GROUP, key)
    assert found is not None
    assert found.row_id == 7
    assert open_link(Purpose.QUESTIONNAIRE, key) is None


def test_replacing_a_link_kills_the_one_before(app: Flask) -> None:
    old = link_key(Purpose.MY_GROUP, 7)
    replace_link(Purpose.MY_GROUP, 7)
    assert open_link(Purpose.MY_GROUP, old) is None
    assert open_link(Purpose.MY_GROUP, link_key(Purpose.MY_GROUP, 7)) is not None


def test_no_change_of_a_key_opens_anything(app: Flask) -> None:
    key = link_key(Purpose.MY_GROUP, 7)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for place, letter in enumerate(key):
        for other in letters.replace(letter, ""):
            assert open_link(Purpose.MY_GROUP, key[:place] + other + key[place + 1 :]) is None
    assert open_link(Purpose.MY_GROUP, key.upper()) is not None


def test_a_key_in_groups_as_a_letter_shows_it_opens_the_same(app: Flask) -> None:
    key = link_key(Purpose.MY_GROUP, 7)
    grouped = "-".join(key[place : place + 4] for place in range(0, len(key), 4))
    for typed in (grouped, grouped.upper()):
        found = open_link(Purpose.MY_GROUP, typed)
        assert (found and found.row_id, found and found.key) == (7, typed.replace("-", ""))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=60))
def test_anything_at_all_may_be_tried_as_a_key(app: Flask, text: str) -> None:
    assert open_link(Purpose.MY_GROUP, text) is None
