"""Who wants to stop, who wants to start, and who only answers."""

import pytest

from programme.messages.incoming.mails import own_words
from programme.messages.incoming.wishes import wants_of
from programme.messages.rules import Wants


@pytest.mark.parametrize(
    "text",
    [
        *["STOP", "stop", "Stop.", "STOPP!", " sToP \n", "Stop please", "please stop", "STOP ALL"],
        *["stop texting me", "Stop sending me messages please", "UNSUBSCRIBE", "unsubscribe me"],
        *["Cancel", "END", "quit!!", "Quit please", "opt out", "Opt me out please"],
        *["Stop, thank you."],
        *["no more texts please", "No more e-mails", "take me off", "STOP\nJo Smith\n07700 900123"],
        *["Hi, please stop these emails. Thanks", "“STOP”", "I want this to stop"],
    ],
)  # fmt: skip
def test_what_can_mean_nothing_else_stops(text: str) -> None:
    assert wants_of(text) is Wants.STOP


@pytest.mark.parametrize(
    "text",
    [
        *["", "?", "👍", "thanks", "Don't stop", "please don’t stop", "Can we stop by on Tuesday?"],
        *["Cancel Tuesday please", "cancel it for this week", "The end of term was lovely"],
        *["I quit smoking!", "He will not stop crying", "stop him coming to the house", "non stop"],
        *["Is the bus stop near?", "yesterday was hard", "Yes but not on Monday"],
        *["I will end it all"],
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_for_a_person(text: str) -> None:
    assert wants_of(text) is Wants.ANSWER


@pytest.mark.parametrize("text", ["START", "Yes", "yes please", "unstop", "Yes. Thank you"])
def test_a_yes_is_a_wish_to_start(text: str) -> None:
    assert wants_of(text) is Wants.START


@pytest.mark.parametrize(
    ("subject", "wants"),
    [
        ("STOP", Wants.STOP),
        ("Unsubscribe", Wants.STOP),
        ("Re: STOP", Wants.ANSWER),
        ("", Wants.ANSWER),
    ],
)
def test_a_subject_that_is_one_such_word_counts(subject: str, wants: Wants) -> None:
    assert wants_of("This was sent by my mail program.", subject) is wants


ORIGINAL = "Hello Jo, we meet Tuesday.\n\nTo stop it, answer with the word STOP."
QUOTED = "\n".join(f"> {line}" for line in ORIGINAL.splitlines())


@pytest.mark.parametrize(
    "written",
    [
        f"Stop\n\nOn Tue, 6 Oct 2026 at 10:00, Tuesday group <hello@example.org> wrote:\n{QUOTED}",
        f"Stop\n\nOn Tue, 6 Oct 2026 at 10:00, Tuesday group\n<a@example.org> wrote:\n\n{ORIGINAL}",
        f"Stop\n\n-----Original Message-----\nFrom: Tuesday group\n\n{ORIGINAL}",
        f"Stop\n________________________________\nFrom: Tuesday group <a@b>\n{ORIGINAL}",
        f"Stop\n\nFrom: Tuesday group <hello@example.org>\nSent: 6 October\n\n{ORIGINAL}",
        "Stop\n\nSent from my iPhone",
        "Stop\n-- \nJo, 07700 900123",
        f"{QUOTED}\n\nStop",
        f"On Tue, somebody <a@b> wrote:\n{QUOTED}\nStop",
    ],
)
def test_their_own_words_are_told_from_what_they_answer_to(written: str) -> None:
    assert own_words(written) == "Stop"


def test_words_on_several_lines_stay() -> None:
    written = "Hello,\nI went from home to the park.\n\nFrom: was the wrong word.\n\nJo"
    assert own_words(written) == written
