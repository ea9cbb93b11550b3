"""What may be shown of few people, and when to warn."""

from typing import Any

from programme.questionnaires.rules import Wave

FEW = 5
"""Below so many, a figure would say more about them than about the group."""
SMALL_SAMPLE = 30
"""Below so many pairs, a change is a sign and not a finding."""

PAIRS = {
    "before_after": (Wave.BEFORE, Wave.AFTER),
    "before_three_months": (Wave.BEFORE, Wave.THREE_MONTHS),
}


def hide_few(count: int) -> int | str:
    """A count as it may leave the charity."""
    return f"<{FEW}" if 0 < count < FEW else count


def hide_few_of(counts: dict[str, int]) -> dict[str, int | str]:
    """Counts that add up to a known total: all or none, because from some of them the hidden
    ones could be worked out."""
    if any(0 < count < FEW for count in counts.values()):
        return dict.fromkeys(counts, "hidden")
    return dict(counts)


def is_told_by_the_rest(everybody: int, part: int, *, at_least: int) -> bool:
    """Whether figures of everybody beside those of a part would tell about too few others."""
    return 0 < everybody - part < at_least


def without_figures(pair: dict[str, Any]) -> dict[str, Any]:
    """A comparison of too few people: only that it exists."""
    return {"n": hide_few(pair["n"])}
