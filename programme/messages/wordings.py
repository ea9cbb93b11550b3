"""What coordinators made of the texts, ready to be used in place of those that ship.

Where a text is looked for, language by language (`fallbacks`): the programme's own wording in
that language, then the text that ships in it. So a Welsh text that ships comes before an
English rewording, and what somebody reads is never in a language further from theirs than
need be.
"""

from collections.abc import Iterable, Mapping

from programme.messages import queries
from programme.messages.languages import fallbacks
from programme.messages.models import Wording
from programme.messages.templates import Template

Wordings = Mapping[tuple[str, str], Template]
"""By language and the name of the text."""


def wordings_for(programme: str, language: str) -> Wordings:
    """A programme's own wordings that somebody of that language may meet: one query, and none
    for messages of no programme."""
    if not programme:
        return {}
    return as_templates(queries.latest_wordings(programme, fallbacks(language)))


def as_templates(rows: Iterable[Wording]) -> Wordings:
    """Without those that gave the shipped text back."""
    return {(row.language, row.template): as_template(row) for row in rows if row.body}


def as_template(row: Wording) -> Template:
    return Template(row.subject, row.body, row.together)
