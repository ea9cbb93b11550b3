"""Who has answered and who has not, for staff. Never what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import url_for
from sqlalchemy import Row, Select, func, select

from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.models import Cohort, Enrolment, Term
from programme.cohorts.rules import TAKES_PART
from programme.foundation.clock import local
from programme.foundation.database import db
from programme.foundation.web import ToDo
from programme.people.models import Participant
from programme.questionnaires.models import Questionnaire
from programme.questionnaires.rules import WAVE_LABELS, Wave

STILL_SHOWN = timedelta(days=28)
"""How long a wave stays on the board after it closed."""
CLOSING_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Turn:
    """One person's state in one wave, in words."""

    known_as: str
    has_answered: bool
    state: str
    when: datetime | None


@dataclass(frozen=True)
class WaveBoard:
    wave: Wave
    label: str
    closes_at: datetime
    is_open: bool
    turns: tuple[Turn, ...]

    @property
    def asked(self) -> int:
        return len(self.turns)

    @property
    def answered(self) -> int:
        return sum(turn.has_answered for turn in self.turns)


@dataclass(frozen=True)
class CohortBoard:
    cohort_id: int
    name: str
    term: str
    waves: tuple[WaveBoard, ...]


def boards(viewer: Viewer, at: datetime) -> list[CohortBoard]:
    """Every cohort of the viewer's with a wave that is open or closed lately, the latest first."""
    since = _in_scope(viewer).filter(Questionnaire.closes_at > at - STILL_SHOWN)
    return _boards(db.session.execute(since).all(), at)


def board_of(viewer: Viewer, cohort_id: int, at: datetime) -> CohortBoard | None:
    """Every wave of one cohort; None when it is not the viewer's or nobody was asked."""
    found = db.session.execute(_in_scope(viewer).filter(Cohort.id == cohort_id)).all()
    return next(iter(_boards(found, at)), None)


def _in_scope(viewer: Viewer) -> Select[int, str, str, Questionnaire, str]:
    scope = viewer.scope(Permission.SEE_RESPONSES)
    return (
        select(Cohort.id, Cohort.public_name, Term.name, Questionnaire, Participant.known_as)
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Term, Term.id == Cohort.term_id)
        .join(Participant, Participant.id == Enrolment.participant_id)
        .filter(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .order_by(Cohort.first_day.desc(), Cohort.id, Participant.known_as, Participant.id)
    )


def _boards(
    rows: Sequence[Row[int, str, str, Questionnaire, str]], at: datetime
) -> list[CohortBoard]:
    return [
        CohortBoard(cohort_id, name, term, _waves([(row[3], row[4]) for row in group], at))
        for (cohort_id, name, term), group in groupby(
            rows, key=lambda row: (row[0], row[1], row[2])
        )
    ]


def _waves(asked: list[tuple[Questionnaire, str]], at: datetime) -> tuple[WaveBoard, ...]:
    waves = []
    for wave in Wave:
        turns = [(row, known_as) for row, known_as in asked if row.wave is wave]
        if turns:
            waves.append(_wave(wave, turns, at))
    return tuple(waves)


def _wave(wave: Wave, turns: list[tuple[Questionnaire, str]], at: datetime) -> WaveBoard:
    closes_at = max(row.closes_at for row, _ in turns)
    shown = [_turn(row, known_as) for row, known_as in turns]
    return WaveBoard(
        wave=wave,
        label=WAVE_LABELS[wave],
        closes_at=closes_at,
        is_open=closes_at > at,
        turns=tuple(sorted(shown, key=lambda turn: turn.has_answered)),
    )


def _turn(row: Questionnaire, known_as: str) -> Turn:
    if row.finished_at:
        return Turn(
            known_as, True, "Answered, late" if row.is_late else "Answered", row.finished_at
        )
    if row.begun_at:
        return Turn(known_as, False, "Begun, not finished", row.begun_at)
    return Turn(known_as, False, "Not yet", None)


@dataclass(frozen=True)
class WaveCount:
    """How many of those asked have answered one wave."""

    label: str
    answered: int
    asked: int


def latest_waves(cohort_ids: Sequence[int]) -> dict[int, WaveCount]:
    """Of each cohort whose people were asked anything, the wave that closes last."""
    closes_at = func.max(Questionnaire.closes_at)
    counted = (
        select(
            Enrolment.cohort_id,
            Questionnaire.wave,
            func.count(Questionnaire.finished_at),
            func.count(),
        )
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .where(Enrolment.cohort_id.in_(cohort_ids))
        .group_by(Enrolment.cohort_id, Questionnaire.wave)
        .order_by(closes_at)
    )
    return {
        cohort_id: WaveCount(WAVE_LABELS[wave], answered, asked)
        for cohort_id, wave, answered, asked in db.session.execute(counted)
    }


def todo(viewer: Viewer, at: datetime) -> list[ToDo]:
    """Waves that close within three days while somebody has still to answer."""
    scope = viewer.scope(Permission.SEE_RESPONSES)
    if not scope:
        return []
    closes_at, asked = func.max(Questionnaire.closes_at), func.count()
    answered = func.count(Questionnaire.finished_at)
    closing = (
        select(
            Cohort.id,
            Cohort.public_name,
            Cohort.zone,
            Questionnaire.wave,
            closes_at,
            asked,
            answered,
        )
        .join(Enrolment, Enrolment.id == Questionnaire.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .filter(scope.where(cohort=Cohort.id, partner=Cohort.partner_id))
        .filter(Enrolment.stage.in_(TAKES_PART))
        .group_by(Cohort.id, Cohort.public_name, Cohort.zone, Questionnaire.wave)
        .having(closes_at.between(at, at + CLOSING_SOON))
        .having(answered < asked)
        .order_by(Cohort.id)
    )
    return [_todo(*row) for row in db.session.execute(closing)]


def _todo(
    cohort_id: int, name: str, zone: str, wave: Wave, closes_at: datetime, asked: int, answered: int
) -> ToDo:
    return ToDo(
        title=f"{name}: the questions “{WAVE_LABELS[wave].lower()}” are closing",
        fact=f"{asked - answered} of {asked} still to answer",
        action="See who",
        url=url_for("questionnaires.cohort_responses", cohort_id=cohort_id),
        tone="soon",
        due=local(closes_at, zone).date(),
    )
