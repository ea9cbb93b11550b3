"""Certificates on paper: A4 across, one page each. The file says of itself only what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from programme.cohorts.programmes import HANDOUTS
from programme.foundation.paper import print_apart

STYLE_SHEET = Path(__file__).parent / "styles" / "certificate.css"


@dataclass(frozen=True)
class Certificate:
    """What every certificate of a cohort says beside the name. Anybody may read it."""

    title: str
    dates: str
    from_whom: str
    facilitators: str


def print_certificates(certificate: Certificate, names: Sequence[str]) -> bytes:
    """One page for each name, in one tagged PDF.

    Raises:
        NotPrinted: the printing process failed.
    """
    page = current_app.jinja_env.get_template("registers/certificate.html")
    html = page.render(certificate=certificate, names=names)
    return print_apart(html, assets=HANDOUTS, css=_style_sheet())


@cache
def _style_sheet() -> str:
    return STYLE_SHEET.read_text(encoding="utf-8")
