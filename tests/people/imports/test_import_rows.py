"""From cells to a candidate, and back to be mended."""

from collections.abc import Callable
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.people.imports.columns import Field
from programme.people.imports.rows import Reading, mend, read_one, read_people
from programme.people.imports.sheets import Sheet, SheetRow

Read = Callable[[bytes], Reading]
Write = Callable[..., bytes]
GOOD = {
    Field.FIRST_NAME: "Ann",
    Field.SURNAME: "Lee",
    Field.PHONE: "07700900101",
    Field.ADDRESS1: "1 Mill Lane",
    Field.TOWN: "Leeds",
    Field.POSTCODE: "LS1 1AA",
}


def problem_fields(cells: dict[Field, str], on: date) -> list[str]:
    return [problem.field for problem in read_one(cells, row=12, on=on).problems]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(Field), st.text(max_size=80)))
def test_any_text_in_any_cell_becomes_a_candidate(on: date, cells: dict[Field, str]) -> None:
    person = read_one(cells, row=7, on=on)
    said = [remark.message for remark in person.problems]
    said += [remark.message for remark in person.notices]
    assert all(sentence.startswith("Row 7: ") for sentence in said)
    assert all(sentence.endswith(".") for sentence in said)


def test_a_good_row_has_nothing_to_say(on: date) -> None:
    person = read_one(GOOD, row=2, on=on)
    assert person.is_ready
    assert (person.problems, person.notices) == ((), ())


def test_no_name_and_no_way_to_reach_are_both_reported(on: date) -> None:
    assert problem_fields({Field.NOTES: "who is this?"}, on) == ["first_name", "phone"]


def test_a_broken_phone_with_no_email_is_one_problem(on: date) -> None:
    assert problem_fields({**GOOD, Field.PHONE: "07700 9001"}, on) == ["phone"]


def test_an_email_alone_is_a_way_to_reach(on: date) -> None:
    assert problem_fields({**GOOD, Field.PHONE: "", Field.EMAIL: "ann@example.org"}, on) == []


def test_a_row_is_mended_by_typing_what_was_wrong(on: date) -> None:
    broken = read_one({**GOOD, Field.POSTCODE: "PL4 8", Field.FIRST_NAME: "=A1"}, row=12, on=on)
    assert [problem.field for problem in broken.problems] == ["first_name", "postcode"]
    mended = mend(broken.cells, {Field.POSTCODE: "pl4 8aa", Field.FIRST_NAME: "Ann"}, row=12, on=on)
    assert mended.is_ready
    assert mended.address.postcode == "PL4 8AA"


def test_a_name_typed_mends_a_formula_over_the_whole_name(on: date) -> None:
    cells = {Field.FULL_NAME: '=B2&" "&C2', Field.PHONE: "07700900101"}
    assert problem_fields(cells, on) == ["full_name"]
    mended = mend(cells, {Field.FIRST_NAME: "Ann"}, row=2, on=on)
    assert mended.is_ready


def test_two_people_in_one_name_are_asked_for_two_rows(on: date) -> None:
    cells = {Field.FULL_NAME: "Samuel and Priya Patel", Field.PHONE: "07700900107"}
    person = read_one(cells, row=3, on=on)
    assert "two people" in person.problems[0].message


def test_an_unknown_language_stops_the_row_and_is_kept(on: date) -> None:
    person = read_one({**GOOD, Field.LANGUAGE: "Klingon"}, row=3, on=on)
    assert [problem.field for problem in person.problems] == ["language"]
    assert person.language == "Klingon"


def test_notes_that_ask_not_to_post_are_obeyed_with_a_notice(on: date) -> None:
    notes = "collect from office - do not post to home"
    person = read_one({**GOOD, Field.NOTES: notes}, row=3, on=on)
    assert person.do_not_post
    assert [notice.field for notice in person.notices] == ["do_not_post"]


def test_notes_that_ask_for_no_texts_are_obeyed_with_a_notice(on: date) -> None:
    person = read_one(
        {**GOOD, Field.OK_TO_TEXT: "Y", Field.NOTES: "email only please"}, row=3, on=on
    )
    assert not person.may_text
    assert [notice.field for notice in person.notices] == ["ok_to_text"]


def test_notes_that_ask_for_care_are_pointed_out(on: date) -> None:
    person = read_one({**GOOD, Field.NOTES: "ex-partner must not know"}, row=3, on=on)
    assert "care" in person.notices[0].message


def test_ordinary_notes_are_left_in_peace(on: date) -> None:
    person = read_one({**GOOD, Field.NOTES: "evenings only, collects children at 3"}, row=3, on=on)
    assert person.notices == ()


def test_a_missing_address_is_worth_a_look_unless_nothing_is_posted(on: date) -> None:
    cells = {Field.FULL_NAME: "Ann Lee", Field.PHONE: "07700900101"}
    assert [n.field for n in read_one(cells, row=2, on=on).notices] == ["address1"]
    assert read_one({**cells, Field.DO_NOT_POST: "yes"}, row=2, on=on).notices == ()


def test_ok_to_post_and_do_not_post_are_opposites(read: Read, as_csv: Write) -> None:
    for heading, answers in (("OK to post?", ("N", "Y")), ("Do not post", ("Y", "N"))):
        rows = [
            ("Name", "Phone", heading),
            ("Ann Lee", "07700900101", answers[0]),
            ("Bo Day", "07700900102", answers[1]),
        ]
        assert [p.do_not_post for p in read(as_csv(rows)).candidates] == [True, False]


def test_do_not_text_is_the_opposite_of_ok_to_text(read: Read, as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Do not text"),
        ("Ann Lee", "07700900101", "Y"),
        ("Bo Day", "07700900102", "N"),
        ("Cy Fox", "07700900103", ""),
    ]
    assert [p.may_text for p in read(as_csv(rows)).candidates] == [False, True, False]


def test_the_person_who_corrects_the_columns_is_believed(on: date) -> None:
    sheet = Sheet(("A", "B"), 1, (SheetRow(2, ("07700900101", "Ann Lee")),))
    reading = read_people(sheet, {0: Field.PHONE, 1: Field.FULL_NAME}, on=on)
    assert reading.candidates[0].surname == "Lee"


def test_two_columns_of_phones_can_be_read_together(on: date) -> None:
    sheet = Sheet(("A", "B", "C"), 1, (SheetRow(2, ("Ann Lee", "01632 960001", "07700900101")),))
    mapping = {0: Field.FULL_NAME, 1: Field.PHONE, 2: Field.PHONE}
    assert read_people(sheet, mapping, on=on).candidates[0].phone == "+447700900101"


def test_a_row_prepared_but_not_filled_in_is_no_person(read: Read, as_csv: Write) -> None:
    rows = [
        ("Ref", "Name", "Phone", "OK to text"),
        ("1", "Ann Lee", "07700900101", "TRUE"),
        ("2", "", "", "FALSE"),
    ]
    reading = read(as_csv(rows))
    assert [person.row for person in reading.candidates] == [2]
    assert [row.row for row in reading.skipped] == [3]


def test_an_age_in_the_column_before_the_childs_name_is_the_childs(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Carer's name", "Tel (mobile)", "DOB of child", "Child's name"),
        ("Ann Lee", "07700900101", "14/05/2017", "Ada"),
    ]
    (person,) = read(as_csv(rows)).candidates
    assert [(child.first_name, child.birth_year) for child in person.children] == [("Ada", 2017)]


def test_an_address_that_asks_for_care_is_heard(read: Read, as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Home address"),
        ("Ann Lee", "07700900101", "DO NOT POST - refuge"),
        ("Bo Day", "07700900102", "HMP Anytown, 2 High Street, Leeds LS1 1AA"),
        ("Cy Fox", "07700900103", "3 Post Office Lane, Leeds, LS1 1AA"),
    ]
    ann, bo, cy = read(as_csv(rows)).candidates
    assert [person.do_not_post for person in (ann, bo, cy)] == [True, False, False]
    assert any("asks for care" in notice.message for notice in ann.notices)
    assert any("a prison" in notice.message for notice in bo.notices)
    assert not cy.notices


def test_an_interpreter_asked_for_beside_the_language_is_a_need(read: Read, as_csv: Write) -> None:
    rows = [
        ("Name", "Phone", "Language"),
        ("Ann Lee", "07700900101", "Arabic - interpreter needed"),
        ("Bo Day", "07700900102", "Polish, no interpreter"),
    ]
    ann, bo = read(as_csv(rows)).candidates
    assert (ann.language, ann.access_needs) == ("ar", "Arabic - interpreter needed")
    assert (bo.language, bo.access_needs) == ("pl", "")


def test_a_date_that_could_be_month_first_is_pointed_out_beside_one_that_is(
    read: Read, as_csv: Write
) -> None:
    rows = [
        ("Name", "Phone", "Consent date"),
        ("Ann Lee", "07700900101", "09/13/2025"),
        ("Bo Day", "07700900102", "9/3/2025"),
        ("Cy Fox", "07700900103", "9/9/2025"),
    ]
    ann, bo, cy = [
        " ".join(notice.message for notice in person.notices)
        for person in read(as_csv(rows)).candidates
    ]
    assert "13 September 2025, month first" in ann
    assert "9/3/2025 was read day first" in bo
    assert "first" not in cy
