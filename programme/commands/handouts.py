"""handout: print one week, without an instance or secrets."""

from pathlib import Path

import click
from flask import Flask

from programme.app import ROOT
from programme.handouts.content import week_languages
from programme.handouts.papers import print_week
from programme.handouts.rules import Form


@click.command(help="Print one week's handout.")
@click.option("--programme", default="together", show_default=True)
@click.option("--week", type=int, required=True)
@click.option("--form", type=click.Choice([str(f) for f in Form]), default="standard")
@click.option("--language", default="en", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def handout(programme: str, week: int, form: str, language: str, out: Path) -> None:
    written = week_languages(programme, week)
    if written and language not in written:
        raise click.ClickException(
            f"Week {week} is not written in {language!r}. It is in: {', '.join(written)}."
        )
    page_maker = Flask("programme", template_folder=str(ROOT / "templates"))
    with page_maker.app_context():
        printed = print_week(programme, week, language, Form(form))
    out.write_bytes(printed)
    click.echo(f"{out}: {len(printed):,} bytes")
