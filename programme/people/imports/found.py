"""What was read from a cell: a value, what stops the row, and what is worth a look."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
ASK = "Ask for it, or leave this person out for now."
_FORMULA = re.compile(r"=\s*[A-Za-z0-9'\"(\[{+\-@#$!]|@[A-Za-z]+\s*[(!|]|[+\-]\s*[A-Za-z]+\s*[(!|]")
_NOTHING = {
    "", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "none", "nil", "null", "unknown",
    "not known", "tbc", "tba", "not given", "not provided", "no", "no email", "no e-mail",
    "no phone", "none given", "dim", "0", ".", "x", "no mobile", "not applicable", "none known",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Sentences without their row: `the postcode PL4 8 is not complete. Ask for it, …`"""

    value: T
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def problem(value: T, sentence: str) -> Found[T]:
    return Found(value, problems=(sentence,))


def notice(value: T, sentence: str) -> Found[T]:
    return Found(value, notices=(sentence,))


def is_formula(text: str) -> bool:
    """Text that a spreadsheet program would work out, also as `@` or `+` with a call."""
    return bool(_FORMULA.match(text))


def is_nothing(text: str) -> bool:
    """A way of leaving a cell blank: a dash, `n/a`, `none`."""
    return text.strip().casefold() in _NOTHING


def shown(text: str, longest: int = 40) -> str:
    """As a message quotes it: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
