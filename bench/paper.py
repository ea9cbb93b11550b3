"""Printing a handout in a warm process, beside a bare WeasyPrint call on the same HTML."""

from collections.abc import Callable
from unittest.mock import patch

from flask import Flask

from bench.figures import Figure
from bench.instance import Instance
from bench.rounds import in_turn, timed
from programme.cohorts.programmes import HANDOUTS
from programme.handouts import papers
from programme.handouts.rules import Form
from programme.handouts.sheets import style_sheet

PROGRAMME, WEEK = "together", 1


def measure(instance: Instance) -> list[Figure]:
    """One week on A4, from its words to the PDF."""
    with instance.opened() as app:
        print_it = _printing(app)
        bare = _bare(_what_is_printed(print_it))
        pair = in_turn(lambda: timed(bare), lambda: timed(print_it), rounds=10, each=1, warm=2)
    return [Figure(name="printing a handout, warm", ours=pair.ours, floor=pair.floor)]


def _printing(app: Flask) -> Callable[[], bytes]:
    def print_it() -> bytes:
        return papers.print_week(PROGRAMME, WEEK, "en", Form.STANDARD)

    return print_it


def _what_is_printed(print_it: Callable[[], bytes]) -> str:
    """The HTML that the product hands to its printer."""
    with patch.object(papers, "print_pdf", return_value=b"") as printer:
        print_it()
    return str(printer.call_args.args[0])


def _bare(html: str) -> Callable[[], bytes]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, base = FontConfiguration(), f"{HANDOUTS.resolve().as_uri()}/"
    folder = f"{base}{PROGRAMME}/week-{WEEK:02}/"

    def print_it() -> bytes:
        sheet = CSS(string=style_sheet(Form.STANDARD), base_url=base, font_config=fonts)
        page = HTML(string=html, base_url=folder)
        printed: bytes = page.write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", optimize_images=True
        )
        return printed

    return print_it
