"""Personal links in messages: the areas above say which page each purpose leads to."""

from collections.abc import Mapping

from programme.access.links import link_key
from programme.access.rules import Purpose

PATHS: dict[str, str] = {}


def register_links(paths: Mapping[str, str]) -> None:
    """Say where links lead, such as `{"my_group": "/g/{key}"}`. Called once, by `app.py`."""
    PATHS.update(paths)


def personal_link(purpose: str, row_id: int, *, base: str) -> str:
    """The whole address of a personal link, made anew, below `base`.

    Raises:
        KeyError: no page is registered for the purpose.
    """
    key = link_key(Purpose(purpose), row_id)
    return base.rstrip("/") + PATHS[purpose].replace("{key}", key)
