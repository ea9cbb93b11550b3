"""Moves, dates, stops and contents: pure decisions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from programme.cohorts.programmes import KitItem
from programme.foundation.web import Refusal
from programme.parcels.contents import contents, contents_note, weight_grams
from programme.parcels.rules import (
    MOVES,
    MOVES_BY_HAND,
    Circumstances,
    ParcelState,
    can_confirm,
    can_move,
    can_undo,
    check_can_move,
    check_can_undo,
    dispatch_day,
    what_stops,
)
from programme.people.nations import Nation, is_bank_holiday, nation_of

S = ParcelState
FINE = Circumstances()
NEVER = date(2020, 1, 1)


def english(day: date) -> bool:
    return is_bank_holiday(day, Nation.ENGLAND)


def test_a_parcel_goes_five_working_days_before_the_first_session() -> None:
    assert dispatch_day(date(2026, 10, 6), NEVER, english) == date(2026, 9, 29)


def test_weekends_and_bank_holidays_do_not_count() -> None:
    # Tuesday 7 April 2026 follows Good Friday and Easter Monday.
    assert dispatch_day(date(2026, 4, 7), NEVER, english) == date(2026, 3, 27)


def test_christmas_is_skipped_over_the_turn_of_the_year() -> None:
    assert dispatch_day(date(2027, 1, 5), NEVER, english) == date(2026, 12, 24)


def test_a_scottish_bank_holiday_counts_for_a_parcel_to_scotland() -> None:
    def both(day: date) -> bool:
        return is_bank_holiday(day, Nation.ENGLAND, Nation.SCOTLAND)

    assert dispatch_day(date(2026, 12, 3), NEVER, english) == date(2026, 11, 26)
    assert dispatch_day(date(2026, 12, 3), NEVER, both) == date(2026, 11, 25)


def test_a_late_joiners_parcel_goes_on_the_next_working_day() -> None:
    saturday = date(2026, 10, 3)
    assert dispatch_day(date(2026, 10, 6), saturday, english) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("postcode", "nation"),
    [
        ("L8 1TJ", Nation.ENGLAND),
        ("G1 1AA", Nation.SCOTLAND),
        ("GL1 1AA", Nation.ENGLAND),
        ("EH1 1AA", Nation.SCOTLAND),
        ("CF10 1AA", Nation.WALES),
        ("bt1 1aa", Nation.NORTHERN_IRELAND),
        (None, Nation.ENGLAND),
    ],
)
def test_a_postcode_lies_in_a_nation(postcode: str | None, nation: Nation) -> None:
    assert nation_of(postcode) is nation


def test_only_legal_moves_have_a_button() -> None:
    for state, moves in MOVES_BY_HAND.items():
        assert set(moves) <= MOVES[state]


def test_going_forward_by_hand_follows_the_moves_and_nothing_else() -> None:
    for current, to in product(S, S):
        assert can_move(current, to, None) is (to in MOVES_BY_HAND.get(current, ()))


def test_what_stops_a_parcel_stops_packing_and_posting_but_not_cancelling() -> None:
    with pytest.raises(Refusal, match=r"Nothing may be posted\."):
        check_can_move(S.TO_PACK, S.PACKED, "Nothing may be posted.")
    assert not can_move(S.PACKED, S.POSTED, "Nothing may be posted.")
    assert can_move(S.PACKED, S.CANCELLED, "Nothing may be posted.")


STOPS = [
    {"somebody_takes_part": False},
    {"is_kept_apart": True},
    {"do_not_post": True},
    {"was_spoken_to": False},
    {"agreed_to_post": False},
    {"somebody_moved_out": True},
    {"address_problem": "The town is missing. Ask for it."},
    {"address_changed": True},
]


@pytest.mark.parametrize("change", STOPS)
def test_each_circumstance_stops_a_parcel_by_a_sentence(change: dict[str, object]) -> None:
    sentence = what_stops(replace(FINE, **change))
    assert sentence is not None
    assert sentence.endswith(".")


def test_nothing_stops_a_parcel_when_all_is_well() -> None:
    assert what_stops(FINE) is None


@pytest.mark.parametrize("change", STOPS)
def test_an_address_can_be_confirmed_unless_something_else_is_wrong(
    change: dict[str, object],
) -> None:
    assert can_confirm(S.TO_CONFIRM, replace(FINE, **change)) is ("address_changed" in change)


def test_an_address_is_confirmed_only_before_the_parcel_goes() -> None:
    confirmable = {state for state in S if can_confirm(state, FINE)}
    assert confirmable == {S.TO_CONFIRM, S.TO_PACK, S.PACKED}


AT = datetime(2026, 10, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("was", "current", "back_to"),
    [
        (S.TO_CONFIRM, S.TO_PACK, S.TO_CONFIRM),
        (S.TO_PACK, S.PACKED, S.TO_PACK),
        (S.PACKED, S.POSTED, S.PACKED),
        (S.POSTED, S.RETURNED, S.POSTED),
        (S.PACKED, S.CANCELLED, S.TO_CONFIRM),
    ],
)
def test_the_last_move_can_be_undone(was: S, current: S, back_to: S) -> None:
    assert check_can_undo(was, current, AT, AT + timedelta(hours=23)) is back_to


def test_an_old_move_cannot_be_undone() -> None:
    assert not can_undo(S.PACKED, S.POSTED, AT, AT + timedelta(hours=25))


def test_a_parcel_that_was_only_made_has_nothing_to_undo() -> None:
    assert not can_undo(None, S.TO_CONFIRM, AT, AT)
    assert not can_undo(S.TO_PACK, S.TO_PACK, AT, AT)


@pytest.mark.parametrize(
    ("noted", "note"),
    [
        ("Nut allergy", "No nuts."),
        ("allergic to peanuts and tree nuts", "No nuts."),
        ("Dairy free, halal", "No dairy, halal only."),
        ("none", ""),
        ("No known allergies", ""),
        ("N/A", ""),
        (None, ""),
        ("", ""),
        ("nuts and kiwi", "No nuts, ask a coordinator what may go in."),
        ("carries an EpiPen", "Ask a coordinator what may go in."),
    ],
)
def test_what_is_noted_tells_the_packer_what_not_to_put_in(noted: str | None, note: str) -> None:
    assert contents_note([noted]) == note


def test_the_notes_of_a_home_are_said_once() -> None:
    assert contents_note(["nuts", None, "severe nut allergy; vegan"]) == "No nuts, vegan only."


KIT = (KitItem("Booklet", "participant", 140), KitItem("Card pack", "household", 60))


def test_contents_and_weight_count_people_and_homes() -> None:
    assert contents(KIT, 2) == ["2 × Booklet", "1 × Card pack"]
    assert weight_grams(KIT, 2) == 340
