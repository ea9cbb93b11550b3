"""Sealed fields."""

import pytest
from flask import Flask
from sqlalchemy import text

from programme.foundation.database import db
from programme.foundation.sealing import Keyring, Unreadable
from tests import builders


def ring(*keys: str) -> Keyring:
    made = Keyring()
    made.load(list(keys), "index key")
    return made


def test_what_was_sealed_can_be_opened_in_its_place_only() -> None:
    keyring = ring("one key")
    sealed = keyring.seal(b"14 Alder Close", "households.address_lines")
    assert b"Alder" not in sealed
    assert keyring.open(sealed, "households.address_lines") == b"14 Alder Close"
    with pytest.raises(Unreadable):
        keyring.open(sealed, "participants.notes")


def test_an_older_key_still_opens_after_a_change_of_keys() -> None:
    sealed = ring("old key").seal(b"text", "a.b")
    assert ring("new key", "old key").open(sealed, "a.b") == b"text"
    with pytest.raises(Unreadable):
        ring("new key").open(sealed, "a.b")


def test_any_altered_bit_is_noticed() -> None:
    keyring = ring("one key")
    sealed = keyring.seal(b"text", "a.b")
    for place in range(1, len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(Unreadable):
            keyring.open(bytes(altered), "a.b")


def test_a_blind_index_depends_on_its_purpose_and_key() -> None:
    one, other = ring("key"), Keyring()
    other.load(["key"], "another index key")
    assert one.blind("phone", "x") == one.blind("phone", "x")
    assert one.blind("phone", "x") != one.blind("email", "x")
    assert one.blind("phone", "x") != other.blind("phone", "x")


def test_the_database_holds_no_surname_in_clear(app: Flask) -> None:
    builders.participant("Steph", partner=builders.partner(), surname="Coleman")
    stored = db.session.execute(text("SELECT surname FROM participants")).scalar_one()
    assert b"Coleman" not in bytes(stored)
