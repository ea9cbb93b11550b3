"""Text messages are counted as phones count them, and what makes them more is named."""

import pytest

from programme.messages.segments import measure


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        *[("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3)],
        *[("€" * 80, 1), ("€" * 81, 2), ("a" * 152 + "€" * 5, 2), ("ŵ" * 70, 1), ("ŵ" * 71, 2)],
        *[("😀" * 35, 1), ("😀" * 36, 2), ("é" * 160, 1), ("’" + "a" * 70, 2)],
    ],
)
def test_text_messages_are_counted_as_phones_count(text: str, segments: int) -> None:
    assert measure(text).segments == segments


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 143, "1 text message, 143 of 160"),
        ("€" * 80, "1 text message, 160 of 160"),
        ("a" * 180, "2 text messages, 180 of 306"),
        ("ŵ" * 71, "2 text messages, 71 of 134"),
    ],
)
def test_the_length_is_said_in_words(text: str, words: str) -> None:
    assert measure(text).in_words == words


def test_characters_outside_the_alphabet_are_named_with_what_to_write_instead() -> None:
    assert measure("Hello").why == ""
    assert measure("It’s Łucja’s").why == (
        "“’”, “Ł” are not in the small alphabet of text messages, so one holds 70 characters "
        "and not 160. Write ' for ’."
    )
    assert measure("ŵy").why.startswith("“ŵ” is not")


def test_a_language_with_letters_of_its_own_does_not_have_each_of_them_named() -> None:
    assert measure("سلام، ہم منگل کو ملتے ہیں").why.startswith("Its letters are not")
