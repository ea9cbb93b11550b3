"""Yes and no, in all the ways that a cell can say them."""

import re

from programme.people.imports.found import Found, notice, shown

_YES = {
    "y", "yes", "yes please", "true", "1", "1.0", "x", "✓", "✔", "☑", "✅", "yep", "yeah", "ok",
    "okay", "t", "ie", "ydw", "oui", "tick", "ticked", "fine", "happy", "agreed", "consented",
    "yes ok", "on", "needed", "required", "√", "ü", "v", "yes - ok", "given",
}  # fmt: skip
_NO = {
    "", "n", "no", "false", "0", "0.0", "-", "–", "—", "n/a", "na", "none", "nope", "f", "nage",
    "no thanks", "no thank you", "☐", "not needed", "not required", "✗", "✘", "❌", "not known",
    "unknown", "declined", "refused", "off", "nil", "standard", "normal",
}  # fmt: skip
_COLLECT = re.compile(
    r"\b(collects?|collected|collection|pick(s|ed)?[ -]?up|hand[ -]?deliver\w*|office|no|not|dont|"
    r"never|without|hold|nothing)\b"
)
_POST = re.compile(r"\b(post\w*|mail\w*|deliver\w*|home|royal mail|send)\b")
_LARGE = re.compile(r"\b(large|big|bigger|enlarged|1[68] ?pt|2[0-9] ?pt|1[68]|2[0-9])\b")
_PLAIN_FORMAT = re.compile(
    r"(standard|normal|pdf|paper|print(ed)?|regular|small|usual|default|post)"
)


def answer(text: str) -> bool | None:
    """None when the cell says something else than yes or no."""
    word = text.strip().casefold().rstrip(".!")
    if word in _YES:
        return True
    if word in _NO:
        return False
    start = re.match(r"(yes|no|y|n)\b[\s,;:(\-–—]", word)
    return start.group(1)[0] == "y" if start else None


def read_may_text(text: str) -> Found[bool]:
    said = answer(text)
    if said is None:
        return notice(
            False, f"“{shown(text)}” says neither yes nor no to texts: it is taken as no."
        )
    return Found(said)


def read_do_not_post(text: str) -> Found[bool]:
    """When in doubt nothing is posted."""
    said = answer(text)
    if said is not None:
        return Found(said)
    words = text.casefold().replace("’", "").replace("'", "")
    if _COLLECT.search(words):
        return Found(True)
    if _POST.search(words):
        return Found(False)
    return notice(True, f"“{shown(text)}” does not say whether to post: it is taken as do not.")


def read_large_print(text: str) -> tuple[bool, str]:
    """Whether large print, and another format that the cell asks for (`braille`)."""
    said = answer(text)
    if said is not None:
        return said, ""
    word = text.strip().casefold()
    if _LARGE.search(word):
        return True, ""
    return False, "" if _PLAIN_FORMAT.fullmatch(word) else text


def read_allergies(text: str) -> str:
    word = text.strip().casefold().rstrip(".")
    is_none = word in _NO or re.fullmatch(r"(no|none|nil)( known)?( food)? ?(allerg\w+)?", word)
    return "" if is_none else text.strip()
