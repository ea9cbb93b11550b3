"""A week on paper: A4, large print and low ink, from the same words."""

import hashlib
from functools import cache
from pathlib import Path

from flask import render_template

from programme.cohorts.programmes import HANDOUTS, load_programme
from programme.foundation.paper import print_pdf
from programme.handouts.content import Week, read_week
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


def print_week(programme: str, number: int, language: str, form: Form) -> bytes:
    """One week in one form: a PDF, or plain text for e-mail.

    Raises:
        ContentError: the week is missing or not as it should be.
    """
    week = read_week(programme, number, language)
    if form is Form.TEXT:
        return plain_text(week).encode()
    html = render_template(
        "handouts/paper.html",
        week=week,
        form=form.value,
        running_head=load_programme(programme).public_name,
    )
    folder = week.folder.relative_to(HANDOUTS)
    return print_pdf(html, assets=HANDOUTS, css=style_sheet(form), folder=str(folder))


def plain_text(week: Week) -> str:
    """The words alone, without marks for blocks and pictures."""
    kept = [line for line in week.text.splitlines() if not line.startswith((":::", "!["))]
    return f"{week.title}\n\n{chr(10).join(kept).strip()}\n".replace("**", "")


@cache
def style_sheet(form: Form) -> str:
    """The styles of a form, one after the other."""
    return "\n".join((STYLES / name).read_text(encoding="utf-8") for name in SHEETS.get(form, ()))


def _pictures(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for path in sorted((folder / "pictures").glob("*.svg")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()
