"""What a column's heading says, in whatever words."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz, process

from programme.people.imports.fields import Field
from programme.people.imports.synonyms import (
    ABOUT_OTHERS,
    CHILD_WORDS,
    FILLERS,
    HEADINGS,
    NOT_OF_A_CHILD,
)

SURE_ENOUGH = 80.0
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ANSWERS = re.compile(r"\b(y n|y or n|yes no|yes or no|y n na|true false|tick|x)$")
_REFUSALS = {"not", "dont", "no", "never", "without", "refused", "collect", "collection"}
_KNOWN: dict[str, Field] = {
    heading: field for field, headings in HEADINGS.items() for heading in headings
}
_LONG_ENOUGH_TO_MISSPELL = [heading for heading in _KNOWN if len(heading) >= 5]
_SAYS_LITTLE = {
    "number",
    "first",
    "last",
    "area",
    "print",
    "details",
    "state",
    "house",
    "road",
    "info",
    "person",
    "names",
    "line 1",
    "line 2",
    "line 3",
    "role",
    "access",
}
_BY_LENGTH = sorted(
    (heading for heading in _KNOWN if len(heading) >= 4 and heading not in _SAYS_LITTLE),
    key=len,
    reverse=True,
)


@lru_cache(maxsize=4096)
def field_for(heading: str) -> tuple[Field, float]:
    """The likeliest field and how sure of it we are, from 0 to 100."""
    if len(heading) > 200:
        return Field.IGNORE, 0.0
    with_brackets = plain(heading)
    without_brackets = plain(_BRACKETS.sub(" ", heading))
    if exact := _KNOWN.get(with_brackets):
        return exact, 100.0
    if decided := _by_subject(with_brackets):
        return decided
    return max(
        (_nearest(text) for text in (without_brackets, with_brackets)),
        key=lambda guess: guess[1],
    )


def plain(heading: str) -> str:
    """`Carer's e-mail? (Y/N)` becomes `carers e mail y n`."""
    letters = unicodedata.normalize("NFKD", heading.casefold()).replace("’", "'")
    bare = letters.replace("'", "").encode("ascii", "ignore").decode()
    return _NOT_WORDS.sub(" ", bare).strip()


def is_refusal(heading: str) -> bool:
    """`Do not post` and `Collect` refuse with a yes; `OK to post` and `Parcel` with a no."""
    words = _ANSWERS.sub("", plain(heading)).split()
    return any(word in _REFUSALS for word in words)


def is_surname_first(heading: str) -> bool:
    words = plain(heading)
    return bool(re.match(r"(surname|last name|family name).*\b(first|forename|given)", words))


def _by_subject(words: str) -> tuple[Field, float] | None:
    """Whose is it? A child's name or a prison officer's phone is not the participant's."""
    tokens = set(words.split())
    if tokens & CHILD_WORDS and not tokens & {"address", "postcode"}:
        return _about_children(tokens)
    if tokens & ABOUT_OTHERS or any(f" {phrase} " in f" {words} " for phrase in _PHRASES):
        return Field.IGNORE, 100.0
    return None


_PHRASES = [phrase for phrase in ABOUT_OTHERS if " " in phrase]


def _about_children(tokens: set[str]) -> tuple[Field, float]:
    if tokens & {"relationship", "relation", "perthynas"}:
        return Field.RELATIONSHIP, 99.0
    if tokens & {"allergies", "allergy", "diet", "dietary"}:
        return Field.ALLERGIES, 82.0
    if tokens & NOT_OF_A_CHILD:
        return Field.IGNORE, 100.0
    return Field.CHILDREN, 96.0


def _nearest(words: str) -> tuple[Field, float]:
    words = _ANSWERS.sub("", words).strip()
    if words in _KNOWN:
        return _KNOWN[words], 100.0
    bare = " ".join(word for word in words.split() if word not in FILLERS and not word.isdigit())
    if bare in _KNOWN:
        return _KNOWN[bare], 97.0
    return max(_misspelt(bare), _within(words), _within(bare), key=lambda guess: guess[1])


def _misspelt(words: str) -> tuple[Field, float]:
    if len(words) < 4:
        return Field.IGNORE, 0.0
    found = process.extractOne(
        words, _LONG_ENOUGH_TO_MISSPELL, scorer=fuzz.token_sort_ratio, score_cutoff=86
    )
    return (_KNOWN[found[0]], found[1] - 3) if found else (Field.IGNORE, 0.0)


def _within(words: str) -> tuple[Field, float]:
    """`best number to ring you on mobile` holds `mobile`."""
    for heading in _BY_LENGTH:
        if f" {heading} " in f" {words} ":
            return _KNOWN[heading], SURE_ENOUGH + min(len(heading), 10) / 10
    return Field.IGNORE, 0.0
