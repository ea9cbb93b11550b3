"""Instruments as published: items, options, scoring, licence. One frozen file per version."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

BY_CHANCE = 1.96
"""By chance alone, nineteen changes in twenty stay within so many standard errors."""


class Method(StrEnum):
    """How the answers of a score's items become one number."""

    SUM = "sum"
    MEAN = "mean"
    PERCENT = "percent"
    """The sum times `factor`, which makes the highest possible score 100."""
    LOOKUP = "lookup"
    """The sum, looked up in the published table."""


class Prorate(StrEnum):
    """What stands for an item that was left out, where the instrument allows leaving out."""

    NONE = "none"
    MEAN = "mean"
    """The mean of the items that were answered."""
    SCALE = "scale"
    """The total is scaled by items over items answered: the same number by another name."""


class Direction(StrEnum):
    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"


class Comparator(StrEnum):
    """Whether a change exactly as large as the threshold counts."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class Wording(StrEnum):
    """Whether the items' words may come with the program, or the charity must supply them."""

    INCLUDED = "included"
    CHARITY_SUPPLIED = "charity_supplied"


@dataclass(frozen=True)
class Option:
    """One answer to choose. It counts what it says, unless the instrument gives it other points."""

    value: int
    label: str
    counts: int | None = None

    @property
    def points(self) -> int:
        return self.value if self.counts is None else self.counts


@dataclass(frozen=True)
class Item:
    """One question, with its own options or the instrument's. No text: the charity supplies it."""

    id: str
    text: str | None
    is_reversed: bool
    options: tuple[Option, ...]

    @property
    def lowest(self) -> int:
        return min(option.points for option in self.options)

    @property
    def highest(self) -> int:
        return max(option.points for option in self.options)

    def points(self, value: int) -> int:
        """What an answer counts: a reversed item counts from the other end."""
        points = next(option.points for option in self.options if option.value == value)
        return self.lowest + self.highest - points if self.is_reversed else points


@dataclass(frozen=True)
class Band:
    """A named part of the range, from `start` until the next band begins."""

    start: float
    label: str


@dataclass(frozen=True)
class Reliability:
    """What was published about chance variation. None means unknown, never to be guessed.

    `sem`: standard error of measurement; `r`: reliability, in a sample with the standard
    deviation `sd`; `mdc`: the change that counts; `mid`: the change that matters to people.
    """

    sem: float | None = None
    r: float | None = None
    sd: float | None = None
    mdc: float | None = None
    mid: float | None = None
    comparator: Comparator = Comparator.AT_LEAST
    source: str | None = None

    @property
    def standard_error(self) -> float | None:
        """As published, or from the reliability and the spread of one published sample."""
        if self.sem is not None or self.sd is None or self.r is None:
            return self.sem
        return self.sd * sqrt(1 - self.r)

    @property
    def error_of_change(self) -> float | None:
        """S_diff of Jacobson and Truax (1991): the standard error of a difference."""
        error = self.standard_error
        return None if error is None else sqrt(2) * error

    @property
    def threshold(self) -> float | None:
        """How large a change must be: as published, or else by Jacobson and Truax."""
        if self.mdc is not None or self.error_of_change is None:
            return self.mdc
        return BY_CHANCE * self.error_of_change

    def is_reached_by(self, change: float) -> bool:
        """Whether a change in this direction is more than chance. Without a threshold: no."""
        if self.threshold is None:
            return False
        if self.mdc is not None and self.comparator is Comparator.AT_LEAST:
            return change >= self.threshold
        return change > self.threshold


@dataclass(frozen=True)
class ScoreRule:
    """How one score is worked out, and how it may be read.

    A score with `parts` adds up other scores, and is missing when one of them is.
    """

    id: str
    label: str
    method: Method
    items: tuple[str, ...]
    min_answered: int
    low: float
    high: float
    direction: Direction
    is_reported: bool = False
    factor: float = 1
    lookup: tuple[tuple[int, float], ...] = ()
    prorate: Prorate = Prorate.NONE
    decimals: int | None = None
    bands: tuple[Band, ...] = ()
    reliability: Reliability = Reliability()
    parts: tuple[str, ...] = ()

    def band(self, value: float) -> Band | None:
        """The part of the range in which a score lies."""
        return next((band for band in reversed(self.bands) if band.start <= value), None)


@dataclass(frozen=True)
class Licence:
    name: str
    wording: Wording
    notice: str


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument. `reference` is what is stored beside every answer.

    `note`: what whoever uses it must know, such as a figure that nobody has published.
    """

    id: str
    version: int
    title: str
    citation: str
    licence: Licence
    is_validated: bool
    recall_period: str
    minutes: int
    items: tuple[Item, ...]
    scores: tuple[ScoreRule, ...]
    note: str = ""

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def can_be_asked(self) -> bool:
        """Whether every item has words to ask it with."""
        return all(item.text for item in self.items)

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def score(self, score_id: str) -> ScoreRule:
        return next(rule for rule in self.scores if rule.id == score_id)
