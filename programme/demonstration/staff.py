"""The made-up staff: one for each role, and the partners they work with."""

from datetime import datetime

from programme.access.models import Account, Grant, Partner
from programme.access.rules import Role
from programme.access.staffing import RoleGiven, invite
from programme.access.viewer import COMMAND_LINE
from programme.cohorts.models import Cohort
from programme.foundation.clock import real_now
from programme.foundation.database import db

PARTNERS = ("Harbour Families", "North Road Project", "The Lantern Trust")
STAFF = {
    Role.COORDINATOR: "Ruth Amos",
    Role.FACILITATOR: "Amina Yusuf",
    Role.HELPER: "Tom Lacey",
    Role.PACKER: "Bea Norris",
    Role.EVALUATOR: "Lin Cho",
    Role.SAFEGUARDING_LEAD: "Grace Obi",
    Role.SAFEGUARDING_DEPUTY: "Neil Hart",
    Role.PRACTITIONER: "Farah Dean",
}
OF_GROUPS = (Role.FACILITATOR, Role.HELPER)


def add_partners() -> list[Partner]:
    """The lead charity and two partners."""
    made = [Partner(name=name, is_lead=name == PARTNERS[0]) for name in PARTNERS]
    db.session.add_all(made)
    db.session.flush()
    return made


def add_staff(partners: list[Partner], at: datetime) -> dict[Role, Account]:
    """One account for each role; those who work with groups get theirs when groups open."""
    made = {}
    for role, name in STAFF.items():
        partner_id = partners[1].id if role is Role.PRACTITIONER else None
        roles = [] if role in OF_GROUPS else [RoleGiven(role, partner_id=partner_id)]
        address = f"{name.split()[0].lower()}@example.org"
        made[role] = invite(
            name=name, email=address, roles=roles, by=COMMAND_LINE, at=at, real=real_now()
        )
        made[role].invited_at = None
    db.session.flush()
    return made


def join_group(account: Account, role: Role, cohort: Cohort) -> None:
    """Let somebody work with a group, unless they do already."""
    if not any(grant.cohort_id == cohort.id and grant.role is role for grant in account.grants):
        account.grants.append(Grant(role=role, cohort_id=cohort.id))
