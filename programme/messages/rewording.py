"""Putting a text in a charity's own words, for one programme and language, and taking it back."""

from datetime import datetime

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.foundation import audit
from programme.foundation.database import db
from programme.foundation.web import Refusal
from programme.messages.catalogue import About
from programme.messages.models import Wording
from programme.messages.templates import Template
from programme.messages.trying import Tried, problems

FOR_EVERYBODY = (
    "A text holds for every group of the programme, so it is changed by a coordinator of all."
)


def check_can_reword(by: Viewer) -> None:
    if not can_reword(by):
        raise Refusal(FOR_EVERYBODY)


def can_reword(by: Viewer) -> bool:
    """Only whose role is for everything: a wording reaches every group of the programme."""
    return by.scope(Permission.REWORD_TEXTS).is_everything


def reword(
    about: About,
    text: Template,
    *,
    shipped: Template,
    tried: Tried,
    programme: str,
    language: str,
    by: Viewer,
    at: datetime,
) -> Wording:
    """Have a programme's messages say this from now on, those that wait among them.

    Raises:
        Refusal: it is not for them to say, or the text cannot be used.
    """
    check_can_reword(by)
    for sentences in problems(text, shipped, about, tried).values():
        raise Refusal(" ".join(sentences))
    row = _written(about, text, programme=programme, language=language, by=by, at=at)
    audit.record("reworded text", row, by=by, at=at, template=about.template, language=language)
    return row


def take_back(about: About, *, programme: str, language: str, by: Viewer, at: datetime) -> Wording:
    """Have a programme's messages say again what ships.

    Raises:
        Refusal: it is not for them to say.
    """
    check_can_reword(by)
    row = _written(about, NOTHING, programme=programme, language=language, by=by, at=at)
    audit.record("took wording back", row, by=by, at=at, template=about.template, language=language)
    return row


NOTHING = Template(subject="", body="")


def _written(
    about: About, text: Template, *, programme: str, language: str, by: Viewer, at: datetime
) -> Wording:
    row = Wording(
        programme=programme,
        template=about.template,
        language=language,
        subject=text.subject,
        body=text.body,
        together=text.together,
        at=at,
        by=by.actor,
    )
    db.session.add(row)
    return row
