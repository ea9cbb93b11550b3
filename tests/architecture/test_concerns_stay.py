"""Concerns stay in their area: no export, page or job of another touches them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from programme.app import ROOT

PROGRAMME = ROOT / "programme"
OWN = PROGRAMME / "safeguarding"
MAY_KNOW = {
    "app.py": {"programme.safeguarding", "programme.safeguarding.pages"},
    "desk/queries.py": {"programme.safeguarding", "programme.safeguarding.queries"},
}
"""Who imports anything of the area: the wiring its pages, Today its to-dos."""
MAY_NAME = {"foundation/migrations/versions"}
"""Where the table stands by its name: where it was made."""


def others() -> Iterator[Path]:
    return (path for path in PROGRAMME.rglob("*.py") if OWN not in path.parents)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_wiring_and_today_import_the_area() -> None:
    known = {
        path.relative_to(PROGRAMME).as_posix(): found
        for path in others()
        if (found := {name for name in imported(path) if name.startswith("programme.safeguarding")})
    }
    assert known == MAY_KNOW


def test_today_asks_for_to_dos_and_nothing_else() -> None:
    tree = ast.parse((PROGRAMME / "desk/queries.py").read_text(encoding="utf-8"))
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "safeguarding"
    }
    assert asked == {"todo"}


def test_no_other_area_names_the_table() -> None:
    naming = {
        path.relative_to(PROGRAMME).parent.as_posix()
        for path in others()
        if any(name in path.read_text(encoding="utf-8") for name in ('"concerns"', "concerns."))
        and path.name != "navigation.py"  # the way to the page
    }
    assert naming - MAY_NAME == set()


def test_no_page_of_another_area_shows_one() -> None:
    templates = ROOT / "templates"
    naming = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if "safeguarding" not in path.parts and "safeguarding.concern" in path.read_text("utf-8")
    }
    assert naming == set()
