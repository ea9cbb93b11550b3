"""What was released, what is rendered, what was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort
from programme.cohorts.programmes import load_programme, programme_names
from programme.foundation.database import db
from programme.handouts.content import Week, read_week, week_languages
from programme.handouts.models import Release, Rendering
from programme.handouts.rules import Form
from programme.handouts.sheets import SHEETS, source_hash


@dataclass(frozen=True)
class WeekCard:
    """A released week, as one line."""

    number: int
    title: str
    read_minutes: int


@dataclass(frozen=True)
class WeekRow:
    """A week of a programme on the staff page: which forms are ready, in which languages."""

    number: int
    title: str
    aim: str
    languages: tuple[str, ...]
    ready: tuple[Form, ...]
    is_sensitive: bool


@dataclass(frozen=True)
class CohortReleases:
    """A group, and the weeks that are open to it."""

    id: int
    name: str
    weeks: tuple[int, ...]
    next_week: int | None


def released_weeks(cohort_id: int) -> tuple[int, ...]:
    """The weeks open to a cohort, in order."""
    asked = select(Release.week).filter_by(cohort_id=cohort_id).order_by(Release.week)
    return tuple(db.session.scalars(asked))


def week_cards(cohort: Cohort, language: str) -> list[WeekCard]:
    """What a participant of the cohort may read, the newest first."""
    weeks = [read_week(cohort.programme, n, language) for n in released_weeks(cohort.id)]
    return [WeekCard(week.number, week.title, week.read_minutes) for week in reversed(weeks)]


def week_page(cohort: Cohort, number: int, language: str) -> Week | None:
    """A week for a participant, in their language where it is written; None until released."""
    if number not in released_weeks(cohort.id):
        return None
    return read_week(cohort.programme, number, language)


def rendered_file(programme: str, number: int, language: str, form: Form) -> Rendering | None:
    """The printed file of a week as it now stands, or None when it is not rendered yet."""
    week = read_week(programme, number, language)
    asked = select(Rendering).filter_by(source_hash=source_hash(programme, week, form))
    return db.session.scalar(asked)


def not_rendered(programmes: Sequence[str]) -> list[tuple[str, Week, Form]]:
    """Every week, language and form that has no printed file yet."""
    have = set(db.session.scalars(select(Rendering.source_hash)))
    return [
        (name, week, form)
        for form in SHEETS
        for name in programmes
        for week in every_week(name)
        if source_hash(name, week, form) not in have
    ]


def every_week(programme: str) -> list[Week]:
    """All weeks of a programme, in every language in which each is written."""
    return [
        read_week(programme, session.number, language)
        for session in load_programme(programme).sessions
        for language in week_languages(programme, session.number)
    ]


def programmes_in_use() -> list[str]:
    """The programmes of this charity's cohorts, or all when there is no cohort yet."""
    used = set(db.session.scalars(select(Cohort.programme).distinct()))
    return [name for name in programme_names() if not used or name in used]


def week_rows(programme: str) -> list[WeekRow]:
    """The staff page's rows for one programme."""
    have = set(db.session.scalars(select(Rendering.source_hash)))
    rows = []
    for session in load_programme(programme).sessions:
        week = read_week(programme, session.number, "en")
        ready = tuple(form for form in SHEETS if source_hash(programme, week, form) in have)
        languages = tuple(week_languages(programme, session.number))
        rows.append(WeekRow(week.number, week.title, week.aim, languages, ready, week.is_sensitive))
    return rows


def cohort_releases(viewer: Viewer) -> list[CohortReleases]:
    """The viewer's newest groups, with the weeks open to each."""
    scope = viewer.scope(Permission.RELEASE_HANDOUTS)
    cohorts = db.session.scalars(
        select(Cohort)
        .where(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .order_by(Cohort.first_day.desc(), Cohort.id)
        .limit(50)
    ).all()
    asked = select(Release.cohort_id, Release.week).where(
        Release.cohort_id.in_([cohort.id for cohort in cohorts])
    )
    open_weeks: dict[int, list[int]] = {}
    for cohort_id, week in db.session.execute(asked):
        open_weeks.setdefault(cohort_id, []).append(week)
    return [_releases(cohort, sorted(open_weeks.get(cohort.id, []))) for cohort in cohorts]


def cohort_to_release(viewer: Viewer, cohort_id: int) -> Cohort | None:
    """A cohort whose handouts the viewer may release."""
    scope = viewer.scope(Permission.RELEASE_HANDOUTS)
    return db.session.scalar(
        select(Cohort).where(
            Cohort.id == cohort_id, scope.where(cohort=Cohort.id, partner=Cohort.partner_id)
        )
    )


def _releases(cohort: Cohort, weeks: list[int]) -> CohortReleases:
    numbers = [session.number for session in load_programme(cohort.programme).sessions]
    coming = next((number for number in numbers if number not in weeks), None)
    return CohortReleases(cohort.id, cohort.public_name, tuple(weeks), coming)
