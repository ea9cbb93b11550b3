"""What fills a text: written down when a message is queued, said when it is sent.

A link, a day and a time are kept as what they are, so that each is made in the language and
with the key of the hour in which the message leaves.
"""

from datetime import datetime
from typing import Any

from programme.access.codes import typed_code
from programme.foundation.settings import Settings
from programme.messages.languages import Language
from programme.messages.links import personal_link


def day_value(at: datetime, zone: str) -> dict[str, str]:
    """The day of an instant, to be said in whatever language the text will be."""
    return {"day": at.isoformat(), "zone": zone}


def instant_in(value: dict[str, str]) -> datetime:
    """The instant that a day or a time was made from."""
    return datetime.fromisoformat(value.get("day") or value["time"])


def time_value(at: datetime, zone: str) -> dict[str, str]:
    """The time of an instant, likewise."""
    return {"time": at.isoformat(), "zone": zone}


def say(value: Any, language: Language, settings: Settings) -> str:
    """One line of text: nothing that is put in can begin a new header or paragraph."""
    if not isinstance(value, dict):
        return " ".join(str(value).split())
    zone = value.get("zone", settings.zone)
    if "day" in value:
        return language.say_day(datetime.fromisoformat(value["day"]), zone)
    if "time" in value:
        return language.say_time(datetime.fromisoformat(value["time"]), zone)
    if "code" in value:
        return typed_code(value["code"])
    return personal_link(value["link"], value["row"], base=settings.link_base)
