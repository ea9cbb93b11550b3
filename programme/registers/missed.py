"""Who missed an evening, and who rings them: for one evening, and for all of the viewer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from programme.access.models import Account
from programme.access.queries import names_by_actor
from programme.access.rules import Permission
from programme.access.viewer import Viewer
from programme.cohorts.callers import may_ring, open_accounts
from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.foundation.database import db
from programme.people.models import Participant
from programme.registers.attendance import latest_two, same_person
from programme.registers.models import CallDuty, Mark, MissedCall
from programme.registers.ringing import duty_about
from programme.registers.rules import CALL_OUTCOMES, MISSED, Attendance, CallOutcome
from programme.registers.scope import reach, register_is_open, session_within, still_takes_part

LISTED_FOR = timedelta(days=21)


@dataclass(frozen=True)
class MissedPerson:
    """Somebody who missed an evening. `rings`: who is to ring; `tries`: each call, in words."""

    participant_id: int
    known_as: str
    sent_apologies: bool
    missed_two: bool
    is_latest: bool
    """Whether nothing was marked of them since: who came again, or missed again, is not rung
    about this evening."""
    rings: str
    is_viewers: bool
    was_given: bool
    """Whether somebody took it or was given it, rather than it being theirs by the cohort."""
    tries: tuple[str, ...]
    is_dealt_with: bool

    @property
    def needs_a_call(self) -> bool:
        """Who sent apologies once is not rung for it."""
        is_open = self.is_latest and not self.is_dealt_with
        return is_open and (self.missed_two or not self.sent_apologies)


@dataclass(frozen=True)
class MissedEvening:
    """One evening: who is to be rung, who need not be, and who was."""

    session: GroupSession
    cohort: Cohort
    is_taken: bool
    people: tuple[MissedPerson, ...]
    may_ring: tuple[tuple[int, str], ...]

    @property
    def to_ring(self) -> tuple[MissedPerson, ...]:
        return tuple(person for person in self.people if person.needs_a_call)

    @property
    def no_call(self) -> tuple[MissedPerson, ...]:
        """Who let us know, or was marked again since."""
        quiet = (one for one in self.people if not one.needs_a_call and not one.is_dealt_with)
        return tuple(quiet)

    @property
    def dealt_with(self) -> tuple[MissedPerson, ...]:
        return tuple(person for person in self.people if person.is_dealt_with)


def missed_evening(viewer: Viewer, session_id: int, at: datetime) -> MissedEvening:
    """Who missed one evening that the viewer may see; otherwise a 404."""
    session_within(viewer, Permission.SEE_COHORTS, session_id)
    return _evenings(viewer, GroupSession.id == session_id, at)[0]


def missed_lately(viewer: Viewer, at: datetime) -> list[MissedEvening]:
    """The evenings of the last three weeks in the viewer's reach at which somebody is to be rung,
    or whose register is not taken; the latest first. As many queries for one as for many."""
    lately = and_(
        GroupSession.ends_at <= at,
        GroupSession.ends_at > at - LISTED_FOR,
        GroupSession.cancelled_at.is_(None),
        reach(viewer, Permission.SEE_COHORTS),
    )
    return [each for each in _evenings(viewer, lately, at) if each.people or not each.is_taken]


def _evenings(viewer: Viewer, which: ColumnElement[bool], at: datetime) -> list[MissedEvening]:
    sessions = db.session.execute(_sessions(which)).all()
    ids = [session.id for session, _cohort, _is_open in sessions]
    known = _Known.about(ids, viewer, at)
    return [_evening(session, cohort, not is_open, known) for session, cohort, is_open in sessions]


def _sessions(which: ColumnElement[bool]) -> Select[GroupSession, Cohort, bool]:
    return (
        select(GroupSession, Cohort, register_is_open())
        .join(GroupSession.cohort)
        .where(which)
        .order_by(GroupSession.starts_at.desc(), GroupSession.id)
    )


@dataclass(frozen=True)
class _Known:
    """What the lines of all evenings are made of."""

    marks: Mapping[int, Sequence[Row[Any]]]
    latest: Mapping[tuple[int, int], bool]
    """Session and person of everybody's latest mark: whether they missed this and the last."""
    calls: Mapping[tuple[int, int], Sequence[MissedCall]]
    names: Mapping[str, str]
    accounts: Sequence[Account]
    viewer: Viewer
    on: date

    @classmethod
    def about(cls, ids: Sequence[int], viewer: Viewer, at: datetime) -> "_Known":
        marks = db.session.execute(_marks(ids)).all()
        calls = _calls(ids)
        return cls(
            {key: list(rows) for key, rows in groupby(marks, key=lambda row: row.session_id)},
            {(row[0], row[1]): row[2] for row in db.session.execute(_latest(ids))},
            calls,
            names_by_actor([call.by for group in calls.values() for call in group]),
            open_accounts(at.date()),
            viewer,
            at.date(),
        )


def _marks(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Only of people who neither paused nor left."""
    return (
        select(
            Mark.session_id, Mark.attendance, Participant.id, Participant.known_as,
            CallDuty.account_id,
        )
        .join(GroupSession, GroupSession.id == Mark.session_id)
        .join(Participant, Participant.id == Mark.participant_id)
        .join(
            Enrolment,
            (Enrolment.cohort_id == GroupSession.cohort_id)
            & (Enrolment.participant_id == Mark.participant_id),
        )
        .outerjoin(CallDuty, duty_about(Mark.session_id, Mark.participant_id))
        .where(Mark.session_id.in_(ids), Mark.attendance.in_(MISSED), still_takes_part())
        .order_by(Mark.session_id, Participant.known_as, Participant.id)
    )  # fmt: skip


def _latest(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The latest mark of everybody in the groups of these sessions."""
    cohorts = select(GroupSession.cohort_id).where(GroupSession.id.in_(ids))
    latest, before = latest_two(GroupSession.cohort_id.in_(cohorts))
    missed_two = and_(latest.c.attendance.in_(MISSED), before.c.attendance.in_(MISSED))
    return select(
        latest.c.session_id, latest.c.participant_id, func.coalesce(missed_two, False)
    ).outerjoin(before, same_person(latest, before))


def _calls(ids: Sequence[int]) -> dict[tuple[int, int], list[MissedCall]]:
    asked = select(MissedCall).where(MissedCall.session_id.in_(ids)).order_by(MissedCall.at)
    found: dict[tuple[int, int], list[MissedCall]] = {}
    for call in db.session.scalars(asked):
        found.setdefault((call.session_id, call.participant_id), []).append(call)
    return found


def _evening(session: GroupSession, cohort: Cohort, is_taken: bool, known: _Known) -> MissedEvening:
    ringers = {one.id: one.name for one in known.accounts if may_ring(one, cohort, known.on)}
    people = [_person(row, cohort, ringers, known) for row in known.marks.get(session.id, ())]
    return MissedEvening(session, cohort, is_taken, tuple(people), tuple(ringers.items()))


def _person(
    row: Row[Any], cohort: Cohort, ringers: Mapping[int, str], known: _Known
) -> MissedPerson:
    about = (row.session_id, row.id)
    calls = known.calls.get(about, ())
    was_given = row.account_id in ringers
    rings = row.account_id if was_given else cohort.caller_id
    return MissedPerson(
        participant_id=row.id,
        known_as=row.known_as,
        sent_apologies=row.attendance is Attendance.APOLOGIES,
        missed_two=known.latest.get(about, False),
        is_latest=about in known.latest,
        rings=ringers.get(rings or 0, ""),
        is_viewers=rings == known.viewer.account_id and rings in ringers,
        was_given=was_given,
        tries=tuple(_in_words(call, known.names) for call in calls),
        is_dealt_with=any(call.outcome is not CallOutcome.NO_ANSWER for call in calls),
    )


def _in_words(call: MissedCall, names: Mapping[str, str]) -> str:
    what = CALL_OUTCOMES[call.outcome] if call.outcome else "Rung"
    return f"{what}, {names[call.by]}"
