"""How everybody of some cohorts stands, what they attended before a move counted with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.cohorts.programmes import ProgrammeError, load_programme
from programme.cohorts.rules import TAKES_PART, Stage
from programme.foundation.database import db
from programme.people.models import Participant
from programme.registers.completion import (
    Completion,
    CompletionRule,
    WeekSeen,
    better,
    counts,
    stands,
)
from programme.registers.models import Mark
from programme.registers.rules import Attendance

Slot = tuple[str, int]
"""Which session of the programme: ("week", 3); or an added one, by its id."""


@dataclass(frozen=True)
class Standing:
    """One person's place and how they stand. None where the programme's rule cannot be read."""

    enrolment_id: int
    cohort_id: int
    participant_id: int
    known_as: str
    stage: Stage
    completion: Completion | None

    @property
    def has_completed(self) -> bool:
        return self.completion is not None and self.completion.has_completed


def standings_of(cohort_ids: Sequence[int], at: datetime) -> list[Standing]:
    """Everybody who takes part in these cohorts, by name. Three queries, however many."""
    places = db.session.execute(_places(cohort_ids)).all()
    sessions = _sessions(cohort_ids)
    marks = _marks(cohort_ids)
    return [_standing(place, sessions[place.cohort_id], marks, at) for place in places]


def rule_of(programme: str) -> CompletionRule | None:
    """What a programme asks for; None where its file is broken."""
    try:
        found = load_programme(programme)
    except (ProgrammeError, ValueError):
        return None
    return CompletionRule(found.attend, found.catch_ups, len(found.sessions))


def earlier_places(cohort_ids: Sequence[int]) -> Any:
    """A recursive table of the places that these cohorts' places took the place of, themselves
    included: `root_id`, `enrolment_id`, `cohort_id`, `participant_id`."""
    now = select(
        Enrolment.id.label("root_id"),
        Enrolment.id.label("enrolment_id"),
        Enrolment.cohort_id,
        Enrolment.participant_id,
        Cohort.programme,
    ).join(Cohort, Cohort.id == Enrolment.cohort_id)
    chain = now.where(Enrolment.cohort_id.in_(cohort_ids), Enrolment.moved_to_id.is_(None)).cte(
        "chain", recursive=True
    )
    before, of = aliased(Enrolment), aliased(Cohort)
    return chain.union(
        select(chain.c.root_id, before.id, before.cohort_id, before.participant_id, of.programme)
        .join(before, before.moved_to_id == chain.c.enrolment_id)
        .join(of, (of.id == before.cohort_id) & (of.programme == chain.c.programme))
    )


def _places(cohort_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id, Enrolment.cohort_id, Enrolment.participant_id, Participant.known_as,
            Enrolment.stage, Enrolment.at, Cohort.programme,
        )
        .join(Participant, Participant.id == Enrolment.participant_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.stage.in_(TAKES_PART),
            Enrolment.moved_to_id.is_(None),
        )
        .order_by(Enrolment.cohort_id, Participant.known_as, Enrolment.id)
    )  # fmt: skip


def _sessions(cohort_ids: Sequence[int]) -> dict[int, list[GroupSession]]:
    """Of each cohort, those that were not cancelled."""
    asked = select(GroupSession).where(
        GroupSession.cohort_id.in_(cohort_ids), GroupSession.cancelled_at.is_(None)
    )
    found: dict[int, list[GroupSession]] = {cohort_id: [] for cohort_id in cohort_ids}
    for session in db.session.scalars(asked.order_by(GroupSession.number)):
        found[session.cohort_id].append(session)
    return found


def _marks(cohort_ids: Sequence[int]) -> dict[int, dict[Slot, Attendance]]:
    """The best mark of each place and session, of groups they were in before as well."""
    chain = earlier_places(cohort_ids)
    asked = (
        select(chain.c.root_id, GroupSession, Mark.attendance)
        .join(GroupSession, GroupSession.cohort_id == chain.c.cohort_id)
        .join(
            Mark,
            (Mark.session_id == GroupSession.id) & (Mark.participant_id == chain.c.participant_id),
        )
        .where(GroupSession.cancelled_at.is_(None))
    )
    found: dict[int, dict[Slot, Attendance]] = {}
    for root_id, session, attendance in db.session.execute(asked):
        own, slot = found.setdefault(root_id, {}), _slot(session)
        own[slot] = better(attendance, own.get(slot)) or attendance
    return found


def _slot(session: GroupSession) -> Slot:
    return ("added", session.id) if session.title else ("week", session.number)


def _standing(
    place: Any,
    sessions: Sequence[GroupSession],
    marks: Mapping[int, Mapping[Slot, Attendance]],
    at: datetime,
) -> Standing:
    rule, own = rule_of(place.programme), marks.get(place.id, {})
    seen = {
        _slot(one): WeekSeen(
            own.get(_slot(one)),
            one.ends_at <= at,
            is_extra=bool(one.title),
            is_before=one.ends_at < place.at,
        )
        for one in sessions
    }
    elsewhere = {slot: mark for slot, mark in own.items() if slot not in seen}
    seen |= {slot: _kept(slot, mark) for slot, mark in elsewhere.items() if counts(mark)}
    return Standing(
        enrolment_id=place.id,
        cohort_id=place.cohort_id,
        participant_id=place.participant_id,
        known_as=place.known_as,
        stage=place.stage,
        completion=stands(seen.values(), rule) if rule else None,
    )


def _kept(slot: Slot, mark: Attendance) -> WeekSeen:
    """What they came to in the group before, and this one did not have."""
    return WeekSeen(mark, is_over=True, is_extra=slot[0] == "added")
