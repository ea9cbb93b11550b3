"""What the pages about texts show: every text of a programme, and one of them to reword."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from programme.access.queries import names_by_actor
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment
from programme.cohorts.programmes import Programme
from programme.desk.text_times import times_of
from programme.foundation.database import db
from programme.messages.catalogue import About, texts_to_families
from programme.messages.languages import Language, every_language
from programme.messages.models import Wording
from programme.messages.queries import history_of, latest_wordings
from programme.messages.reaching import settings
from programme.messages.segments import measure
from programme.messages.templates import FOOT, Template, load_template
from programme.messages.trying import Sample, Tried, problems, question, try_out
from programme.messages.wordings import as_template, as_templates
from programme.people.models import Participant

MADE_UP = Sample(known_as="Maryam-Alexandria", group="Wednesday evening group")
MOST_NAMES = 2000


@dataclass(frozen=True)
class Version:
    """A text in one language: as it ships, or whose words it is in, and since when."""

    language: Language
    reworded_by: str = ""
    reworded_at: datetime | None = None


@dataclass(frozen=True)
class TextLine:
    """One text of a programme. `times`: when the plan sends it."""

    about: About
    times: list[str]
    versions: list[Version]


def text_lines(programme: Programme) -> list[TextLine]:
    """Every text that families get, with how it stands in each language."""
    rows = {(row.template, row.language): row for row in latest_wordings(programme.id) if row.body}
    names = names_by_actor(row.by for row in rows.values())
    return [
        TextLine(about, times_of(programme, about), _versions(about, rows, names))
        for about in texts_to_families()
    ]


def _versions(
    about: About, rows: Mapping[tuple[str, str], Wording], names: Mapping[str, str]
) -> list[Version]:
    found = ((each, rows.get((about.template, each.code))) for each in every_language().values())
    return [
        Version(language, names[row.by], row.at) if row else Version(language)
        for language, row in found
    ]


@dataclass(frozen=True)
class Change:
    """A line of a text's history. Without `text` it was given back as it ships."""

    by: str
    at: datetime
    text: Template | None


@dataclass(frozen=True)
class Chosen:
    """One text of a programme in one language: what ships, what counts now, how it came to it.

    `foot` closes an e-mail; `sample` is whom it is tried on, made up until somebody has joined.
    """

    programme: Programme
    about: About
    language: Language
    shipped: Template
    current: Template
    is_reworded: bool
    history: list[Change]
    foot: Template
    sample: Sample
    has_real_names: bool

    @property
    def address(self) -> dict[str, Any]:
        """What the addresses of its pages name."""
        return {
            "programme": self.programme.id,
            "template": self.about.template,
            "language": self.language.code,
        }

    def tried(self, text: Template) -> Tried:
        return try_out(text, self.language, self.sample, settings())

    def problems(self, text: Template) -> dict[str, list[str]]:
        return problems(text, self.shipped, self.about, self.tried(text))

    def question(self, text: Template) -> str:
        return question(self.about, self.tried(text), self.tried(self.shipped))


def chosen_text(
    viewer: Viewer, programme: Programme, template: str, language_code: str
) -> Chosen | None:
    """One text that families get, or None when there is none of that name and language."""
    about = next((each for each in texts_to_families() if each.template == template), None)
    language = every_language().get(language_code)
    if about is None or language is None:
        return None
    rows = history_of(programme.id, template, language.code)
    shipped = load_template(language.code, template)
    is_reworded = bool(rows and rows[0].body)
    sample, has_real_names = longest_names(viewer, programme.id)
    wordings = as_templates(latest_wordings(programme.id, [language.code]))
    return Chosen(
        programme=programme,
        about=about,
        language=language,
        shipped=shipped,
        current=as_template(rows[0]) if is_reworded else shipped,
        is_reworded=is_reworded,
        history=_changes(rows),
        foot=load_template(language.code, FOOT, wordings),
        sample=sample,
        has_real_names=has_real_names,
    )


def _changes(rows: Sequence[Wording]) -> list[Change]:
    names = names_by_actor(row.by for row in rows)
    return [Change(names[row.by], row.at, as_template(row) if row.body else None) for row in rows]


def longest_names(viewer: Viewer, programme: str) -> tuple[Sample, bool]:
    """The longest real names of a programme's groups that the viewer sees, and whether there
    are any: otherwise it is a made-up one."""
    names = db.session.scalars(_names(viewer, programme)).all()
    group = db.session.scalar(_groups(viewer, programme))
    unusual = next((name for name in names if measure(name).outside), "")
    sample = Sample(
        known_as=names[0] if names else MADE_UP.known_as,
        group=group or MADE_UP.group,
        unusual=unusual,
    )
    return sample, bool(names)


def _names(viewer: Viewer, programme: str) -> Select[str]:
    length = func.length(Participant.known_as)
    return (
        select(Participant.known_as)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .join(Enrolment.cohort)
        .where(_within(viewer), Cohort.programme == programme)
        .group_by(Participant.known_as)
        .order_by(length.desc(), Participant.known_as)
        .limit(MOST_NAMES)
    )


def _groups(viewer: Viewer, programme: str) -> Select[str]:
    asked = select(Cohort.public_name).where(_within(viewer), Cohort.programme == programme)
    return asked.order_by(func.length(Cohort.public_name).desc(), Cohort.public_name).limit(1)


def _within(viewer: Viewer) -> ColumnElement[bool]:
    scope = viewer.scope(Permission.REWORD_TEXTS)
    return scope.where(cohort=Cohort.id, partner=Cohort.partner_id)
