"""A change of keys: what is sealed is sealed anew in the background, and lookups go on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select, type_coerce, update

from programme.access.queries import account_by_email
from programme.access.rules import Role
from programme.app import create_app
from programme.foundation import resealing
from programme.foundation.database import db
from programme.foundation.sealing import Keyring, keyring
from programme.people.models import Participant
from tests import builders

OLD = "a-sealing-key-for-tests-that-is-long-enough"
NEW = "another-sealing-key-and-newer-than-that"


@pytest.fixture
def keys(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restores the keys, and lets every test look anew."""
    monkeypatch.setattr(resealing, "rest", resealing.Rest())
    yield
    keyring.load([OLD], OLD)


@pytest.mark.usefixtures("keys")
def test_everything_under_an_older_key_is_sealed_anew(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 3)
    lead = builders.partner()
    for number in range(8):
        builders.participant(f"Jo {number}", partner=lead, surname=f"Example {number}")
    builders.account(Role.COORDINATOR, email="cora@example.org")
    db.session.commit()
    before = marks()
    create_app(replace(app.config["SETTINGS"], sealing_key=NEW, older_sealing_keys=OLD))
    assert account_by_email("cora@example.org") is not None
    assert resealing.seal_anew(at) >= 8 * 4
    assert marks().isdisjoint(before)
    keyring.load([NEW], OLD)
    db.session.expire_all()
    surnames = set(db.session.scalars(select(Participant.surname)))
    assert surnames == {f"Example {number}" for number in range(8)}


@pytest.mark.usefixtures("keys")
def test_with_one_key_nothing_is_looked_at(app: Flask, at: datetime) -> None:
    builders.participant("Jo", partner=builders.partner())
    db.session.commit()
    before = marks()
    assert resealing.seal_anew(at) == 0
    assert marks() == before


@pytest.mark.usefixtures("keys")
def test_it_looks_again_after_an_hour_for_what_others_sealed_meanwhile(
    app: Flask, at: datetime
) -> None:
    keyring.load([NEW, OLD], OLD)
    assert resealing.seal_anew(at) == 0
    keyring.load([OLD, NEW], OLD)  # a process that was not started anew
    builders.participant("Jo", partner=builders.partner())
    db.session.commit()
    keyring.load([NEW, OLD], OLD)
    assert resealing.seal_anew(at + timedelta(minutes=59)) == 0
    assert resealing.seal_anew(at + timedelta(minutes=61)) > 0


@pytest.mark.usefixtures("keys")
def test_what_cannot_be_opened_is_left_and_holds_back_nothing(app: Flask, at: datetime) -> None:
    lead = builders.partner()
    people = [builders.participant(f"Jo {number}", partner=lead) for number in range(3)]
    broken = bytes(sealed_surnames()[0][:1]) + b"not sealed at all, but long enough"
    table = Participant.__table__
    spoilt = update(table).where(table.c.id == people[1].id)
    db.session.execute(spoilt.values(surname=type_coerce(broken, LargeBinary)))
    db.session.commit()
    keyring.load([NEW, OLD], OLD)
    assert resealing.seal_anew(at) > 0
    assert sealed_surnames()[1] == broken
    assert len({sealed[0] for sealed in sealed_surnames()}) == 2


@pytest.mark.usefixtures("keys")
def test_a_value_changed_meanwhile_is_not_overwritten(app: Flask, at: datetime) -> None:
    person = builders.participant("Jo", partner=builders.partner(), surname="Before")
    db.session.commit()
    seen = sealed_surnames()[0]
    person.surname = "After"
    db.session.commit()
    column = Participant.__table__.c.surname
    keyring.load([NEW, OLD], OLD)
    assert not resealing._seal_one(Participant.__table__, column, person.id, seen)
    db.session.commit()
    assert db.session.scalar(select(Participant.surname)) == "After"


def test_keys_that_cannot_be_told_apart_are_refused() -> None:
    ring, first = Keyring(), "key 0"
    ring.load([first], first)
    mark = ring.seal(b"", "a.b")[0]
    for number in range(1, 5000):
        ring.load([f"key {number}"], first)
        if ring.seal(b"", "a.b")[0] == mark:
            with pytest.raises(ValueError, match="another `sealing_key`"):
                ring.load([f"key {number}", first], first)
            return
    raise AssertionError("No two alike among 5000.")


def marks() -> set[int]:
    """The first bytes of everything that is sealed."""
    return {
        bytes(sealed)[0]
        for table, column in resealing.sealed_columns()
        for sealed in db.session.scalars(select(type_coerce(column, LargeBinary)))
        if sealed is not None
    }


def sealed_surnames() -> list[bytes]:
    raw = type_coerce(Participant.__table__.c.surname, LargeBinary)
    return [bytes(each) for each in db.session.scalars(select(raw).order_by(Participant.id))]
