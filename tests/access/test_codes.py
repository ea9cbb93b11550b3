"""Six typed digits: once, for ten minutes, in five guesses."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from programme.access.codes import (
    OVER,
    TYPE_ALL,
    is_code_open,
    make_code,
    take_typed_code,
    typed_code,
)
from programme.access.jobs import forget_codes
from programme.access.models import PersonalCode, WrongTry
from programme.access.rules import Purpose, digits_of
from programme.foundation.clock import real_now
from programme.foundation.database import db
from programme.foundation.web import Refusal

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make(row_id: int = 7, *, at: datetime = NOW, purpose: Purpose = Purpose.DETAILS,
         person: int = 1, address: str = "192.0.2.1") -> int:  # fmt: skip
    return make_code(purpose, row_id, person=person, address=address, at=at)


def take(typed: str, row_id: int = 7, *, at: datetime = NOW, purpose: Purpose = Purpose.DETAILS,
         address: str = "192.0.2.1") -> str:  # fmt: skip
    """What it was answered with; nothing when it was right."""
    try:
        take_typed_code(purpose, row_id, typed, address=address, at=at)
    except Refusal as refusal:
        return str(refusal)
    return ""


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_works_once(app: Flask) -> None:
    code = typed_code(make())
    assert take(f" {code[:3]} {code[3:]} ") == ""
    assert take(code) == OVER


def test_a_code_works_for_ten_minutes(app: Flask) -> None:
    code = typed_code(make())
    assert take(code, at=NOW + 10 * MINUTE) == OVER
    assert take(code, at=NOW + 10 * MINUTE - timedelta(seconds=1)) == ""


def test_the_fifth_wrong_guess_ends_a_code_and_each_says_how_many_are_left(app: Flask) -> None:
    code = typed_code(make())
    said = [take(another(code)) for _ in range(5)]
    assert [sentence.rpartition("You have ")[2] for sentence in said[:4]] == [
        "4 tries left.", "3 tries left.", "2 tries left.", "1 try left.",
    ]  # fmt: skip
    assert "last try" in said[4]
    assert take(code) == OVER


def test_the_fifth_guess_may_be_right(app: Flask) -> None:
    code = typed_code(make())
    for _ in range(4):
        take(another(code))
    assert take(code) == ""


def test_only_the_newest_code_works(app: Flask) -> None:
    first = make()
    second = make()
    assert not is_code_open(first, NOW)
    assert is_code_open(second, NOW)
    if typed_code(first) != typed_code(second):
        assert "4 tries" in take(typed_code(first))
    assert take(typed_code(second)) == ""
    assert not is_code_open(second, NOW)


def test_a_code_is_for_one_thing_of_one_row(app: Flask) -> None:
    code = typed_code(make(7))
    make(8)
    make(7, purpose=Purpose.NEW_CONTACT)
    make(9)
    for row_id, purpose in ((8, Purpose.DETAILS), (7, Purpose.NEW_CONTACT), (99, Purpose.DETAILS)):
        assert take(code, row_id, purpose=purpose) != ""
    assert take(code) == ""


def test_the_code_stands_nowhere_and_needs_the_secret(app: Flask) -> None:
    number = make()
    code = typed_code(number)
    row = db.session.get_one(PersonalCode, number)
    kept = [str(value) for value in vars(row).values()]
    assert not any(code in value for value in kept)
    app.config["SECRET_KEY"] = "another secret that is long enough to be one"
    assert typed_code(number) != code


def test_three_codes_an_hour_are_enough_for_one_person(app: Flask) -> None:
    for minute in range(3):
        make(at=NOW + minute * MINUTE)
    with pytest.raises(Refusal, match="Wait an hour"):
        make(at=NOW + 59 * MINUTE)
    make(person=2, at=NOW + 59 * MINUTE)
    make(at=NOW + 60 * MINUTE)


def test_one_address_gets_twenty_codes_an_hour_whoever_they_are_for(app: Flask) -> None:
    for person in range(20):
        make(person=person)
    with pytest.raises(Refusal, match="Wait an hour"):
        make(person=20)
    make(person=20, address="192.0.2.2")


def test_one_address_has_sixty_guesses_an_hour_whatever_they_are_at(app: Flask) -> None:
    for _ in range(60):
        take("000000", row_id=99)
    code = typed_code(make())
    assert "from here" in take(code)
    assert take(code, address="192.0.2.2") == ""


def test_what_is_not_six_digits_counts_as_no_guess(app: Flask) -> None:
    number = make()
    for typed in ("", "12345", "1234567", "code", "²²²²²²"):
        assert take(typed) == TYPE_ALL
    assert db.session.get_one(PersonalCode, number).wrong_tries == 0
    assert db.session.scalar(select(func.count()).select_from(WrongTry)) == 2


def test_digits_of_other_scripts_are_digits() -> None:
    assert digits_of("۱۲۳٤٥٦") == digits_of("১২৩৪৫৬") == digits_of("１２３４５６") == "123456"


def test_codes_and_tries_are_forgotten_after_a_day(app: Flask) -> None:
    make(at=real_now() - timedelta(days=1, minutes=1))
    make(8, at=real_now())
    db.session.commit()
    assert forget_codes(NOW) == 3
    assert db.session.scalars(select(PersonalCode.row_id)).all() == [8]


def test_guesses_at_the_same_moment_are_counted_one_by_one(app: Flask) -> None:
    """Twelve at once: five are compared, whatever the order; the rest find the code ended."""
    number = make()
    wrong = another(typed_code(number))
    db.session.commit()
    said: list[str] = []

    def guess(count: int) -> None:
        with app.app_context(), _committed():
            said.append(take(wrong, address=f"192.0.2.{count}"))

    threads = [threading.Thread(target=guess, args=(count,)) for count in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert db.session.get_one(PersonalCode, number).wrong_tries == 5
    assert said.count(OVER) == 7
    assert len({sentence for sentence in said if sentence != OVER}) == 5


@contextmanager
def _committed() -> Iterator[None]:
    try:
        yield
        db.session.commit()
    finally:
        db.session.remove()
