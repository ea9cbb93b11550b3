"""Somebody's place in a group, as their own link opens it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort

from programme.cohorts.models import Cohort, Enrolment, GroupSession
from programme.people.models import Participant


@dataclass(frozen=True)
class Place:
    """Somebody's place in a group whose page is open to them."""

    enrolment: Enrolment
    participant: Participant
    cohort: Cohort
    sessions: Sequence[GroupSession]

    def session(self, number: int) -> GroupSession:
        """The numbered session; a 404 when there is none."""
        return next((s for s in self.sessions if s.number == number), None) or abort(404)
