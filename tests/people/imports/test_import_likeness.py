from dataclasses import replace
from datetime import date

import pytest

from programme.people.imports.columns import Field
from programme.people.imports.likeness import find_repeats, is_like
from programme.people.imports.rows import Candidate, read_one
from programme.people.rules import Relationship


def person(row: int, name: str, phone: str = "", email: str = "", known_as: str = "") -> Candidate:
    cells = {
        Field.FULL_NAME: name,
        Field.PHONE: phone,
        Field.EMAIL: email,
        Field.KNOWN_AS: known_as,
    }
    return read_one(cells, row=row, on=date(2026, 9, 14))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tracy Hargreaves", "Tracey Hargreaves"),
        ("Steph Coleman", "Stephanie Coleman"),
        ("Wilson, Karen", "KAREN WILSON"),
        ("Marek Nowák", "marek nowak"),
        ("Łukasz Zieliński", "Lukasz Zielinski"),
        ("Donna O’Neill", "Donna ONeill"),
        ("Price Bethan", "Bethan Price"),
        ("Bob Smith", "Robert Smith"),
    ],
)
def test_one_person_has_names_alike(one: str, other: str) -> None:
    assert is_like(one, other)
    assert is_like(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Samuel Patel", "Priya Patel"),
        ("Dev Patel", "Dev Singh"),
        ("Ann Lee", "Ian Lee"),
        ("", ""),
        ("", "Ann Lee"),
    ],
)
def test_two_people_have_names_unlike(one: str, other: str) -> None:
    assert not is_like(one, other)


def test_like_names_without_a_shared_phone_or_email_are_two_people() -> None:
    people = [person(2, "Ann Lee", "07700900101"), person(3, "Ann Lee", "07700900102")]
    assert find_repeats(people) == ()


def test_a_couple_on_one_phone_are_two_people() -> None:
    people = [person(2, "Samuel Patel", "07700900107"), person(3, "Priya Patel", "07700900107")]
    assert find_repeats(people) == ()


def test_a_name_somebody_is_known_by_counts() -> None:
    people = [
        person(2, "Gwenllian ap Rhys", email="gwen@example.org", known_as="Babs"),
        person(3, "Babs ap Rhys", email="GWEN@example.org"),
    ]
    (repeat,) = find_repeats(people)
    assert (repeat.row, repeat.first_row) == (3, 2)
    assert "the same e-mail as" in repeat.why


def test_a_third_entry_points_at_the_first() -> None:
    people = [person(row, "Ann Lee", "07700900101") for row in (2, 5, 9)]
    assert [(r.row, r.first_row) for r in find_repeats(people)] == [(5, 2), (9, 2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Iqbal", "Muhammad Iqbal"),
        ("Ayesha Khan", "Aisha Khan"),
        ("Sean Lee", "Shaun Lee"),
    ],
)
def test_one_name_in_several_spellings_is_asked_about(one: str, other: str) -> None:
    assert is_like(one, other)


def test_a_dad_and_a_mum_with_nearly_one_name_are_two_people() -> None:
    john = replace(person(2, "John Lee", "07700900101"), relationship=Relationship.FATHER)
    joan = replace(person(3, "Joan Lee", "07700900101"), relationship=Relationship.MOTHER)
    assert find_repeats([john, joan]) == ()
    assert len(find_repeats([john, replace(joan, first_name="John")])) == 1


def test_what_a_repeat_adds_finds_the_next_one() -> None:
    people = [
        person(2, "Ann Lee", "07700900101"),
        person(3, "Ann Lee", "07700900101", email="ann@example.org"),
        person(4, "Annie Lee", email="ann@example.org"),
    ]
    assert [(r.row, r.first_row) for r in find_repeats(people)] == [(3, 2), (4, 3)]
