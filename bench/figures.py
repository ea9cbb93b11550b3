"""A measured figure: ours, the floor it stands on, and the goal."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`ours` and `floor` are in `unit`; `goal` is the most that `ours` may be, or with
    `is_ratio` the most floors. Without a goal it is for information."""

    name: str
    ours: float
    unit: str = "ms"
    floor: float | None = None
    goal: float | None = None
    is_ratio: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        reached = self.ratio if self.is_ratio else self.ours
        return None if self.goal is None or reached is None else reached <= self.goal


HEADINGS = ("what", "floor", "ours", "ratio", "goal", "met")


def as_data(figure: Figure) -> dict[str, Any]:
    """For `--json`."""
    return asdict(figure) | {"ratio": figure.ratio, "is_met": figure.is_met}


def as_table(figures: Sequence[Figure]) -> str:
    """A line a figure, in columns; it can be pasted into Markdown."""
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    ruled = _line(["-" * width for width in widths], widths)
    return "\n".join([lines[0], ruled, *lines[1:], ""])


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[figure.is_met]
    return (
        f"{figure.name} ({figure.note})" if figure.note else figure.name,
        _number(figure.floor, figure.unit),
        _number(figure.ours, figure.unit),
        f"{figure.ratio:.1f}" if figure.ratio is not None else "",
        _goal(figure),
        met,
    )


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "queries":
        return f"{value:.0f}"
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    if figure.is_ratio:
        return f"≤ {figure.goal:g} floors"
    return f"≤ {figure.goal:g}" if figure.unit == "queries" else f"≤ {figure.goal:g} {figure.unit}"


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
