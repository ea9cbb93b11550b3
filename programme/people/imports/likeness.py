"""People who may be in a file twice: reached in the same way, and named alike."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from programme.people.imports.candidates import Candidate
from programme.people.imports.names import split_full_name
from programme.people.rules import Relationship

_SHORT_FORMS = (
    {"robert", "rob", "bob", "bobby", "robbie"}, {"william", "will", "bill", "billy", "liam"},
    {"elizabeth", "liz", "lizzie", "beth", "betty", "libby", "eliza", "lisa"},
    {"margaret", "maggie", "peggy", "meg", "madge"}, {"katherine", "kate", "katie", "kathy",
    "cathy", "katy", "catherine", "kath", "cath"}, {"karen", "kaz", "kazza"},
    {"richard", "rick", "dick", "richie", "rich"}, {"john", "jack", "johnny", "jon"},
    {"james", "jim", "jimmy", "jamie"}, {"charles", "charlie", "chas", "chuck"},
    {"sharon", "shaz", "shazza"}, {"theresa", "teresa", "tess", "terri", "terry"},
    {"patricia", "pat", "trish", "tricia", "patty"}, {"susan", "sue", "suzie", "susie"},
    {"anthony", "tony", "ant"}, {"deborah", "deb", "debbie", "debs"}, {"edward", "ted", "eddie",
    "ed", "ned"}, {"mary", "molly", "polly"}, {"sarah", "sally", "sara", "saz"},
    {"michael", "mike", "mick", "mickey", "micky"}, {"henry", "harry"}, {"ann", "anne", "annie",
    "nancy", "anna"}, {"rebecca", "becky", "becca", "bex"}, {"jennifer", "jenny", "jen"},
    {"gwenllian", "gwen"}, {"alexander", "alex", "sandy", "alexandra", "sasha", "lexi"},
    {"jacqueline", "jackie", "jacqui"}, {"dorothy", "dot", "dotty"}, {"steven", "stephen", "steve"},
    {"mohammed", "muhammad", "mohammad", "mohamed", "muhammed", "mohamad", "mohd", "mo"},
    {"aisha", "ayesha", "aysha", "aicha", "aishah"}, {"yusuf", "yousef", "yousuf", "yousaf",
    "yusef"}, {"hussain", "hussein", "husain"}, {"sean", "shaun", "shawn"}, {"lee", "leigh"},
    {"graham", "graeme"}, {"zoe", "zoey"}, {"samantha", "sam", "sammy"},
)  # fmt: skip
_MUM_AND_DAD = {Relationship.MOTHER, Relationship.FATHER}
_UNLIKE_BUT_CLOSE = 0.93
_LONG_ENOUGH_FOR_A_SLIP = 4


@dataclass(frozen=True, slots=True)
class Repeat:
    row: int
    first_row: int
    why: str


def find_repeats(candidates: Iterable[Candidate]) -> tuple[Repeat, ...]:
    """Each later row once, against the first row that it repeats."""
    return tuple(_repeats(list(candidates)))


def is_like(name_a: str, name_b: str) -> bool:
    """Whole names in either order: `Tracy Hargreaves` is like `HARGREAVES, Tracey`."""
    a, b = split_full_name(name_a), split_full_name(name_b)
    first_a, first_b = {a.first, a.known_as}, {b.first, b.known_as}
    return (
        _are_people_alike(first_a, a.surname, first_b, b.surname)
        or _words(name_a) == _words(name_b) != []
    )


def are_alike(one: Candidate, other: Candidate) -> bool:
    """With the names they are known by. A John who is a dad is no slip for a Joan who is a mum."""
    if {one.relationship, other.relationship} == _MUM_AND_DAD and one.first_name:
        return _words(_whole(one)) == _words(_whole(other))
    firsts, other_firsts = {one.first_name, one.known_as}, {other.first_name, other.known_as}
    return _are_people_alike(firsts, one.surname, other_firsts, other.surname) or _words(
        _whole(one)
    ) == _words(_whole(other))


def _repeats(candidates: list[Candidate]) -> Iterator[Repeat]:
    by_reach: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        reaches = [reach for reach in (candidate.phone, candidate.email) if reach]
        earlier = {one.row: one for reach in reaches for one in by_reach.get(reach, [])[:50]}
        for row in sorted(earlier):
            if are_alike(earlier[row], candidate):
                yield Repeat(candidate.row, row, _why(candidate, earlier[row]))
                break
        for reach in reaches:
            by_reach.setdefault(reach, []).append(candidate)


def _why(candidate: Candidate, first: Candidate) -> str:
    ways = [
        way
        for way, mine, theirs in (
            ("phone", candidate.phone, first.phone),
            ("e-mail", candidate.email, first.email),
        )
        if mine and mine == theirs
    ]
    return (
        f"Row {candidate.row}: {_whole(candidate)} has the same {' and '.join(ways)} as"
        f" {_whole(first)} in row {first.row}. Is it one person?"
    )


def _whole(candidate: Candidate) -> str:
    return f"{candidate.first_name} {candidate.surname}".strip()


def _are_people_alike(
    firsts: set[str], surname: str, other_firsts: set[str], other_surname: str
) -> bool:
    if not _are_surnames_alike(_folded(surname), _folded(other_surname)):
        return False
    pairs = product(filter(None, map(_folded, firsts)), filter(None, map(_folded, other_firsts)))
    return any(_are_first_names_alike(one, other) for one, other in pairs)


def _are_surnames_alike(one: str, other: str) -> bool:
    """A missing surname speaks against nothing."""
    return not one or not other or one == other or _is_slip(one, other)


def _are_first_names_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if one == other or (len(short) >= 3 and long.startswith(short)):
        return True
    if one.split()[0] == other.split()[0]:
        return True
    return any({one, other} <= forms for forms in _SHORT_FORMS) or _is_slip(one, other)


def _is_slip(one: str, other: str) -> bool:
    """One letter more, less or other, or two changed about: Tracy and Tracey."""
    if min(len(one), len(other)) < _LONG_ENOUGH_FOR_A_SLIP:
        return False
    return (
        DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
        or JaroWinkler.similarity(one, other) >= _UNLIKE_BUT_CLOSE
    )


def _words(name: str) -> list[str]:
    return sorted(_folded(name).split())


@lru_cache(maxsize=16_384)
def _folded(name: str) -> str:
    """Without accents, case, hyphens and apostrophes."""
    letters = unicodedata.normalize("NFKD", name.translate(_STROKES).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’`.]", "", bare)).split())


_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})
