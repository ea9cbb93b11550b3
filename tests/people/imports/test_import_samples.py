from collections.abc import Callable
from datetime import date

import pytest

from programme.people.imports.likeness import find_repeats
from programme.people.imports.rows import Candidate, Reading, Relationship

Read = Callable[[bytes], Reading]
Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def autumn(read: Read, sample: Sample) -> dict[int, Candidate]:
    return {person.row: person for person in read(sample("families-autumn.csv")).candidates}


@pytest.fixture(scope="module")
def partner(read: Read, sample: Sample) -> dict[int, Candidate]:
    return {person.row: person for person in read(sample("families-partner.xlsx")).candidates}


def test_every_row_of_the_autumn_file_is_a_person_or_said_to_be_none(
    read: Read, sample: Sample
) -> None:
    reading = read(sample("families-autumn.csv"))
    assert [person.row for person in reading.candidates] == [*range(2, 11), *range(12, 16)]
    assert [(row.row, row.why) for row in reading.skipped] == [
        (11, "Blank."),
        (16, "A total or a count, not a person."),
    ]


def test_only_leanne_and_rob_stop_and_every_reason_is_named(autumn: dict[int, Candidate]) -> None:
    stopped = {row: [p.field for p in person.problems] for row, person in autumn.items()}
    assert {row: fields for row, fields in stopped.items() if fields} == {
        13: ["phone", "email", "postcode"],
        14: ["first_name", "consent_date"],
    }


def test_problems_say_which_row_what_is_wrong_and_what_to_do(autumn: dict[int, Candidate]) -> None:
    assert autumn[13].problems[2].message == (
        "Row 13: the postcode PL4 8 is not complete. Ask for it, or leave this person out for now."
    )
    assert autumn[14].problems[1].message == (
        "Row 14: the date 31/13/2026 is not a day in the calendar."
        " Ask when consent was given, or leave this person out for now."
    )


def test_letters_of_windows_are_read_as_they_were_written(autumn: dict[int, Candidate]) -> None:
    assert autumn[4].surname == "Nowák"
    assert autumn[5].surname == "O’Neill"
    assert autumn[10].first_name == "Chloë"


def test_the_autumn_file_is_read_in_all_its_ways_of_writing(autumn: dict[int, Candidate]) -> None:
    assert autumn[2].phone == "+447700900101"
    assert autumn[5].phone == "+447700900104"
    assert autumn[5].email == "donna.oneill@example.org"
    assert autumn[10].address.postcode == "E13 9AA"
    assert [autumn[row].may_text for row in (2, 5, 6)] == [True, False, True]
    assert autumn[6].consent_date == date(2026, 9, 6)
    assert autumn[3].consent_date == date(2026, 9, 4)
    assert autumn[2].large_print
    assert not autumn[4].large_print
    assert [autumn[row].language for row in (2, 4, 6, 15)] == ["en", "pl", "ur", "cy"]
    assert autumn[3].address.lines == ("Flat 3, 27 Mill Lane",)
    assert autumn[7].email is None


def test_relationships_keep_their_own_word(autumn: dict[int, Candidate]) -> None:
    kinds = {row: (person.relationship, person.relationship_word) for row, person in autumn.items()}
    assert kinds[2] == (Relationship.GRANDPARENT, "Grandmother")
    assert kinds[7] == (Relationship.STEP_PARENT, "Step-dad")
    assert kinds[15] == (Relationship.GRANDPARENT, "Nain")


def test_tracy_entered_twice_is_one_repeat_and_the_patels_are_two_people(
    autumn: dict[int, Candidate],
) -> None:
    repeats = find_repeats(autumn.values())
    assert [(repeat.row, repeat.first_row) for repeat in repeats] == [(12, 2)]
    assert "phone and e-mail" in repeats[0].why
    assert autumn[8].phone == autumn[9].phone


def test_do_not_post_is_heard_from_its_column(autumn: dict[int, Candidate]) -> None:
    assert [row for row, person in autumn.items() if person.do_not_post] == [10]


def test_the_partner_workbook_is_read_from_below_its_title(partner: dict[int, Candidate]) -> None:
    assert list(partner) == [5, 6, 7, 8, 9, 10]
    assert not any(person.problems for person in partner.values())
    assert (partner[7].first_name, partner[7].surname, partner[7].known_as) == (
        "Karen", "Wilson", "Kaz",
    )  # fmt: skip
    assert partner[8].surname == "Zieliński"
    assert partner[8].consent_date == date(2026, 9, 3)


def test_the_partner_workbook_says_collect_large_print_and_diet_in_its_own_columns(
    partner: dict[int, Candidate],
) -> None:
    assert [row for row, person in partner.items() if person.do_not_post] == [7]
    assert [row for row, person in partner.items() if person.large_print] == [6]
    assert partner[6].allergies == "halal"
    assert partner[6].address.lines == ("118 Albert Road",)
    assert (partner[6].address.town, partner[6].address.postcode) == ("Leicester", "LE1 5XY")


def test_nia_without_and_with_a_phone_is_found_by_her_email(partner: dict[int, Candidate]) -> None:
    assert [(r.row, r.first_row) for r in find_repeats(partner.values())] == [(10, 9)]
