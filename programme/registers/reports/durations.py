"""How long, as reports write it: `1h 2m`, `1 hr 2 min`, `1 Std. 2 Min.`, `1:02:00`, `62`."""

import re
from functools import lru_cache

from programme.registers.reports.months import folded

_LONGEST = 60
_PART = re.compile(r"(\d{1,6}(?:[.,]\d+)?)\s?([^\W\d_]{1,12})\.?")
_PARTS = re.compile(
    r"(?:\d{1,6}(?:[.,]\d+)?\s?[^\W\d_]{1,12}\.?[\s,]*(?:(?:and|und|et|y|a|i|e)\s)?)+"
)
_ISO = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")
_CLOCK = re.compile(r"=?(?:(\d+) days?, )?(\d{1,3}):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?")
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,15})?")
_WORDS = {"h": 3600, "st": 3600, "g": 3600, "t": 3600, "u": 3600, "m": 60, "s": 1, "e": 1}
_STEMS = {
    3600: "hr hour heure hora hod std stund god aw or uur uren tim saat ч час ώ 小 时 時 시",
    60: "min mun fun dk д мин λ 分 분",
    1: "se eil sn с δ 秒 초",
}
"""Beginnings of the words that mean so many seconds."""


@lru_cache(maxsize=8192)
def read_seconds(text: str) -> float | None:
    """Of a duration that says its units, or is written like a clock. None for anything else."""
    if not text or len(text) > _LONGEST:
        return None
    if found := _ISO.fullmatch(text):
        return _added(*found.groups()) if any(found.groups()) else None
    if found := _CLOCK.fullmatch(text):
        days, *rest = found.groups()
        return int(days or 0) * 86_400 + _added(*rest)
    return _in_words(folded(text))


def read_number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def says_units(text: str) -> bool:
    """Not to be taken for a time of the day."""
    return read_seconds(text) is not None and ":" not in text


def _added(hours: str | None, minutes: str | None, seconds: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)


def _in_words(text: str) -> float | None:
    if not _PARTS.fullmatch(text):
        return None
    sizes = [(float(number.replace(",", ".")), _unit(word)) for number, word in _PART.findall(text)]
    units = [unit for _, unit in sizes]
    if 0 in units or units != sorted(set(units), reverse=True):
        return None
    return sum(number * unit for number, unit in sizes)


def _unit(word: str) -> int:
    """In seconds; 0 for a word that is none."""
    for seconds, stems in _STEMS.items():
        if word.startswith(tuple(stems.split())):
            return seconds
    return _WORDS.get(word, 0)
