"""`python -m bench [NAME…] [--json]`: measure all, or some, and print a table."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import (
    clock,
    crowds,
    fresh_run,
    importing,
    marking,
    memory,
    pages,
    paper,
    sending,
    surge,
)
from bench.figures import Figure, as_data, as_table
from bench.instance import Instance, machine, make_demonstration

MEASURES: dict[str, Callable[[Instance], Sequence[Figure]]] = {
    "pages": pages.measure,
    "import": importing.measure,
    "memory": memory.measure,
    "clock": clock.measure,
    "paper": paper.measure,
}
ALONE = {"sending": sending.measure, "marking": marking.measure}
ONLY_WHEN_NAMED = {"fresh-run": fresh_run.measure, "crowds": crowds.measure, "surge": surge.measure}
WITHOUT_DEMONSTRATION = ALONE | ONLY_WHEN_NAMED


def main() -> None:
    asked = _options()
    named = list(dict.fromkeys(asked.names)) or [*MEASURES, *ALONE]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        figures = list(_alone(named)) + _of_demonstration(named, Path(folder))
    where = machine()
    if asked.json:
        print(json.dumps({"machine": where, "figures": [as_data(each) for each in figures]}))
    else:
        print(as_table(figures), *(f"{name}: {fact}" for name, fact in where.items()), sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [*MEASURES, *WITHOUT_DEMONSTRATION]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(names):
        parser.error(f"There is no {', '.join(sorted(unknown))}. Choose from {', '.join(names)}.")
    return asked


def _alone(named: Sequence[str]) -> list[Figure]:
    found: list[Figure] = []
    for name in named:
        if name in WITHOUT_DEMONSTRATION:
            print(f"Measuring {name} …", file=sys.stderr)
            found += WITHOUT_DEMONSTRATION[name]()
    return found


def _of_demonstration(named: Sequence[str], folder: Path) -> list[Figure]:
    wanted = [name for name in named if name in MEASURES]
    if not wanted:
        return []
    print("Making a demonstration to measure …", file=sys.stderr)
    whole = make_demonstration(folder / "instance")
    found: list[Figure] = []
    for name in wanted:
        print(f"Measuring {name} …", file=sys.stderr)
        found += MEASURES[name](whole.copy(name))
    return found


if __name__ == "__main__":
    main()
