"""The staff page: who works here, invitations, roles and end dates."""

from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from programme.access.gate import needs, viewer
from programme.access.links import link_key
from programme.access.models import Account
from programme.access.queries import every_partner, staff_list, state_in_words
from programme.access.rules import ROLE_LABELS, Permission, Purpose, Role
from programme.access.staffing import (
    RoleGiven,
    add_partner,
    invitation_is_open,
    invite,
    reset,
    set_roles,
)
from programme.desk.pages import blueprint as blueprint
from programme.desk.pages import zone
from programme.desk.queries import cohort_names
from programme.foundation.clock import now, real_now, today
from programme.foundation.database import db
from programme.foundation.web import Refusal


@dataclass(frozen=True)
class RoleChoice:
    """A box on the form: the value it sends, what it says, whether it is ticked."""

    value: str
    label: str
    is_ticked: bool


@blueprint.get("/staff")
@needs(Permission.MANAGE_STAFF)
def staff() -> str:
    return _show_list()


@blueprint.post("/staff")
@needs(Permission.MANAGE_STAFF)
def invite_staff() -> Response | tuple[str, int]:
    form = request.form
    try:
        account = invite(
            name=form.get("name", ""),
            email=form.get("email", ""),
            roles=roles_in(form),
            by=viewer(),
            at=now(),
            real=real_now(),
        )
    except Refusal as refusal:
        return _show_list(str(refusal)), 422
    db.session.flush()
    return redirect(url_for("desk.staff_member", number=account.id), 303)


@blueprint.post("/partners")
@needs(Permission.MANAGE_STAFF)
def new_partner() -> Response | tuple[str, int]:
    try:
        partner = add_partner(name=request.form.get("partner", ""), by=viewer(), at=now())
    except Refusal as refusal:
        return _show_list(str(refusal), "partner"), 422
    flash(f"{partner.name} is on the list now.", "done")
    return redirect(url_for("desk.staff"), 303)


@blueprint.get("/staff/<int:number>")
@needs(Permission.MANAGE_STAFF)
def staff_member(number: int) -> str:
    return _show_member(db.get_or_404(Account, number))


@blueprint.post("/staff/<int:number>")
@needs(Permission.MANAGE_STAFF)
def change_roles(number: int) -> Response | tuple[str, int]:
    account = db.get_or_404(Account, number)
    try:
        ends_on = _day(request.form.get("ends_on", ""))
        set_roles(account, roles_in(request.form), ends_on, by=viewer(), at=now(), real=real_now())
    except Refusal as refusal:
        return _show_member(account, str(refusal)), 422
    flash(f"{account.name}: roles saved. They sign in again to go on.")
    return redirect(url_for("desk.staff"), 303)


@blueprint.post("/staff/<int:number>/reset")
@needs(Permission.MANAGE_STAFF)
def reset_sign_in(number: int) -> Response:
    account = db.get_or_404(Account, number)
    reset(account, by=viewer(), at=now(), real=real_now())
    return redirect(url_for("desk.staff_member", number=number), 303)


def roles_in(form: MultiDict[str, str]) -> list[RoleGiven]:
    """The roles ticked on a form, as "role", "role:cohort:3" or "role:partner:2"."""
    return [_role(value) for value in form.getlist("role")]


def _role(value: str) -> RoleGiven:
    name, _, scope = value.partition(":")
    kind, _, number = scope.partition(":")
    if name not in set(Role) or (scope and not number.isdigit()):
        abort(400)
    cohort = int(number) if kind == "cohort" else None
    partner = int(number) if kind == "partner" else None
    return RoleGiven(Role(name), cohort, partner)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("Give the last day as a date, such as 2027-03-31.") from None


def _show_list(problem: str = "", field: str = "name") -> str:
    return render_template(
        "desk/staff.html",
        rows=staff_list(today(zone())),
        choices=_choices(set()),
        partners=every_partner(),
        problem=problem,
        field=field,
        typed=request.form,
    )


def _show_member(account: Account, problem: str = "") -> str:
    has = {RoleGiven(grant.role, grant.cohort_id, grant.partner_id) for grant in account.grants}
    is_invited = invitation_is_open(account, real_now())
    key = link_key(Purpose.INVITATION, account.id) if is_invited else ""
    return render_template(
        "desk/staff_member.html",
        account=account,
        state=state_in_words(account, today(zone())),
        choices=_choices(has),
        link=url_for("access.invitation", key=key, _external=True) if key else "",
        problem=problem,
    )


def _choices(has: set[RoleGiven]) -> list[RoleChoice]:
    """Every role for everything; those of a group or partner for each of these as well."""
    offered = [RoleGiven(role) for role in Role if role is not Role.PRACTITIONER]
    names = {RoleGiven(role): "" for role in Role}
    for cohort_id, name in cohort_names(viewer()).items():
        for role in (Role.FACILITATOR, Role.HELPER):
            offered.append(RoleGiven(role, cohort_id=cohort_id))
            names[offered[-1]] = f", {name} only"
    for partner in every_partner():
        offered.append(RoleGiven(Role.PRACTITIONER, partner_id=partner.id))
        names[offered[-1]] = f", families of {partner.name}"
    return [
        RoleChoice(_value(item), ROLE_LABELS[item.role] + names[item], item in has)
        for item in offered
    ]


def _value(item: RoleGiven) -> str:
    if item.cohort_id:
        return f"{item.role}:cohort:{item.cohort_id}"
    return f"{item.role}:partner:{item.partner_id}" if item.partner_id else str(item.role)
