"""A week on paper: A4, large print and low ink, from the same words."""

from flask import current_app

from programme.cohorts.programmes import HANDOUTS, load_programme
from programme.foundation.paper import print_pdf
from programme.handouts.content import Week, read_week
from programme.handouts.rules import Form
from programme.handouts.sheets import style_sheet


def print_week(programme: str, number: int, language: str, form: Form) -> bytes:
    """One week in one form: a PDF, or plain text for e-mail.

    Raises:
        ContentError: the week is missing or not as it should be.
    """
    week = read_week(programme, number, language)
    if form is Form.TEXT:
        return plain_text(week).encode()
    page = current_app.jinja_env.get_template("handouts/paper.html")
    html = page.render(
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
