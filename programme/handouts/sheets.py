"""The printed forms: which styles each has, and what its files depend on."""

import hashlib
from functools import cache
from pathlib import Path

from programme.handouts.content import Week
from programme.handouts.rules import Form

STYLES = Path(__file__).parent / "styles"
SHEETS = {
    Form.STANDARD: ("paper.css",),
    Form.LARGE_PRINT: ("paper.css", "large-print.css"),
    Form.LOW_INK: ("paper.css", "low-ink.css"),
}
LAYOUT_VERSION = 1
"""Raised when what is printed changes without a change of words or styles."""


def source_hash(programme: str, week: Week, form: Form) -> str:
    """A name for everything the printed file depends on."""
    parts = [
        str(LAYOUT_VERSION).encode(),
        f"{programme} {week.number} {week.language} {form}".encode(),
        week.title.encode() + week.aim.encode() + week.html.encode(),
        style_sheet(form).encode(),
        _pictures(week.folder.parent),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@cache
def style_sheet(form: Form) -> str:
    """The styles of a form, one after the other."""
    return "\n".join((STYLES / name).read_text(encoding="utf-8") for name in SHEETS.get(form, ()))


def _pictures(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for path in sorted((folder / "pictures").glob("*.svg")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()
