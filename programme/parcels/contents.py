"""What goes in a parcel, and what must not: said to a packer without saying why."""

import re
from collections.abc import Iterable

from programme.cohorts.programmes import KitItem, ProgrammeError, load_programme

NOTES: tuple[tuple[str, str], ...] = (
    (r"\b(tree )?nuts?\b|\bpeanuts?\b|\balmonds?\b|\bhazelnuts?\b|\bcashews?\b", "no nuts"),
    (r"\bdairy\b|\bmilk\b|\blactose\b", "no dairy"),
    (r"\bgluten\b|\bwheat\b|\bco?eliac\b", "no gluten"),
    (r"\beggs?\b", "no egg"),
    (r"\bsoya?\b", "no soya"),
    (r"\bsesame\b", "no sesame"),
    (r"\bgelatine?\b", "no gelatine"),
    (r"\bhalal\b", "halal only"),
    (r"\bkosher\b", "kosher only"),
    (r"\bvegan\b", "vegan only"),
    (r"\bvegetarian\b", "vegetarian only"),
)
NOTHING_NOTED = re.compile(
    r"(none|nil|no|n/?a|nka|nkda|nothing|no (known )?allerg(y|ies)|none known)?[\s.\-]*"
)
FILLERS = re.compile(
    r"\b(no|not|non|free|allergy|allergies|allergic|intolerant|intolerance|to|and|or|any|all|"
    r"all kinds of|severe|mild|only|diet|products?|food|she|he|they|is|are|has|have|a|the)\b"
    r"|[^\w]+"
)
ASK = "ask a coordinator what may go in"


def contents_note(noted: Iterable[str | None]) -> str:
    """What the packer must heed, such as "No nuts, halal only."; empty when nothing is noted.

    Words it does not know are never left to hope: it says to ask.
    """
    found: list[str] = []
    for text in noted:
        found += [note for note in _notes_in((text or "").lower().strip()) if note not in found]
    return f"{', '.join(found).capitalize()}." if found else ""


def kit_of(programme: str) -> tuple[KitItem, ...]:
    """What the programme puts in its parcels; nothing when its file cannot be read."""
    try:
        return load_programme(programme).kit
    except ProgrammeError:
        return ()


def contents(kit: Iterable[KitItem], booklets: int) -> list[str]:
    """What to put in, such as "2 × Booklet of handouts"."""
    return [f"{_how_many(item, booklets)} × {item.item}" for item in kit]


def weight_grams(kit: Iterable[KitItem], booklets: int) -> int:
    """What the parcel weighs, without its box; 0 when the kit is not known."""
    return sum(_how_many(item, booklets) * item.weight_grams for item in kit)


def _how_many(item: KitItem, booklets: int) -> int:
    return booklets if item.per == "participant" else 1


def _notes_in(text: str) -> list[str]:
    if NOTHING_NOTED.fullmatch(text):
        return []
    found = []
    for pattern, note in NOTES:
        if re.search(pattern, text):
            found.append(note)
            text = re.sub(pattern, " ", text)
    return found + ([ASK] if FILLERS.sub("", text) else [])
