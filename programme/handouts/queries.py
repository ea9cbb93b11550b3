"""Which weeks a group has been given, and one of them to read on the phone."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from programme.cohorts.models import Cohort
from programme.foundation.database import db
from programme.handouts.content import ContentError, read_week
from programme.handouts.models import Release

PICTURE = re.compile(r"<img[^>]*>")


@dataclass(frozen=True)
class WeekPage:
    """One week as it is read on the phone. `html` is safe; empty when it is not written."""

    number: int
    language: str
    title: str
    aim: str
    read_minutes: int
    html: str


def released_weeks(cohort_id: int) -> list[int]:
    """The weeks that a cohort may read, the latest first."""
    wanted = select(Release.week).filter_by(cohort_id=cohort_id).order_by(Release.week.desc())
    return list(db.session.scalars(wanted))


def week_page(cohort_id: int, week: int, language: str) -> WeekPage | None:
    """A week that was released to a cohort, in a language or in English; None when it was not.

    Pictures are left out until they can be served beside it.
    """
    if week not in released_weeks(cohort_id):
        return None
    cohort = db.session.get_one(Cohort, cohort_id)
    try:
        written = read_week(cohort.programme, week, language)
    except ContentError:
        return None
    return WeekPage(
        number=week,
        language=written.language,
        title=written.title,
        aim=written.aim,
        read_minutes=written.read_minutes,
        html=PICTURE.sub("", written.html),
    )
