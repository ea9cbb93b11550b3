"""The viewer: who is looking, and what they may see. Every query starts from one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from programme.access.models import Account, Grant
from programme.access.rules import GRANTS, Permission

IdColumn: TypeAlias = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


@dataclass(frozen=True)
class Scope:
    """The part of the charity's records that one permission reaches."""

    is_everything: bool = False
    cohorts: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.is_everything or bool(self.cohorts or self.partners)

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(
            self.is_everything or other.is_everything,
            self.cohorts | other.cohorts,
            self.partners | other.partners,
        )

    def reaches(self, *, cohort: int | None = None, partner: int | None = None) -> bool:
        return self.is_everything or cohort in self.cohorts or partner in self.partners

    def where(
        self, *, cohort: IdColumn | None = None, partner: IdColumn | None = None
    ) -> ColumnElement[bool]:
        """The condition that keeps a select to this scope."""
        if self.is_everything:
            return true()
        conditions: list[ColumnElement[bool]] = [false()]
        if cohort is not None:
            conditions.append(cohort.in_(self.cohorts))
        if partner is not None:
            conditions.append(partner.in_(self.partners))
        return or_(*conditions)


NOTHING = Scope()
EVERYTHING = Scope(is_everything=True)


@dataclass(frozen=True)
class Viewer:
    """Somebody looking or acting: staff, a parent by a link, the clock, or nobody known."""

    actor: str
    name: str = ""
    account_id: int | None = None
    scopes: Mapping[Permission, Scope] = field(default_factory=dict)

    def scope(self, permission: Permission) -> Scope:
        return self.scopes.get(permission, NOTHING)

    def can(
        self, permission: Permission, *, cohort: int | None = None, partner: int | None = None
    ) -> bool:
        """Whether the permission is held at all, or for the cohort or partner that is named."""
        scope = self.scope(permission)
        if cohort is None and partner is None:
            return bool(scope)
        return scope.reaches(cohort=cohort, partner=partner)


ANONYMOUS = Viewer("anonymous")
CLOCK = Viewer("clock", "the clock", scopes=dict.fromkeys(Permission, EVERYTHING))
COMMAND_LINE = Viewer("command line", "command line", scopes=CLOCK.scopes)


def participant_viewer(participant_id: int) -> Viewer:
    """A parent who came by a personal link: acts as themselves, holds no permission."""
    return Viewer(f"participant:{participant_id}")


def staff_viewer(account: Account, on: date) -> Viewer:
    """A member of staff, with what their roles give them that day."""
    scopes: dict[Permission, Scope] = {}
    if account.ends_on is None or account.ends_on >= on:
        for grant in account.grants:
            for permission in GRANTS[grant.role]:
                scopes[permission] = scopes.get(permission, NOTHING) | _scope_of(grant)
    return Viewer(f"account:{account.id}", account.name, account.id, scopes)


def _scope_of(grant: Grant) -> Scope:
    if grant.cohort_id is None and grant.partner_id is None:
        return EVERYTHING
    cohorts = frozenset({grant.cohort_id} if grant.cohort_id else ())
    partners = frozenset({grant.partner_id} if grant.partner_id else ())
    return Scope(cohorts=cohorts, partners=partners)
