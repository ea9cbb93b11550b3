"""What a week's file may hold, and what the ten weeks hold."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.cohorts.programmes import HANDOUTS, load_programme, programme_names
from programme.handouts.content import ContentError, check_blocks, read_week, to_html
from programme.messages.rules import revealing_words

WEEKS = [
    (name, session.number)
    for name in programme_names()
    for session in load_programme(name).sessions
]


@pytest.mark.parametrize(("programme", "number"), WEEKS)
def test_every_week_can_be_read_and_its_pictures_are_there(programme: str, number: int) -> None:
    week = read_week(programme, number, "en")
    assert week.number == number
    pictures = [part.split('"')[0] for part in week.html.split('src="')[1:]]
    assert all((week.folder / picture).resolve().is_file() for picture in pictures)


@pytest.mark.parametrize(("programme", "number"), WEEKS)
def test_titles_and_aims_say_nothing_that_a_neighbour_may_not_read(
    programme: str, number: int
) -> None:
    week = read_week(programme, number, "en")
    assert revealing_words(f"{week.title} {week.aim}") == []


@pytest.mark.parametrize(("programme", "number"), WEEKS)
def test_a_week_that_names_it_is_marked_sensitive(programme: str, number: int) -> None:
    week = read_week(programme, number, "en")
    assert week.is_sensitive or "prison" not in week.text.lower()


def test_titles_in_the_programme_are_those_of_the_weeks() -> None:
    for name in programme_names():
        for session in load_programme(name).sessions:
            assert read_week(name, session.number, "en").title == session.title


def test_a_week_that_is_not_written_in_a_language_is_read_in_english() -> None:
    assert read_week("together", 1, "xx") == read_week("together", 1, "en")


def test_a_missing_week_is_said_in_a_sentence() -> None:
    with pytest.raises(ContentError, match="Is week 77 written"):
        read_week("together", 77, "en")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("::: try\nwords\n", "line 6: this block is not closed"),
        ("text\n\n::: tyr\nwords\n:::\n", "line 8: there is no block called 'tyr'"),
        ("::: try\n::: words\n:::\n", "line 6: this block is not closed"),
    ],
)
def test_a_wrong_block_is_named_by_file_and_line(body: str, sentence: str) -> None:
    with pytest.raises(ContentError, match=sentence):
        check_blocks(Path("week-01/en.md"), body, first_line=6)


def test_a_space_to_write_has_the_lines_it_asks_for() -> None:
    assert to_html("::: write 3\nMy idea:\n:::\n").count('class="line"') == 3


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "::: try\n<iframe src=//127.0.0.1></iframe>\n:::",
        "<style>@import url(//127.0.0.1)</style>",
    ],
)
def test_hostile_markdown_cannot_inject(hostile: str) -> None:
    html = to_html(hostile)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html
    assert 'src="javascript' not in html
    assert "<iframe" not in html
    assert "<style" not in html


@given(st.text())
def test_any_text_at_all_gives_tags_that_we_know_only(text: str) -> None:
    assert "<script" not in to_html(text).lower()


def test_the_services_were_not_checked_and_say_so() -> None:
    text = (HANDOUTS / "services.yaml").read_text(encoding="utf-8")
    assert "not" in text[:600].lower()
    assert "checked" in text[:600].lower()
