"""Months as reports in many languages name them."""

import unicodedata

_STEMS = (
    "jan ene gen ian ion sty oca",
    "feb fev fevr chw lut sub",
    "mar mrt maw mae",
    "apr avr abr ebr kwi nis",
    "may mai maj mag mei",
    "jun juin giu iun meh cze haz",
    "jul juil lug iul gor lip tem",
    "aug aou ago aws sie agu",
    "sep set med wrz eyl",
    "oct okt ott out hyd paz eki",
    "nov noi tac lis kas",
    "dec dez dic rha gru ara",
)
_BY_STEM = {stem: month for month, stems in enumerate(_STEMS, 1) for stem in stems.split()}


def month_named(word: str) -> int | None:
    """From 1; by its first four letters, or its first three."""
    plain = folded(word)
    return _BY_STEM.get(plain[:4]) or _BY_STEM.get(plain[:3])


def folded(text: str) -> str:
    """Without case, accents and doubled spaces."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFC", bare).replace("ł", "l").split())
