"""What coordinators made of the texts, ready to stand in for those that ship."""

from collections.abc import Iterable

from programme.messages import queries
from programme.messages.languages import fallbacks
from programme.messages.models import Wording
from programme.messages.templates import NO_WORDINGS, Template, Wordings


def wordings_for(programme: str, language: str) -> Wordings:
    """A programme's own wordings that somebody of that language may meet: one query, and none
    for messages of no programme."""
    if not programme:
        return NO_WORDINGS
    return as_templates(queries.latest_wordings(programme, fallbacks(language)))


def as_templates(rows: Iterable[Wording]) -> Wordings:
    """Without those that gave the shipped text back."""
    return {(row.language, row.template): as_template(row) for row in rows if row.body}


def as_template(row: Wording) -> Template:
    return Template(row.subject, row.body, row.together, row.language)
