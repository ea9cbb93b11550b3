"""Helplines that a family might use, by nation: only those that somebody has checked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from programme.cohorts.programmes import HANDOUTS


@dataclass(frozen=True)
class Service:
    """A helpline. `reveals`: its name says why somebody might ring; shown only when asked for."""

    name: str
    for_whom: str
    phone: str
    web: str
    reveals: bool


def services_for(nation: str, *, unchecked_too: bool = False) -> tuple[Service, ...]:
    """The services of a nation, such as "Wales", in the file's order.

    `unchecked_too` is for a demonstration: no real family is shown a number that nobody rang.
    """
    return tuple(
        service
        for service, nations, is_checked in _read(HANDOUTS / "services.yaml")
        if nation in nations and (is_checked or unchecked_too)
    )


@cache
def _read(path: Path) -> tuple[tuple[Service, tuple[str, ...], bool], ...]:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        (
            Service(
                name=entry["name"],
                for_whom=entry["for_whom"],
                phone=entry["phone"] or "",
                web=entry["web"] or "",
                reveals=entry["reveals"],
            ),
            tuple(entry["nations"]),
            entry["checked"] is not None,
        )
        for entry in written["services"]
    )
