"""What a family's page says about joining, in each language that we write in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from programme.messages.languages import Language, language_of

WORDS = Path(__file__).parents[2] / "templates" / "portal" / "words"


@dataclass(frozen=True)
class Words:
    """The page's sentences in one language, and how it says times in one zone."""

    language: Language
    zone: str
    sentences: Mapping[str, str]

    def __call__(self, name: str, **values: object) -> str:
        return self.sentences[name].format(**values)

    def time(self, at: datetime) -> str:
        return self.language.say_time(at, self.zone)

    def day(self, at: datetime) -> str:
        return self.language.say_day(at, self.zone)

    def wait(self, until: datetime, at: datetime) -> str:
        """How long it is from `at` to some time of the same day: "in 25 minutes"."""
        minutes = math.ceil((until - at) / timedelta(minutes=1))
        if minutes < 1:
            return self("wait_now")
        count, unit = (minutes, "minute") if minutes < 60 else (round(minutes / 60), "hour")
        return self(f"wait_{unit}{'' if count == 1 else 's'}", count=count)


def words_for(language: str, zone: str) -> Words:
    """In the language of that code, or in the nearest that we have."""
    spoken = language_of(language)
    return Words(spoken, zone, sentences_of(spoken.code))


@cache
def sentences_of(code: str) -> Mapping[str, str]:
    """The sentences of one language, by name."""
    written: dict[str, str] = yaml.safe_load((WORDS / f"{code}.yaml").read_text(encoding="utf-8"))
    return written
